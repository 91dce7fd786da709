import Tron

/// What an idempotency key stands for.
public enum RequestHash {
  /// SHA-256, 64 hex digits, over method, path and canonical body: two bodies that differ only in
  /// spaces, escapes and the order of members are the same request. Numbers count as spelled, so
  /// 5.5 and 5.50 are different requests, as are an absent field and its default.
  public static func hash(method: String, path: String, body: JSONValue) -> String {
    let head = Array("\(method)\n\(path)\n".utf8)
    return hexString(sha256(head + JSONText(body.canonical).bytes))
  }

  // LIMIT: of ours; longer keys are no keys but content.
  /// The longest `Idempotency-Key`.
  public static let maximumKeyLength = 255

  /// Reads the `Idempotency-Key` headers of a request; `nil` when there is none.
  public static func key(headers: [String]) throws(Refusal) -> String? {
    guard let key = headers.first else { return nil }
    guard headers.count == 1 else { throw keyRefusal("repeated", "must be given once") }
    guard !key.isEmpty, key.utf8.count <= maximumKeyLength else {
      throw keyRefusal("wrong_length", "must have 1 to \(maximumKeyLength) characters")
    }
    guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw keyRefusal("not_visible_ascii", "must have visible ASCII characters only")
    }
    return key
  }

  private static func keyRefusal(_ reason: String, _ message: String) -> Refusal {
    let fault = FieldFault("Idempotency-Key", reason: reason, message: message)
    return Refusal([fault]) ?? Refusal(.invalidField)
  }
}
