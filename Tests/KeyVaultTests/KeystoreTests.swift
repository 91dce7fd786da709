import Foundation
import KeyVault
import Secp256k1
import Testing
import Tron

@Suite struct KeystoreTests {
  private func password(_ text: String) -> SecretBytes { SecretBytes(copying: Array(text.utf8)) }

  @Test("Every keystore of the vectors opens with its password and holds its key")
  func vectors() throws {
    for (vector, file) in zip(try Vectors.load().keystores, try Vectors.keystoreFiles()) {
      let keystore = try Keystore(json: file)
      #expect(keystore.address?.base58 == vector.address)
      let key = try keystore.decrypt(password: password(vector.password))
      #expect(key.address.base58 == vector.address)
      #expect(key.withUnsafeBytes { hexString($0) } == vector.privateKey)
    }
  }

  @Test("A wrong password is refused, however close it is")
  func wrongPassword() throws {
    let vector = try #require(try Vectors.load().keystores.first)
    let keystore = try Keystore(json: try #require(try Vectors.keystoreFiles().first))
    for wrong in [
      "", vector.password + " ", vector.password + "\n", String(vector.password.dropLast()),
    ] {
      let error = #expect(throws: KeyVaultError.self) {
        try keystore.decrypt(password: password(wrong))
      }
      #expect(error?.code == .wrongPassword)
    }
  }

  @Test(
    "A new keystore opens again, also through its file's JSON and with odd passwords",
    arguments: ["", "pässwörd 漢字", "with\nnewline\n", String(repeating: "long", count: 100)])
  func roundTrip(_ text: String) throws {
    let key = try PrivateKey.random()
    let keystore = try Keystore(
      encrypting: key, password: password(text), derivation: KeyDerivation(.light))
    let read = try Keystore(json: try keystore.json)
    #expect(read == keystore)
    #expect(read.address == key.address)
    #expect(try read.decrypt(password: password(text)).address == key.address)
  }

  @Test("Two keystores of one key and password share neither salt nor counter nor ciphertext")
  func freshRandomness() throws {
    let key = try PrivateKey.random()
    let files = try (0..<2).map { _ in
      try JSONDecoder().decode(
        RawKeystore.self,
        from: Data(
          Keystore(
            encrypting: key, password: password("p"), derivation: KeyDerivation(.light)
          ).json))
    }
    #expect(files[0].crypto.kdfparams.salt != files[1].crypto.kdfparams.salt)
    #expect(files[0].crypto.cipherparams.iv != files[1].crypto.cipherparams.iv)
    #expect(files[0].crypto.ciphertext != files[1].crypto.ciphertext)
  }

  private struct RawKeystore: Decodable {
    var crypto: Crypto
    struct Crypto: Decodable {
      var ciphertext: String
      var kdfparams: Parameters
      var cipherparams: Cipher
    }
    struct Parameters: Decodable { var salt: String }
    struct Cipher: Decodable { var iv: String }
  }

  @Test("A standard keystore has the parameters of TRON wallets")
  func standardParameters() {
    guard case .scrypt(let n, let r, let p, let salt) = KeyDerivation(.standard) else {
      Issue.record("not scrypt")
      return
    }
    #expect((n, r, p, salt.count) == (262_144, 8, 1, 32))
  }
}
