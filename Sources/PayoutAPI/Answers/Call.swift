import HTTPTypes
import Payouts
import Service
import Tron

/// One HTTP call, as the whole of its handling knows it.
struct Call: Sendable {
  /// Its name, in logs and in the header `X-Request-ID`.
  var id: RequestID
  /// Its place in a trace: the caller's, or a new one.
  var trace: TraceContext
  /// When it came.
  var receivedAt: UnixMilliseconds
  /// Whether errors are wanted as RFC 9457.
  var wantsProblem: Bool
  /// The other end of the connection: an address, or the network of one.
  var peer = "local"
  /// Who calls; known once the doorkeeper has looked, where the route needs it.
  var caller: Caller?

  init(_ headers: HTTPFields, identifiers: RandomIdentifiers, now: UnixMilliseconds) {
    id = Self.id(headers[.requestID]) ?? identifiers.requestID()
    var random = SystemRandomNumberGenerator()
    if let trace = headers[.traceparent].flatMap(TraceContext.init(traceparent:)) {
      self.trace = trace.child(spanID: random.next())
    } else {
      trace = TraceContext(traceID: (random.next(), random.next()), spanID: random.next())
    }
    receivedAt = now
    wantsProblem = Self.acceptsProblem(headers)
  }

  /// Who calls, of a route that only those reach who prove who they are.
  func authenticated() throws(APIError) -> Caller {
    guard let caller else { throw APIError(Refusal(.unauthenticated)) }
    return caller
  }

  // LIMIT: what a client may put into our logs.
  private static let maximumIDLength = 128

  /// A caller's own id; `nil` when it is not one that we repeat.
  private static func id(_ text: String?) -> RequestID? {
    guard let text, !text.isEmpty, text.utf8.count <= maximumIDLength,
      text.utf8.allSatisfy({ byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
          UInt8(ascii: "-"):
          true
        default: false
        }
      })
    else { return nil }
    return RequestID(text)
  }

  private static func acceptsProblem(_ headers: HTTPFields) -> Bool {
    guard let accept = headers[.accept], accept.utf8.count > 3 else { return false }
    return accept.split(separator: ",").contains { range in
      let type = range.prefix { $0 != ";" }
      return type.filter { $0 != " " }.lowercased() == ErrorAnswer.problemType
    }
  }
}
