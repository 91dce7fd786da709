import Hummingbird
import HummingbirdTesting
import Testing
import Tron

@testable import DevnetNode

/// A node behind HTTP, driven by a test: production is off, the clock stands still.
struct Client {
  let http: any TestClientProtocol
  let node: DevnetNode
  var world: World

  /// Runs `body` against a fresh node.
  static func run(
    witnesses: Int = 27, poolLimit: Int = 2000, _ kind: TestingSetup = .router,
    _ body: @escaping @Sendable (Client) async throws -> Void
  ) async throws {
    let world = try World(witnesses: witnesses, poolLimit: poolLimit)
    let node = DevnetNode(state: world.state) { World.start }
    let application = Application(responder: DevnetResponder(node: node))
    try await application.test(kind) { http in
      try await body(Client(http: http, node: node, world: world))
    }
  }

  func get(_ path: String) async throws -> JSONValue {
    try await http.execute(uri: path, method: .get) { try Self.json($0) }
  }

  @discardableResult
  func post(_ path: String, _ body: String) async throws -> JSONValue {
    try await http.execute(uri: path, method: .post, body: ByteBuffer(string: body)) {
      try Self.json($0)
    }
  }

  /// Status and text of the answer.
  func raw(
    _ path: String, _ method: HTTPRequest.Method = .get, _ body: String = ""
  ) async throws -> (HTTPResponse.Status, String) {
    try await http.execute(uri: path, method: method, body: ByteBuffer(string: body)) {
      ($0.status, String(buffer: $0.body))
    }
  }

  func status(
    _ path: String, _ method: HTTPRequest.Method = .get, _ body: String = ""
  ) async throws -> HTTPResponse.Status {
    try await raw(path, method, body).0
  }

  func text(_ path: String) async throws -> String { try await raw(path).1 }

  func broadcast(_ transaction: NodeTransaction) async throws -> JSONValue {
    let hex = hexString(transaction.signedBytes)
    return try await post("/wallet/broadcasthex", "{\"transaction\":\"\(hex)\"}")
  }

  func produce(_ blocks: Int = 1) async throws {
    try await post("/devnet/produce", "{\"blocks\":\(blocks)}")
  }

  /// A transfer of USDT between wallets 0 and 1 that is valid now.
  func transfer(_ micro: UInt64, _ terms: World.Terms = .init()) throws -> NodeTransaction {
    var world = world
    world.state = node.read { $0 }
    return try world.usdt(from: world.wallets[0], to: world.wallets[1].address, micro, terms)
  }

  private static func json(_ response: TestResponse) throws -> JSONValue {
    try JSONParser.parse(Array(response.body.readableBytesView))
  }
}

extension JSONValue {
  /// A member that a test needs.
  func at(_ path: String...) throws -> JSONValue {
    var value = self
    for name in path {
      let next = Int(name).flatMap { index in value.elements?[index] } ?? value[name]
      value = try #require(next, "no \(name) in \(value)")
    }
    return value
  }
}
