import Crypto
import CryptoExtras
import Foundation
import Secp256k1

/// How a keystore turns a password into the key that protects the private key.
public enum KeyDerivation: Hashable, Sendable {
  /// scrypt (RFC 7914): cost, block size, parallelism, salt.
  case scrypt(n: Int, r: Int, p: Int, salt: [UInt8])
  /// PBKDF2 with HMAC-SHA-256: iterations, salt.
  case pbkdf2(c: Int, salt: [UInt8])

  /// What a new keystore takes.
  public enum Strength: Sendable {
    /// As TRON wallets write by default: 256 MiB and about a second.
    case standard
    /// As wallets for small machines write: 4 MiB.
    case light
  }

  /// A new scrypt derivation with a random salt.
  public init(_ strength: Strength) {
    var random = SystemRandomNumberGenerator()
    let salt = (0..<32).map { _ in random.next() as UInt8 }
    switch strength {
    case .standard: self = .scrypt(n: 262_144, r: 8, p: 1, salt: salt)
    case .light: self = .scrypt(n: 4096, r: 8, p: 6, salt: salt)
    }
  }

  /// Derives 32 bytes. A longer key begins with the same bytes, so `dklen` does not matter.
  func derive(from password: SecretBytes) throws(KeyVaultError) -> SymmetricKey {
    try check()
    do {
      return try password.withUnsafeBytes { password in
        switch self {
        case .scrypt(let n, let r, let p, let salt):
          try KDF.Scrypt.deriveKey(
            from: password, salt: salt, outputByteCount: 32, rounds: n, blockSize: r,
            parallelism: p)
        case .pbkdf2(let c, let salt):
          try KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: salt, using: .sha256, outputByteCount: 32,
            unsafeUncheckedRounds: c)
        }
      }
    } catch {
      throw KeyVaultError(.unsupported, "the key derivation refuses these parameters")
    }
  }

  // LIMIT: a file must not make a process take all memory or run for minutes: a keystore of wallets
  // takes 256 MiB (n = 262144, r = 8) and 10,240 to 262,144 rounds of PBKDF2.
  private static let mostScryptBytes = 1 << 30
  private static let mostRounds = 10_000_000

  private func check() throws(KeyVaultError) {
    switch self {
    case .scrypt(let n, let r, let p, let salt):
      guard !salt.isEmpty else { throw KeyVaultError(.malformed, "the salt is empty") }
      guard n >= 2, n & (n - 1) == 0, r >= 1, p >= 1 else {
        throw KeyVaultError(.malformed, "scrypt needs n a power of two, and r and p above zero")
      }
      guard n <= 1 << 26, r <= 1024, p <= 1024, 128 * n * r * p <= Self.mostScryptBytes else {
        throw KeyVaultError(
          .unsupported, "scrypt with n=\(n), r=\(r), p=\(p) would take more than 1 GiB")
      }
      guard r >= 4 || n < 1 << (16 * r) else {
        throw KeyVaultError(
          .unsupported,
          "scrypt with n=\(n) and r=\(r) is outside RFC 7914, which wants n below 2^(16·r); "
            + "open the file with the wallet that wrote it and export a keystore with r=8")
      }
    case .pbkdf2(let c, let salt):
      guard !salt.isEmpty else { throw KeyVaultError(.malformed, "the salt is empty") }
      guard (1...Self.mostRounds).contains(c) else {
        throw KeyVaultError(.unsupported, "pbkdf2 with c=\(c) is not between 1 and 10,000,000")
      }
    }
  }
}
