import Secp256k1
import Testing
import Tron

@Suite struct PrivateKeyTests {
  private static let order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"

  @Test(
    "What is not a key of the curve is refused",
    arguments: [
      "", "01", String(repeating: "0", count: 64), order, String(repeating: "f", count: 64),
      String(repeating: "1", count: 66),
    ])
  func invalid(_ text: String) throws {
    let bytes = try hex(text)
    #expect(throws: Secp256k1Error.invalidKey) { try PrivateKey(bytes: bytes) }
  }

  @Test("The smallest and the greatest key are keys")
  func extremes() throws {
    let smallest = String(repeating: "0", count: 63) + "1"
    let greatest = Self.order.dropLast(2) + "40"
    for text in [smallest, String(greatest)] {
      let key = try PrivateKey(bytes: hex(text))
      #expect(key.address.base58.hasPrefix("T"))
    }
  }

  @Test("Two random keys differ")
  func randomKeys() throws {
    #expect(try PrivateKey.random().address != PrivateKey.random().address)
  }

  @Test("Nothing that prints a key or a secret shows its bytes")
  func redaction() throws {
    let bytes = [UInt8](repeating: 0xab, count: 32)
    let secret = SecretBytes(copying: bytes)
    let key = try PrivateKey(secret)
    var dumped = ""
    dump(key, to: &dumped)
    dump(secret, to: &dumped)
    dump([key], to: &dumped)
    let texts = [
      "\(key)", "\(secret)", String(reflecting: key), String(reflecting: secret),
      String(describing: Optional(key)), "\(["k": secret])", dumped,
    ]
    for text in texts {
      #expect(!text.lowercased().contains("abab") && !text.contains("171"))
    }
  }

  @Test("A secret lends exactly the bytes that it was given, also none")
  func secrets() {
    for count in [0, 1, 32, 4095, 4096, 4097] {
      let bytes = [UInt8](repeating: 5, count: count)
      let secret = SecretBytes(copying: bytes)
      #expect(secret.count == count)
      #expect(secret.withUnsafeBytes { [UInt8]($0) } == bytes)
    }
  }
}
