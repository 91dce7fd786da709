import CLibcurl

/// A setting that cannot be used; stops the process at start.
public struct NodeSettingsError: Error, Sendable, CustomStringConvertible {
  /// What is wrong; never a secret.
  public var reason: String

  /// One line for the operator.
  public var description: String { reason }
}

/// The value of the `TRON-PRO-API-KEY` header; never printed.
public struct NodeAPIKey: Sendable, CustomStringConvertible, CustomReflectable {
  let value: String

  /// Checks that it can be a header's value.
  public init(_ value: String) throws(NodeSettingsError) {
    guard !value.isEmpty, value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw NodeSettingsError(reason: "the API key must be printable ASCII without spaces")
    }
    self.value = value
  }

  /// Nothing of the value.
  public var description: String { "…" }

  /// Nothing of the value.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The text without the key, should a node have quoted it.
  func redacted(_ text: String) -> String {
    text.split(separator: value, omittingEmptySubsequences: false).joined(separator: "…")
  }
}

/// Where a node is: scheme, host, port and a path that every method comes after.
public struct NodeURL: Hashable, Sendable {
  /// Host and port, for logs, metrics and proofs. Without the path, which may hold a secret.
  public let name: String
  /// Without a slash at the end.
  let base: String

  /// Reads `http[s]://host[:port][/path]`.
  public init(_ text: String) throws(NodeSettingsError) {
    let url = curl_url()
    defer { curl_url_cleanup(url) }
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
    guard curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: url), ["http", "https"].contains(scheme),
      let host = Self.part(CURLUPART_HOST, of: url), !host.isEmpty,
      let port = Self.part(CURLUPART_PORT, of: url),
      let path = Self.part(CURLUPART_PATH, of: url)
    else {
      throw NodeSettingsError(
        reason: "a node's address must be like https://host:port, and is not")
    }
    for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_QUERY, CURLUPART_FRAGMENT] {
      guard Self.part(part, of: url) == nil else {
        throw NodeSettingsError(
          reason: "a node's address has no user, no query and no fragment: \(host):\(port)")
      }
    }
    name = "\(host):\(port)"
    let trimmed = path.reversed().drop { $0 == "/" }.reversed()
    base = "\(scheme)://\(host):\(port)" + String(trimmed)
  }

  private static func part(_ part: CURLUPart, of url: OpaquePointer?) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else {
      return nil
    }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
