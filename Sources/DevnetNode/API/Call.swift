import Tron

/// A call of the node's API, however it came: GET with a query or POST with JSON.
struct Call: Sendable {
  /// `/wallet/…` sees the head, `/walletsolidity/…` the solidified block.
  enum Scope: String, Sendable {
    case wallet
    case solidity = "walletsolidity"
  }

  let scope: Scope
  let parameters: Parameters
  /// What goes wrong with this call on request.
  var faults = CallFaults()
}

/// The members of a request's JSON object, or its query items.
struct Parameters: Sendable {
  private var members: [String: JSONValue]

  init(_ members: [String: JSONValue]) { self.members = members }

  /// Reads a JSON body; an empty one has no members.
  init(json body: [UInt8]) throws(APIError) {
    guard !body.allSatisfy({ $0 <= 0x20 }) else {
      self.init([:])
      return
    }
    do throws(JSONError) {
      guard case .object(let members) = try JSONParser.parse(body) else {
        throw JSONError(reason: "expected an object", offset: 0)
      }
      self.init(members)
    } catch {
      throw .json("syntax error, \(error.reason), pos \(error.offset)")
    }
  }

  subscript(name: String) -> JSONValue? { members[name] }

  mutating func setDefault(_ name: String, _ value: JSONValue) {
    if members[name] == nil { members[name] = value }
  }

  var isVisible: Bool { members["visible"]?.bool ?? false }

  /// A whole number; 0 when it is missing, as protobuf has it.
  func integer(_ name: String) throws(APIError) -> Int64 {
    guard let value = members[name], value != .null else { return 0 }
    guard let integer = value.integer else {
      throw APIError(
        "java.lang.NumberFormatException", "For input string: \"\(value.text ?? "")\"")
    }
    return integer
  }

  func text(_ name: String) -> String? { members[name]?.text }

  func hex(_ name: String) throws(APIError) -> [UInt8] {
    let text = text(name) ?? ""
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : text[...]
    guard let bytes = bytes(hex: digits.count.isMultiple(of: 2) ? "\(digits)" : "0\(digits)") else {
      throw APIError(
        "org.bouncycastle.util.encoders.DecoderException",
        "exception decoding Hex string: invalid characters encountered in Hex string")
    }
    return bytes
  }

  /// An address, base58 when the call is `visible` and hex otherwise; `nil` when it is missing or
  /// none.
  func address(_ name: String) -> TronAddress? {
    guard let text = text(name) else { return nil }
    if isVisible { return try? TronAddress(base58: text) }
    return bytes(hex: text).flatMap { try? TronAddress(bytes: $0) }
  }
}

/// A failure as the node reports it: status 200 with the name of a Java exception.
struct APIError: Error, Equatable, Sendable {
  /// `nil` where the node gives the message alone.
  let javaClass: String?
  let message: String

  init(_ javaClass: String?, _ message: String) {
    self.javaClass = javaClass
    self.message = message
  }

  /// The text as the node puts it together.
  var text: String { javaClass.map { "class \($0) : \(message)" } ?? message }

  static func json(_ message: String) -> APIError {
    APIError("com.alibaba.fastjson.JSONException", message)
  }

  static let null = APIError("java.lang.NullPointerException", "null")

  var body: [UInt8] {
    JSONWriter.build(capacity: 128) { writer in
      writer.object { $0.member("Error", string: text) }
    }
  }
}
