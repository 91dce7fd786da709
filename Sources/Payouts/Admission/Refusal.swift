/// A request that is not granted, in the words of the API.
public struct Refusal: Error, Hashable, Sendable {
  /// Which rule.
  public var code: ErrorCode
  /// For people; the code's standard message unless there is more to say.
  public var message: String
  /// For programs.
  public var details: [JSONMember]

  /// Collects the parts.
  public init(_ code: ErrorCode, message: String? = nil, details: [JSONMember] = []) {
    self.code = code
    self.message = message ?? code.message
    self.details = details
  }

  /// A refusal with a `details.reason`.
  public init(_ code: ErrorCode, reason: String, message: String? = nil) {
    self.init(code, message: message, details: [JSONMember("reason", .string(reason))])
  }

  /// A body that is not acceptable JSON.
  public init(_ fault: JSONFault) {
    self.init(
      .malformedJSON,
      details: [
        JSONMember("reason", .string(fault.reason.rawValue)),
        JSONMember("offset", .number(String(fault.offset))),
      ])
  }
}

extension Refusal {
  /// A body that is JSON, but no object.
  static func notAnObject(_ body: JSONValue) -> Refusal {
    Refusal(
      .malformedJSON, reason: "not_an_object",
      message: "The body must be a JSON object, not \(body.kind)")
  }
}

/// One fault of one field of a body.
public struct FieldFault: Hashable, Sendable {
  /// The item of a batch that it is in, from 0; `nil` for a field of the body itself.
  public var index: Int?
  /// The field's name as the client spelled it.
  public var field: String
  /// The code that this fault alone would bring.
  public var code: ErrorCode
  /// A stable word for programs.
  public var reason: String
  /// A sentence for people.
  public var message: String

  /// Collects the parts.
  public init(
    _ field: String, code: ErrorCode = .invalidField, reason: String, message: String
  ) {
    self.field = field
    self.code = code
    self.reason = reason
    self.message = message
  }
}

extension Refusal {
  // LIMIT: enough for every field at once; a body of thousands of unknown fields gets a short answer.
  /// How many faults an answer about one payout lists.
  public static let maximumFaults = 20

  /// All faults of a body in one answer. The code is the lowest among them, so that an address is
  /// always 2001 and a router 2004, whatever else is wrong; `details.errors` lists everything and
  /// `details.reason` belongs to the code.
  public init?(_ faults: [FieldFault], atMost maximum: Int = maximumFaults) {
    guard let first = faults.min(by: { $0.code.rawValue < $1.code.rawValue }) else { return nil }
    let errors = faults.prefix(maximum).map(\.json)
    var details = [JSONMember("errors", .array(errors))]
    if first.code != .invalidField {
      details.insert(JSONMember("reason", .string(first.reason)), at: 0)
    }
    self.init(first.code, details: details)
  }
}

extension FieldFault {
  fileprivate var json: JSONValue {
    let index = index.map { [JSONMember("index", .number(String($0)))] } ?? []
    return .object(
      index + [
        JSONMember("field", .string(field)), JSONMember("reason", .string(reason)),
        JSONMember("message", .string(message)),
      ])
  }
}
