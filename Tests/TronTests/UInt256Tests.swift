import Testing
import Tron

@Suite struct UInt256Tests {
  @Test(
    "Decimal text and the 32-byte word agree",
    arguments: [
      ("0", "00"), ("9", "09"), ("10", "0a"), ("18446744073709551616", "010000000000000000"),
      ("340282366920938463463374607431768211456", "0100000000000000000000000000000000"),
      (
        "115792089237316195423570985008687907853269984665640564039457584007913129639935",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      ),
    ])
  func decimal(_ text: String, _ word: String) throws {
    let number = try #require(UInt256(decimal: text))
    let padding = String(repeating: "0", count: 64 - word.count)
    #expect(hexString(number.bytes) == padding + word)
    #expect(UInt256(bytes: number.bytes) == number)
    #expect(number.description == text)
  }

  @Test(
    "What is not decimal digits or is beyond 256 bits is refused",
    arguments: [
      "", "-1", "+1", "1.0", "1e3", " 1", "0x10", "١",
      "115792089237316195423570985008687907853269984665640564039457584007913129639936",
      "1157920892373161954235709850086879078532699846656405640394575840079131296399350",
    ])
  func refused(_ text: String) {
    #expect(UInt256(decimal: text) == nil)
  }

  @Test("Only what fits 63 bits is an Int64")
  func int64() {
    #expect(UInt256(decimal: "9223372036854775807")?.int64 == .max)
    #expect(UInt256(decimal: "9223372036854775808")?.int64 == nil)
    #expect(UInt256(decimal: "340282366920938463463374607431768211456")?.int64 == nil)
  }

  @Test("Random words survive the way through decimal text")
  func randomised() {
    var random = SeededRandom(seed: 11)
    for _ in 0..<300 {
      let word = UInt256(bytes: random.bytes(32))
      #expect(word.flatMap { UInt256(decimal: $0.description) } == word)
    }
  }
}
