import Crypto
import Foundation
import Payouts

/// Where a walk through a list is: the last payout seen, how many were before, and how many there
/// were in all when the walk began, so that they are counted once.
///
/// Clients get it as opaque text: 40 bytes, and their HMAC-SHA256 together with the list's filters
/// and scope. A cursor that was changed, or is used with another list, is refused.
struct ListCursor: Hashable, Sendable {
  /// The page's last id; the next page begins below.
  var last: PayoutID
  /// Payouts of the list in front of the next page.
  var position: Int
  /// As counted on the first page.
  var count: PayoutCount

  private static let version: UInt8 = 1
  private static let prefix = "payout_"
  private static let bodySize = 40

  /// Signed for one list.
  func text(for filter: PayoutFilter, key: SymmetricKey) -> String {
    var body: [UInt8] = [Self.version, count.isExact ? 1 : 0]
    withUnsafeBytes(of: UInt64(clamping: position).bigEndian) { body += $0 }
    withUnsafeBytes(of: UInt32(clamping: count.total).bigEndian) { body += $0 }
    body += last.text.utf8.dropFirst(Self.prefix.utf8.count)
    let code = HMAC<SHA256>.authenticationCode(for: Self.signed(body, filter), using: key)
    return Data(body + code).base64EncodedString()
      .replacing("+", with: "-").replacing("/", with: "_")
  }

  /// Reads what `text(for:key:)` wrote, for the same list.
  init(_ text: String, for filter: PayoutFilter, key: SymmetricKey) throws(Refusal) {
    let invalid = Refusal(
      .invalidCursor, reason: "not_of_this_list",
      message: "The cursor is not one of this list: use next_cursor with the same filters")
    guard text.utf8.count == (Self.bodySize + SHA256.byteCount) / 3 * 4,
      let bytes = Base64URL.decode(Array(text.utf8)[...])
    else { throw invalid }
    let body = Array(bytes.prefix(Self.bodySize))
    // In constant time: an answer's delay tells nothing about the right code.
    let isOurs = HMAC<SHA256>.isValidAuthenticationCode(
      bytes.dropFirst(Self.bodySize), authenticating: Self.signed(body, filter), using: key)
    guard isOurs, body.first == Self.version,
      let id = PayoutID(
        clientText: Self.prefix + String(decoding: body.dropFirst(14), as: UTF8.self))
    else { throw invalid }
    last = id
    position = body[2..<10].reduce(0) { $0 << 8 | Int($1) }
    let total = body[10..<14].reduce(0) { $0 << 8 | Int($1) }
    count = PayoutCount(total: total, isExact: body[1] == 1)
  }

  init(last: PayoutID, position: Int, count: PayoutCount) {
    self.last = last
    self.position = position
    self.count = count
  }

  private static func signed(_ body: [UInt8], _ filter: PayoutFilter) -> [UInt8] {
    body + filter.canonicalText.utf8
  }
}
