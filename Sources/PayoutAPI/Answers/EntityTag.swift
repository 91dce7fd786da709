import Crypto
import HTTPTypes
import Hummingbird
import Payouts

/// Names a version of what an answer shows, so that who polls for news is told 304 while there are
/// none (RFC 9110, 8.8.3 and 13.1.2).
///
/// Weak: two answers of one tag mean the same, although a detail that nobody waits for may differ.
struct EntityTag: Hashable, Sendable {
  /// As it stands in headers.
  let text: String

  /// Of what an answer says, less what may change without being news.
  init(of body: JSONText) {
    // LIMIT: half of the digest; no two versions of one resource will share it.
    let digest = SHA256.hash(data: body.bytes).prefix(16)
    text = "W/\"" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\""
  }

  /// Whether the client has this version already.
  func isKnown(to headers: HTTPFields) -> Bool {
    headers[values: .ifNoneMatch].contains { list in
      if list.trimmed == "*" { return true }
      return Self.tags(in: list).contains(text.dropFirst(2))
    }
  }

  /// The opaque parts, quotes and all: the comparison is the weak one. A comma may be inside quotes.
  private static func tags(in list: String) -> [Substring] {
    var tags: [Substring] = []
    var rest = list[...]
    while let start = rest.firstIndex(of: "\""),
      let end = rest[rest.index(after: start)...].firstIndex(of: "\"")
    {
      tags.append(rest[start...end])
      rest = rest[rest.index(after: end)...]
    }
    return tags
  }
}

extension String {
  fileprivate var trimmed: Substring {
    self[...].drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
  }
}

/// Answers that need not be sent again.
enum VersionedAnswer {
  /// The body under its tag, or 304 without it when the client has it.
  ///
  /// - Parameters:
  ///   - body: What is answered.
  ///   - tagged: What the tag is made of; the body itself unless something of it is no news.
  ///   - headers: Those of the request.
  static func response(
    _ body: JSONText, tagged: JSONText? = nil, to headers: HTTPFields
  ) -> Response {
    let tag = EntityTag(of: tagged ?? body)
    // A shared cache may not keep it, and no cache may use it unasked.
    var fields: HTTPFields = [.eTag: tag.text, .cacheControl: "private, no-cache"]
    if tag.isKnown(to: headers) { return Response(status: .notModified, headers: fields) }
    fields[.contentType] = "application/json"
    return Response(
      status: .ok, headers: fields,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
  }
}
