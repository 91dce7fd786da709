import Foundation
import KeyVault
import Secp256k1
import Testing
import Tron

/// What a keystore file may and may not look like.
@Suite struct KeystoreFormatTests {
  private let text: String
  private let password: SecretBytes
  private let address: String

  init() throws {
    let vector = try #require(try Vectors.load().keystores.first)
    address = vector.address
    password = SecretBytes(copying: Array(vector.password.utf8))
    text = String(decoding: try #require(try Vectors.keystoreFiles().first), as: UTF8.self)
  }

  private func open(_ text: String) throws(KeyVaultError) -> TronAddress {
    try Keystore(json: Array(text.utf8)).decrypt(password: password).address
  }

  private func replacing(_ old: String, _ new: String) throws -> String {
    try #require(text.contains(old), "the file no longer contains \(old)")
    return text.replacingOccurrences(of: old, with: new)
  }

  @Test("The forms that other writers use are read")
  func otherForms() throws {
    let account = try TronAddress(base58: address)
    let withoutPrefix = hexString(account.accountBytes)
    for form in [
      text, try replacing(#""crypto""#, #""Crypto""#), try replacing(address, account.hex),
      try replacing(address, withoutPrefix), try replacing(address, "0x" + withoutPrefix),
      try replacing(#""address""#, #""somethingElse""#), try replacing(#""id""#, #""x-id""#),
      try replacing(#""dklen":32"#, #""dklen":64"#), "\n " + text + "\n",
    ] {
      #expect(try open(form) == account)
    }
  }

  @Test(
    "What is not a keystore of version 3 is refused with a code",
    arguments: [
      (#""version":3"#, #""version":1"#, KeyVaultError.Code.unsupported),
      (#""version":3"#, #""version":"3""#, .malformed),
      (#""cipher":"aes-128-ctr""#, #""cipher":"aes-128-cbc""#, .unsupported),
      (#""kdf":"scrypt""#, #""kdf":"argon2""#, .unsupported),
      (#""kdf":"scrypt""#, #""kdf":"pbkdf2""#, .malformed),
      (#""dklen":32"#, #""dklen":16"#, .unsupported),
      (#""n":4096"#, #""n":4095"#, .malformed), (#""n":4096"#, #""n":0"#, .malformed),
      (#""n":4096"#, #""n":-4096"#, .malformed), (#""n":4096"#, #""n":67108864"#, .unsupported),
      (#""n":4096"#, #""n":4611686018427387904"#, .unsupported),
      (#""n":4096"#, #""n":4096.5"#, .malformed), (#""r":8"#, #""r":0"#, .malformed),
      (#""r":8"#, #""r":9223372036854775807"#, .unsupported), (#""p":6"#, #""p":-1"#, .malformed),
      (#""p":6"#, #""q":6"#, .malformed), (#""mac":"#, #""mac2":"#, .malformed),
      (#""iv":""#, #""iv":"00"#, .malformed),
      (#""ciphertext":""#, #""ciphertext":"zz"#, .malformed),
      (#""salt":""#, #""salt":"0"#, .malformed), (#""crypto""#, #""crypt""#, .malformed),
    ])
  func refused(_ old: String, _ new: String, _ code: KeyVaultError.Code) throws {
    let changed = try replacing(old, new)
    let error = #expect(throws: KeyVaultError.self) { try open(changed) }
    #expect(error?.code == code)
    #expect(error?.message.contains("\n") == false)
  }

  @Test("Another address than the key's is refused")
  func wrongAddress() throws {
    let changed = try replacing(address, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    let error = #expect(throws: KeyVaultError.self) { try open(changed) }
    #expect(error?.code == .wrongAddress)
    let damaged = try replacing(address, String(address.dropLast()))
    #expect(#expect(throws: KeyVaultError.self) { try open(damaged) }?.code == .malformed)
  }

  @Test("A changed ciphertext, MAC or salt reads as a wrong password")
  func damage() throws {
    let damaged = try Keystore(json: Array(text.utf8)).json
    let file = String(decoding: damaged, as: UTF8.self)
    for field in ["ciphertext", "mac", "salt"] {
      let start = try #require(file.range(of: #""\#(field)" : ""#)).upperBound
      let digit = file[start] == "0" ? "1" : "0"
      let changed = file.replacingCharacters(in: start...start, with: digit)
      #expect(#expect(throws: KeyVaultError.self) { try open(changed) }?.code == .wrongPassword)
    }
  }

  @Test("scrypt beyond RFC 7914, which an old sample has, is refused with the way out")
  func oldSample() throws {
    let changed = try replacing(#""n":4096"#, #""n":262144"#)
      .replacingOccurrences(of: #""r":8"#, with: #""r":1"#)
    let error = #expect(throws: KeyVaultError.self) { try open(changed) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains("r=1") == true)
  }

  @Test("Truncated and spoiled files never trap")
  func noise() {
    let bytes = Array(text.utf8)
    var random = SeededRandom(seed: 51)
    for length in 0..<bytes.count {
      #expect(throws: KeyVaultError.self) { try Keystore(json: Array(bytes[0..<length])) }
      var spoiled = bytes
      spoiled[length] = UInt8(truncatingIfNeeded: random.next())
      do {
        let keystore = try Keystore(json: spoiled)
        #expect(keystore.address == nil || keystore.address?.base58 == address)
      } catch {
        #expect(!error.message.isEmpty)
      }
    }
  }
}
