import Hummingbird
import NIOCore
import Tron

/// Takes HTTP requests apart, applies faults and answers.
struct DevnetResponder: HTTPResponder {
  typealias Context = DevnetContext

  /// LIMIT: bytes of a request's body; a transaction of the greatest size is twice 500 KiB in hex.
  static let bodyLimit = 2 << 20

  let api: NodeAPI

  func respond(to request: Request, context: DevnetContext) async throws -> Response {
    let path = request.uri.path.split(separator: "/", omittingEmptySubsequences: true)
    guard path.count == 2, let scope = Call.Scope(rawValue: String(path[0])),
      let method = NodeAPI.method(path[1].lowercased(), scope)
    else { return Self.notFound }
    let parameters: Parameters
    do {
      parameters = try await self.parameters(of: request)
    } catch let error as APIError {
      return Self.json(ByteBuffer(bytes: error.body))
    } catch is NIOTooManyBytesError {
      return Response(status: .contentTooLarge)
    }
    return Self.json(api.answer(method, Call(scope: scope, parameters: parameters)))
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

  private static func json(_ body: ByteBuffer) -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: body))
  }
}
