import Payouts
import Tron

/// Calls the methods of one node and reads their answers.
struct NodeClient: Sendable {
  private struct Failure: Error {
    var error: ChainError
    var status: Int?
  }

  // LIMIT: how much of a node's words is quoted.
  private static let maximumQuote = 200

  private let url: NodeURL
  private let key: NodeAPIKey?
  private let transport: NodeTransport

  init(url: NodeURL, key: NodeAPIKey?, transport: NodeTransport) {
    self.url = url
    self.key = key
    self.transport = transport
  }

  var name: String { url.name }

  /// Calls a method and reads its body; `effect` is what a failure means.
  ///
  /// Only a body in the method's own form is an answer. Everything else is an error, and never
  /// "not found".
  func call<Value: Sendable>(
    _ method: StaticString, _ arguments: KeyValuePairs<StaticString, NodeArgument> = [:],
    effect: Effect = .none, _ read: (inout JSONReader) throws(AnswerFault) -> Value
  ) async throws(ChainError) -> Value {
    try await perform(method, arguments, effect, read)
      .mapError(\.error).get()
  }

  /// The same; `nil` when the node does not serve the method at all.
  func callIfServed<Value: Sendable>(
    _ method: StaticString, _ arguments: KeyValuePairs<StaticString, NodeArgument>,
    _ read: (inout JSONReader) throws(AnswerFault) -> Value
  ) async throws(ChainError) -> Value? {
    switch await perform(method, arguments, .none, read) {
    case .success(let value): return value
    case .failure(let failure):
      if let status = failure.status, [404, 405, 501].contains(status) { return nil }
      throw failure.error
    }
  }

  private func perform<Value: Sendable>(
    _ method: StaticString, _ arguments: KeyValuePairs<StaticString, NodeArgument>,
    _ effect: Effect, _ read: (inout JSONReader) throws(AnswerFault) -> Value
  ) async -> Result<Value, Failure> {
    let start = ContinuousClock.now
    let result: Result<Value, Failure>
    do throws(TransportFault) {
      result = interpret(try await transport.post(request(method, arguments)), read)
    } catch {
      let code: ChainError.Code = error.kind == .tooLarge ? .malformed : .unreachable
      result = failure(code, error.reason)
    }
    let outcome = result.mapError { failure in
      var failure = failure
      failure.error.effect = effect
      failure.error.message = "\(name) \(method): \(failure.error.message)"
      return failure
    }
    observe(method, start, outcome)
    return outcome
  }

  private func interpret<Value>(
    _ answer: HTTPAnswer, _ read: (inout JSONReader) throws(AnswerFault) -> Value
  ) -> Result<Value, Failure> {
    guard answer.status == 200 else {
      let body = String(decoding: answer.body.prefix(Self.maximumQuote), as: UTF8.self)
      return failure(.unreachable, "HTTP \(answer.status): \(body)", status: answer.status)
    }
    do throws(AnswerFault) {
      return .success(try JSONReader.read(answer.body, read))
    } catch {
      return failure(error.code, error.reason)
    }
  }

  private func failure<Value>(
    _ code: ChainError.Code, _ reason: String, status: Int? = nil
  ) -> Result<Value, Failure> {
    .failure(
      Failure(
        error: ChainError(code: code, effect: .none, message: quotable(reason)), status: status))
  }

  /// One line, of bounded length, without the API key.
  private func quotable(_ text: String) -> String {
    let line = text.map { $0.isNewline || $0.isWhitespace ? " " : $0 }
    let clean = key?.redacted(String(line)) ?? String(line)
    return String(clean.prefix(Self.maximumQuote))
  }

  private func request(
    _ method: StaticString, _ arguments: KeyValuePairs<StaticString, NodeArgument>
  ) -> HTTPRequest {
    // libcurl must not ask for permission to send a body.
    var headers = ["Content-Type: application/json", "Accept: application/json", "Expect:"]
    if let key { headers.append("TRON-PRO-API-KEY: \(key.value)") }
    let body = arguments.map { "\"\($0)\":\($1.json)" }.joined(separator: ",")
    return HTTPRequest(
      node: name, url: "\(url.base)/\(method)", headers: headers, body: "{\(body)}")
  }

  private func observe<Value>(
    _ method: StaticString, _ start: ContinuousClock.Instant, _ result: Result<Value, Failure>
  ) {
    guard let onCall = transport.options.onCall else { return }
    let outcome =
      switch result {
      case .success: "ok"
      case .failure(let failure): failure.error.code.rawValue
      }
    onCall(
      NodeCall(node: name, method: "\(method)", duration: .now - start, result: outcome))
  }
}

/// An argument of a method; none of them needs escaping.
enum NodeArgument {
  case number(Int64)
  case bytes([UInt8])
  case text(StaticString)

  var json: String {
    switch self {
    case .number(let number): String(number)
    case .bytes(let bytes): "\"\(hexString(bytes))\""
    case .text(let text): "\"\(text)\""
    }
  }
}
