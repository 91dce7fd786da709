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

/// One fault of one field of a body.
public struct FieldFault: Hashable, Sendable {
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
  /// How many faults one answer lists.
  public static let maximumFaults = 20

  /// All faults of a body in one answer. The code is the lowest among them, so that an address is
  /// always 2001 and a router 2004, whatever else is wrong; `details.errors` lists everything and
  /// `details.reason` belongs to the code.
  public init?(_ faults: [FieldFault]) {
    guard let first = faults.min(by: { $0.code.rawValue < $1.code.rawValue }) else { return nil }
    let errors = faults.prefix(Self.maximumFaults).map { fault in
      JSONValue.object([
        JSONMember("field", .string(fault.field)), JSONMember("reason", .string(fault.reason)),
        JSONMember("message", .string(fault.message)),
      ])
    }
    var details = [JSONMember("errors", .array(errors))]
    if first.code != .invalidField {
      details.insert(JSONMember("reason", .string(first.reason)), at: 0)
    }
    self.init(first.code, details: details)
  }
}
