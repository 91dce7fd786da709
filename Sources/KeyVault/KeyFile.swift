import Foundation
import Secp256k1

/// A file that holds a wallet's key: a keystore, or 64 hex digits where that is allowed.
public struct KeyFile: Sendable {
  /// What the file holds.
  public enum Contents: Sendable {
    /// A key under a password.
    case keystore(Keystore)
    /// A key in the clear.
    case plain(PrivateKey)
  }

  /// Where it is.
  public let path: String
  /// What it holds.
  public let contents: Contents
  /// What an operator should know.
  public let warnings: [KeyWarning]

  /// Reads the file.
  public init(path: String, allowsPlainKey: Bool) throws(KeyVaultError) {
    let file = try SecretFile(path: path)
    var warnings: [KeyWarning] =
      file.isReadableByOthers ? [.readableByOthers(path: path)] : []
    do throws(KeyVaultError) {
      if Self.isObject(file.contents) {
        contents = .keystore(
          try file.contents.withUnsafeBytes { bytes throws(KeyVaultError) in
            try Keystore(json: bytes)
          })
      } else {
        contents = .plain(try Self.plainKey(file.withoutLineEnd, isAllowed: allowsPlainKey))
        warnings.append(.plainKey(path: path))
      }
    } catch {
      throw error.about(path)
    }
    self.path = path
    self.warnings = warnings
  }

  /// The key itself.
  public func key(password: SecretBytes?) throws(KeyVaultError) -> PrivateKey {
    switch contents {
    case .plain(let key):
      return key
    case .keystore(let keystore):
      guard let password else {
        throw KeyVaultError(.passwordMissing, "\(path): a keystore needs a password file")
      }
      do throws(KeyVaultError) {
        return try keystore.decrypt(password: password)
      } catch {
        throw error.about(path)
      }
    }
  }

  private static func isObject(_ contents: SecretBytes) -> Bool {
    contents.withUnsafeBytes { bytes in
      bytes.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
    }
  }

  private static func plainKey(
    _ text: SecretBytes, isAllowed: Bool
  ) throws(KeyVaultError) -> PrivateKey {
    let isHex = text.withUnsafeBytes { $0.count == 64 && $0.allSatisfy { digit($0) != nil } }
    guard isHex else {
      throw KeyVaultError(.malformed, "neither a keystore nor a key of 64 hex digits")
    }
    guard isAllowed else {
      throw KeyVaultError(
        .plainKeyNotAllowed,
        "a plain private key is not accepted: use a keystore, or allow it with "
          + "ALLOW_PLAIN_KEY=yes (payoutctl also takes --allow-plain-key)")
    }
    let secret = SecretBytes(count: 32) { (target: UnsafeMutableRawBufferPointer) in
      text.withUnsafeBytes { text in
        for index in 0..<32 {
          target[index] = (digit(text[2 * index]) ?? 0) << 4 | (digit(text[2 * index + 1]) ?? 0)
        }
      }
    }
    do {
      return try PrivateKey(secret)
    } catch {
      throw KeyVaultError(.malformed, "64 hex digits, but not a private key")
    }
  }

  private static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
