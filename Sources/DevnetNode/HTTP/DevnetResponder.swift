import Hummingbird
import NIOCore
import NIOPosix
import Tron

/// Takes HTTP requests apart, applies faults and answers.
struct DevnetResponder: HTTPResponder {
  typealias Context = DevnetContext

  /// LIMIT: bytes of a request's body; a transaction of the greatest size is twice 500 KiB in hex.
  static let bodyLimit = 2 << 20

  /// Under which calls are counted that the node does not have.
  private static let unknownPath = "unknown"

  let node: DevnetNode

  func respond(to request: Request, context: DevnetContext) async throws -> Response {
    let path = request.uri.path.split(separator: "/", omittingEmptySubsequences: true)
    do {
      if path.first == "devnet" {
        return try await administer(path.dropFirst().map(String.init), request)
      }
      guard path.count == 2, let scope = Call.Scope(rawValue: String(path[0])),
        let method = NodeAPI.method(String(path[1]), scope)
      else {
        _ = node.begin(path: Self.unknownPath)
        return Self.notFound
      }
      let decision = node.begin(path: "/\(scope.rawValue)/\(path[1])")
      return try await respond(request, scope, method, decision, context)
    } catch let error as APIError {
      return Self.json(ByteBuffer(bytes: error.body))
    } catch is NIOTooManyBytesError {
      return Response(status: .contentTooLarge)
    }
  }

  private func respond(
    _ request: Request, _ scope: Call.Scope, _ method: NodeAPI.Method,
    _ decision: FaultPlan.Decision, _ context: DevnetContext
  ) async throws -> Response {
    if decision.delayBefore > .zero { try await Task.sleep(for: decision.delayBefore) }
    if let substitute = decision.substituteBefore {
      return await self.substitute(substitute, context)
    }
    let parameters = try await self.parameters(of: request)
    let call = Call(scope: scope, parameters: parameters, faults: decision.faults)
    let body = NodeAPI(node: node).answer(method, call)
    if decision.delayAfter > .zero { try await Task.sleep(for: decision.delayAfter) }
    if let substitute = decision.substituteAfter {
      return await self.substitute(substitute, context)
    }
    return Self.json(body)
  }

  private func parameters(of request: Request) async throws -> Parameters {
    guard request.method == .post else {
      var members: [String: JSONValue] = [:]
      for (name, value) in request.uri.queryParameters {
        members[String(name)] = .string(String(value))
      }
      return Parameters(members)
    }
    let body = try await request.body.collect(upTo: Self.bodyLimit)
    var parameters = try Parameters(json: Array(body.readableBytesView))
    // The block queries of the real node take `visible` from the query even when they are posted.
    if let visible = request.uri.queryParameters["visible"] {
      parameters.setDefault("visible", .string(String(visible)))
    }
    return parameters
  }

  private static let notFound = Response(
    status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: "404 Not Found\n")))

  private static func json(
    _ body: ByteBuffer, status: HTTPResponse.Status = .ok
  ) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: body))
  }
}

// MARK: - Faults

extension DevnetResponder {
  private static let errorPage = """
    <html><head><title>502 Bad Gateway</title></head>
    <body><center><h1>502 Bad Gateway</h1></center></body></html>

    """

  private func substitute(
    _ substitute: FaultRule.Substitute, _ context: DevnetContext
  ) async -> Response {
    switch substitute {
    case .close:
      await context.cutConnection()
      return Response(status: .serviceUnavailable)
    case .status(let code, let body):
      return Self.json(ByteBuffer(string: body), status: .init(code: code))
    case .garbage:
      return Self.json(ByteBuffer(string: "{\"blockID\": \"0000\u{0}\u{1f}"))
    case .html:
      return Response(
        status: .badGateway, headers: [.contentType: "text/html"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: Self.errorPage)))
    case .rateLimit:
      let error = APIError("java.lang.IllegalAccessException", "lack of computing resources")
      return Self.json(ByteBuffer(bytes: error.body))
    case .empty: return Self.json(ByteBuffer())
    case .notFound: return Self.json(NodeAPI.empty)
    }
  }
}

// MARK: - Admin

extension DevnetResponder {
  private func administer(_ path: [String], _ request: Request) async throws -> Response {
    do {
      let command: AdminCommand
      switch request.method {
      case .get where path == ["status"]: command = .status
      case .get where path == ["arrivals"]: command = .arrivals
      case .post, .delete:
        let body = try await request.body.collect(upTo: Self.bodyLimit)
        command = try AdminCommand(
          isDelete: request.method == .delete, path: path,
          body: try Self.parse(Array(body.readableBytesView)))
      default: throw AdminError(code: .unknown, message: "no such command")
      }
      let admin = AdminAPI(node: node)
      // Off the cooperative pool: a command may produce thousands of blocks and write them to disk.
      let body = try await NIOThreadPool.singleton.runIfActive { try admin.carryOut(command) }
      return Self.json(ByteBuffer(bytes: body))
    } catch let error as AdminError {
      let body = AdminAPI.object { $0.member("error", string: error.message) }
      return Self.json(ByteBuffer(bytes: body), status: .init(code: error.code.rawValue))
    }
  }

  private static func parse(_ body: [UInt8]) throws(AdminError) -> JSONValue {
    guard !body.isEmpty else { return .object([:]) }
    do {
      return try JSONParser.parse(body)
    } catch {
      throw AdminError(code: .malformed, message: "not JSON: \(error.reason)")
    }
  }
}
