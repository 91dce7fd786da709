import Crypto
import Foundation

/// Makes tokens by hand, so that wrong ones can be made as well.
enum TestTokens {
  static let secret = Array("a secret of more than thirty-two bytes".utf8)

  /// 2026-01-01T00:00:00Z, the time of every test.
  static let now: Int64 = 1_767_225_600

  static func base64url(_ bytes: some DataProtocol) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }

  static func base64url(_ text: String) -> String { base64url(Array(text.utf8)) }

  /// A token of any header and claims, signed with HMAC-SHA256 of any secret.
  static func signed(
    header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String,
    secret: [UInt8] = secret
  ) -> String {
    let input = base64url(header) + "." + base64url(claims)
    let code = HMAC<SHA256>.authenticationCode(
      for: Array(input.utf8), using: SymmetricKey(data: secret))
    return input + "." + base64url(Data(code))
  }

  static func claims(
    subject: String = "alice", role: String? = "end_user", expiresIn: Int64 = 600,
    extra: String = ""
  ) -> String {
    let role = role.map { #","role":"\#($0)""# } ?? ""
    return #"{"sub":"\#(subject)","exp":\#(now + expiresIn)\#(role)\#(extra)}"#
  }

  static func token(subject: String = "alice", role: String? = "end_user") -> String {
    signed(claims: claims(subject: subject, role: role))
  }
}
