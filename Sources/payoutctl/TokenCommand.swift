import ArgumentParser
import Foundation
import JWTKit

/// `payoutctl token`: a development token, signed with the shared secret.
struct TokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Make a development JWT (HS256).")

  @Option(help: "Who it speaks for: the tenant.") var sub: String
  @Option(help: "end_user, node_operator, service or admin.") var role: String
  @Option(help: "The shared secret; JWT_HS256_SECRET_FILE when left out.") var secretFile: String?
  @Option(help: "Seconds that it is valid.") var ttl: Int = 3600
  @Flag(help: "Print one JSON document.") var json = false

  private struct Claims: JWTPayload {
    var sub: String
    var role: String
    var iat: Int
    var exp: Int
    var iss: String?
    var aud: String?

    func verify(using _: some JWTAlgorithm) throws {}
  }

  private struct Report: Encodable {
    var token: String
    var expiresAt: Int

    enum CodingKeys: String, CodingKey {
      case token, expiresAt = "expires_at"
    }
  }

  func run() async throws {
    let access = try SystemAccess()
    let secret = try secret(access)
    let now = Int(Date().timeIntervalSince1970)
    let claims = Claims(
      sub: sub, role: role, iat: now, exp: now + ttl, iss: access.settings.jwtIssuer,
      aud: access.settings.jwtAudience)
    let keys = JWTKeyCollection()
    await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: .sha256)
    let token = try await keys.sign(claims)
    if json { return try Console.print(json: Report(token: token, expiresAt: claims.exp)) }
    print(token)
  }

  /// The secret as Ingest reads it: without the line end of its file.
  private func secret(_ access: SystemAccess) throws -> [UInt8] {
    if let secretFile {
      guard let data = FileManager.default.contents(atPath: secretFile) else {
        throw CommandFailure("--secret-file: cannot read \(secretFile)")
      }
      var bytes = Array(data)
      if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
      if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      guard !bytes.isEmpty else { throw CommandFailure("--secret-file: \(secretFile) is empty") }
      return bytes
    }
    guard let secret = access.settings.jwtSecret else {
      throw CommandFailure("name the secret: --secret-file FILE or JWT_HS256_SECRET_FILE")
    }
    return secret.bytes
  }
}
