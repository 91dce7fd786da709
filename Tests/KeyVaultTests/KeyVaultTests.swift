import Foundation
import KeyVault
import Secp256k1
import Testing
import Tron

@Suite struct KeyVaultTests {
  private let directory: TemporaryDirectory
  private let plainKey = String(repeating: "ab", count: 32)
  private let password = SecretBytes(copying: Array("secret".utf8))

  init() throws { directory = try TemporaryDirectory() }

  private func keystore(_ key: PrivateKey) throws -> Keystore {
    try Keystore(encrypting: key, password: password, derivation: KeyDerivation(.light))
  }

  @Test("A vault opened from a keystore file signs as its key does")
  func signing() throws {
    let key = try PrivateKey.random()
    let path = directory.path("wallet.json")
    try keystore(key).write(to: path)
    let vault = try KeyVault(keyFile: path, password: password, allowsPlainKey: false)
    let txid = TransactionID(hashing: [1, 2, 3])
    #expect(vault.address == key.address)
    #expect(try vault.signature(of: txid) == Secp256k1.sign(txid.bytes, key: key))
  }

  @Test("A keystore without a password says that one is needed")
  func missingPassword() throws {
    let path = directory.path("wallet.json")
    try keystore(PrivateKey.random()).write(to: path)
    let error = #expect(throws: KeyVaultError.self) {
      try KeyVault(keyFile: path, password: nil, allowsPlainKey: true)
    }
    #expect(error?.code == .passwordMissing)
  }

  @Test("A new keystore file is its owner's alone, and one that is there is never overwritten")
  func writing() throws {
    let path = directory.path("wallet.json")
    let first = try keystore(PrivateKey.random())
    try first.write(to: path)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let error = #expect(throws: KeyVaultError.self) {
      try keystore(PrivateKey.random()).write(to: path)
    }
    #expect(error?.code == .exists)
    #expect(try Keystore(json: Data(contentsOf: URL(filePath: path))) == first)
  }

  @Test("A plain key is refused unless it is allowed, and warned about when it is")
  func plainKeys() throws {
    let path = try directory.file("key", Array((plainKey + "\n").utf8))
    let error = #expect(throws: KeyVaultError.self) {
      try KeyVault(keyFile: path, password: nil, allowsPlainKey: false)
    }
    #expect(error?.code == .plainKeyNotAllowed)
    #expect(error?.message.contains("ALLOW_PLAIN_KEY=yes") == true)
    let vault = try KeyVault(keyFile: path, password: nil, allowsPlainKey: true)
    #expect(vault.address == (try PrivateKey(bytes: hex(plainKey)).address))
    #expect(vault.warnings.contains(.plainKey(path: path)))
    #expect(!vault.warnings.contains(.readableByOthers(path: path)))
  }

  @Test("A file that others can read works and is warned about")
  func openFile() throws {
    for mode in [0o644, 0o640, 0o604] {
      let path = try directory.file("key-\(mode)", Array(plainKey.utf8), mode: mode)
      let vault = try KeyVault(keyFile: path, password: nil, allowsPlainKey: true)
      #expect(vault.warnings.contains(.readableByOthers(path: path)))
    }
  }

  @Test(
    "What is neither a keystore nor exactly a key is refused, and its contents are not repeated",
    arguments: [
      "", "\n", "abab", String(repeating: "ab", count: 33), String(repeating: "zz", count: 32),
      String(repeating: "00", count: 32), String(repeating: "ff", count: 32),
      String(repeating: "ab", count: 32) + "\n\n", " " + String(repeating: "ab", count: 32),
    ])
  func neither(_ contents: String) throws {
    let path = try directory.file("key", Array(contents.utf8))
    let error = #expect(throws: KeyVaultError.self) {
      try KeyVault(keyFile: path, password: nil, allowsPlainKey: true)
    }
    #expect(error?.code == .malformed)
    #expect(error?.message.contains("abab") == false)
  }

  @Test("Files that cannot be read say why")
  func unreadable() throws {
    for path in [directory.path("nothing"), directory.url.path] {
      let error = #expect(throws: KeyVaultError.self) {
        try KeyVault(keyFile: path, password: nil, allowsPlainKey: true)
      }
      #expect(error?.code == .file)
    }
    let huge = try directory.file("huge", [UInt8](repeating: 0x61, count: 20_000))
    let error = #expect(throws: KeyVaultError.self) {
      try KeyVault(keyFile: huge, password: nil, allowsPlainKey: true)
    }
    #expect(error?.code == .malformed)
  }

  @Test(
    "A password loses exactly one line end",
    arguments: [
      ("pass", "pass"), ("pass\n", "pass"), ("pass\n\n", "pass\n"), ("pass\r\n", "pass"),
      (" pass \n", " pass "), ("\n", ""), ("", ""),
    ])
  func passwordFiles(_ contents: String, _ password: String) throws {
    let file = try PasswordFile(path: directory.file("password", Array(contents.utf8)))
    #expect(file.password.withUnsafeBytes { [UInt8]($0) } == Array(password.utf8))
  }
}
