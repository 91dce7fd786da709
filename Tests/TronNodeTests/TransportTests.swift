import Foundation
import Payouts
import Synchronization
import Testing
import Tron

@testable import TronNode

@Suite("The transport")
struct TransportTests {
  @Test("calls one after another share a connection")
  func keepAlive() async throws {
    let node = try ScriptedNode(.text(Shapes.block(7)))
    defer { node.stop() }
    let full = TronFullNode(url: try node.url, transport: try makeTransport())
    for _ in 0..<50 { _ = try await full.head() }
    #expect(node.now.asked.count == 50)
    #expect(node.now.connections == 1)
  }

  @Test("a connection that the node closed meanwhile is replaced without a failure")
  func replacesConnection() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).then(.close))
    defer { node.stop() }
    let full = TronFullNode(url: try node.url, transport: try makeTransport())
    for _ in 0..<20 { _ = try await full.head() }
    #expect(node.now.connections >= 20)
  }

  @Test("two hundred concurrent calls all come back, over a bounded number at a time")
  func bounded() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).after(.milliseconds(10)))
    defer { node.stop() }
    let transport = try makeTransport { $0.callsPerNode = 8 }
    let full = TronFullNode(url: try node.url, transport: transport)
    try await withThrowingTaskGroup { group in
      for _ in 0..<200 { group.addTask { try await full.head() } }
      try await group.waitForAll()
    }
    #expect(node.now.asked.count == 200)
    #expect(node.now.busiest <= 8)
    #expect(node.now.busiest > 1)
    #expect(try await eventually { transport.load == .init(active: 0, waiting: 0) })
  }

  @Test("a slow node does not hold up another one")
  func perNode() async throws {
    let slow = try ScriptedNode(Reply.text(Shapes.block(7)).after(forever))
    let fast = try ScriptedNode(.text(Shapes.block(7)))
    defer {
      slow.stop()
      fast.stop()
    }
    let transport = try patientTransport { $0.callsPerNode = 2 }
    let slowNode = TronFullNode(url: try slow.url, transport: transport)
    let waiting = Task {
      try await withThrowingTaskGroup { group in
        for _ in 0..<4 { group.addTask { try await slowNode.head() } }
        try await group.waitForAll()
      }
    }
    #expect(try await eventually { transport.load.waiting == 2 })
    let start = ContinuousClock.now
    _ = try await TronFullNode(url: try fast.url, transport: transport).head()
    #expect(ContinuousClock.now - start < prompt)
    waiting.cancel()
    _ = await waiting.result
  }

  @Test("more calls than may wait fail at once, without effect beyond the call's own")
  func queueIsBounded() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).after(forever))
    defer { node.stop() }
    let transport = try patientTransport {
      $0.callsPerNode = 1
      $0.queueLimit = 3
    }
    let full = TronFullNode(url: try node.url, transport: transport)
    let tasks = (0..<10).map { _ in Task { try await full.head() } }
    #expect(try await eventually { transport.load.waiting > 0 })
    for task in tasks { task.cancel() }
    var refusals = 0
    for task in tasks {
      if case .failure(let error as ChainError) = await task.result,
        error.message.contains("too many calls")
      {
        refusals += 1
      }
    }
    #expect(refusals >= 5)
  }

  @Test("a call whose turn does not come in time fails in time")
  func turnInTime() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).after(forever))
    defer { node.stop() }
    let transport = try makeTransport {
      $0.callsPerNode = 1
      $0.timeout = .seconds(1)
    }
    let full = TronFullNode(url: try node.url, transport: transport)
    let start = ContinuousClock.now
    await withTaskGroup { group in
      for _ in 0..<5 {
        group.addTask { await #expect(throws: ChainError.self) { try await full.head() } }
      }
    }
    #expect(ContinuousClock.now - start < prompt)
  }

  @Test("a body larger than the bound is given up, with its length told or in chunks")
  func tooLarge() async throws {
    let large = Shapes.block(
      7, transactions: (0..<100).map { _ in Shapes.transaction(Shapes.txid) })
    for reply in [Reply.text(large), .chunked([large, large])] {
      let node = try ScriptedNode(reply)
      let transport = try makeTransport { $0.maximumBodyBytes = 10_000 }
      let error = await #expect(throws: ChainError.self) {
        try await TronFullNode(url: try node.url, transport: transport).head()
      }
      #expect(error?.code == .malformed)
      #expect(error?.message.contains("10000 bytes") == true)
      node.stop()
    }
  }

  @Test("a body in chunks is put together")
  func chunked() async throws {
    let text = Shapes.block(7)
    let middle = text.index(text.startIndex, offsetBy: 100)
    let node = try ScriptedNode(.chunked([String(text[..<middle]), String(text[middle...])]))
    defer { node.stop() }
    let full = TronFullNode(url: try node.url, transport: try makeTransport())
    #expect(try await full.head().number == BlockNumber(7))
  }

  @Test("a redirect is not followed")
  func redirect() async throws {
    let target = try ScriptedNode(.text(Shapes.block(7)))
    let node = try ScriptedNode(
      .text("", status: 302, extra: "Location: http://127.0.0.1:\(target.port)/\r\n"))
    defer {
      node.stop()
      target.stop()
    }
    let full = TronFullNode(url: try node.url, transport: try makeTransport())
    await #expect(throws: ChainError.self) { try await full.head() }
    #expect(target.now.connections == 0)
  }

  @Test("a cancelled call returns at once")
  func cancelled() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).after(forever))
    defer { node.stop() }
    let full = TronFullNode(url: try node.url, transport: try patientTransport())
    let call = Task { try await full.broadcast([1]) }
    #expect(try await eventually { !node.now.asked.isEmpty })
    let start = ContinuousClock.now
    call.cancel()
    let error = await #expect(throws: ChainError.self) { try await call.value }
    #expect(ContinuousClock.now - start < prompt)
    #expect(error?.effect == .inDoubt)
  }

  @Test("an HTTP proxy is asked for the node by its whole address")
  func httpProxy() async throws {
    let proxy = try ScriptedNode(.text(Shapes.block(7)))
    defer { proxy.stop() }
    let transport = try makeTransport { $0.proxy = "http://127.0.0.1:\(proxy.port)" }
    let full = TronFullNode(url: try NodeURL("http://node.invalid:8090/x"), transport: transport)
    #expect(try await full.head().number == BlockNumber(7))
    #expect(proxy.now.asked.map(\.path) == ["http://node.invalid:8090/x/wallet/getnowblock"])
  }

  @Test("a SOCKS proxy with names resolves the node's name itself")
  func socksProxy() async throws {
    let proxy = try ScriptedNode(isSocks: true) { _ in .text(Shapes.block(7)) }
    defer { proxy.stop() }
    let transport = try makeTransport { $0.proxy = "socks5h://127.0.0.1:\(proxy.port)" }
    let full = TronFullNode(url: try NodeURL("http://node.invalid"), transport: transport)
    #expect(try await full.head().number == BlockNumber(7))
    #expect(proxy.now.names == ["node.invalid"])
  }

  @Test(
    "a proxy that cannot be one is refused at start, without its password",
    arguments: ["127.0.0.1:9050", "ftp://u:s3cret@h", ""])
  func badProxy(proxy: String) {
    let error = #expect(throws: NodeSettingsError.self) {
      try makeTransport { $0.proxy = proxy }
    }
    #expect(error?.description.contains("s3cret") == false)
  }

  @Test("every call that ended is told, with method and result")
  func observed() async throws {
    let observer = Told()
    let node = try ScriptedNode { asked in
      .text(asked.path.contains("nowblock") ? Shapes.block(7) : #"{"Error":"no"}"#)
    }
    defer { node.stop() }
    let transport = try makeTransport { $0.onCall = { observer.add($0) } }
    let full = TronFullNode(url: try node.url, transport: transport)
    _ = try await full.head()
    await #expect(throws: ChainError.self) { try await full.broadcast([1]) }
    #expect(observer.calls.map(\.method) == ["wallet/getnowblock", "wallet/broadcasthex"])
    #expect(observer.calls.map(\.result) == ["ok", "refused"])
    #expect(observer.calls.allSatisfy { $0.node == full.name && $0.duration > .zero })
  }

  @Test("closing the transport ends its calls")
  func closes() async throws {
    let node = try ScriptedNode(Reply.text(Shapes.block(7)).after(forever))
    defer { node.stop() }
    var transport: NodeTransport? = try patientTransport()
    let call = Task { [transport] in
      try await transport?.post(
        HTTPRequest(node: "n", url: "http://127.0.0.1:\(node.port)/", headers: [], body: ""))
    }
    #expect(try await eventually { !node.now.asked.isEmpty })
    transport?.close()
    transport = nil
    let start = ContinuousClock.now
    await #expect(throws: TransportFault.self) { try await call.value }
    #expect(ContinuousClock.now - start < prompt)
  }
}

private final class Told: Sendable {
  private let state = Mutex<[NodeCall]>([])

  func add(_ call: NodeCall) { state.withLock { $0.append(call) } }
  var calls: [NodeCall] { state.withLock { $0 } }
}

@Suite("The API key")
struct APIKeyTests {
  private static let secret = "k3y-0f-th3-0perator"

  @Test("is in the header of every call, and only with a key", arguments: Method.allCases)
  func header(method: Method) async throws {
    let node = try ScriptedNode(.text("{}"))
    defer { node.stop() }
    let transport = try makeTransport()
    for key in [Self.secret, nil] {
      do { _ = try await method.ask(node, key: key, transport: transport) } catch is ChainError {}
      #expect(node.now.asked.last?.headers["tron-pro-api-key"] == key)
    }
  }

  @Test("is never in an error, though the node quotes it", arguments: Method.allCases)
  func redacted(method: Method) async throws {
    for reply in [
      Reply.text(#"{"Error":"The key \#(Self.secret) exceeds the frequency limit"}"#),
      .text("key \(Self.secret) is suspended", status: 403),
    ] {
      let node = try ScriptedNode(reply)
      let error = await #expect(throws: ChainError.self) {
        try await method.ask(node, key: Self.secret, transport: try makeTransport())
      }
      #expect(error.map { "\($0)\(String(reflecting: $0))" }?.contains(Self.secret) == false)
      node.stop()
    }
  }

  @Test("does not show itself, in text and in dumps")
  func hidden() throws {
    let key = try NodeAPIKey(Self.secret)
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), "\([key])", dumped] {
      #expect(!text.contains(Self.secret))
    }
  }

  @Test(
    "must be able to be a header's value", arguments: ["", "a b", "a\r\nHost: x", "ü", "a\u{0}"])
  func refused(text: String) {
    #expect(throws: NodeSettingsError.self) { try NodeAPIKey(text) }
  }
}

@Suite("A node's address")
struct NodeURLTests {
  @Test(
    "gives host and port as name and the methods' base",
    arguments: [
      ("http://127.0.0.1:9090", "127.0.0.1:9090", "http://127.0.0.1:9090"),
      ("http://127.0.0.1:9090/", "127.0.0.1:9090", "http://127.0.0.1:9090"),
      ("https://api.trongrid.io", "api.trongrid.io:443", "https://api.trongrid.io:443"),
      ("http://h/", "h:80", "http://h:80"),
      ("https://h/s3cret/tron//", "h:443", "https://h:443/s3cret/tron"),
      ("HTTPS://h:8443", "h:8443", "https://h:8443"),
      ("http://[::1]:8090/x", "[::1]:8090", "http://[::1]:8090/x"),
    ])
  func reads(text: String, name: String, base: String) throws {
    let url = try NodeURL(text)
    #expect(url.name == name)
    #expect(url.base == base)
  }

  @Test(
    "is nothing else",
    arguments: [
      "", "127.0.0.1:9090", "ftp://h", "file:///etc/passwd", "http://", "http://u:s3cret@h",
      "http://h?key=s3cret", "http://h#f", "http://h:0x", "http://h:99999", "gopher://h",
      "http://a b",
    ])
  func refuses(text: String) {
    let error = #expect(throws: NodeSettingsError.self) { try NodeURL(text) }
    #expect(error?.description.contains("s3cret") == false)
  }
}
