import Payouts
import Testing
import Tron

@Suite("Amounts as text")
struct AdmissionAmountTests {
  /// The rules again, as arithmetic on text and in another order.
  private static func reference(_ text: String) -> Int64? {
    let characters = Array(text)
    guard let first = characters.first, let last = characters.last, first.isASCIIDigit,
      last.isASCIIDigit, characters.allSatisfy({ $0.isASCIIDigit || $0 == "." }),
      characters.filter({ $0 == "." }).count <= 1
    else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts[0] == "0" || !parts[0].hasPrefix("0") else { return nil }
    var decimals = parts.count > 1 ? parts[1] : ""
    while decimals.hasSuffix("0") { decimals.removeLast() }
    guard decimals.count <= 2 else { return nil }
    let cents = parts[0] + decimals + String(repeating: "0", count: 2 - decimals.count)
    guard let value = Int64(cents), (1...1_000_000).contains(value) else { return nil }
    return value * 10_000
  }

  @Test("Random text is read as an independent reading reads it")
  func property() {
    var random = SeededRandom(seed: 3)
    let alphabet = Array("00000112345999......eE+-x, ")
    var accepted = 0
    for _ in 0..<50_000 {
      let length = Int.random(in: 0...8, using: &random)
      let text = String((0..<length).map { _ in alphabet.randomElement(using: &random) ?? "0" })
      let read = try? USDTAmount(payoutText: text).micro
      #expect(read == Self.reference(text), "\(text)")
      if read != nil { accepted += 1 }
    }
    #expect(accepted > 1000)
  }

  @Test("Every amount in cents is read and written exactly")
  func roundTrip() throws {
    for cents in Array(1...20_000) + Array(980_000...1_000_000) {
      let amount = USDTAmount(micro: Int64(cents) * 10_000)
      #expect(try USDTAmount(payoutText: amount.decimalText) == amount)
      #expect(try USDTAmount(payoutText: amount.decimalText + "000") == amount)
    }
  }

  @Test(
    "The limits are inclusive, and each refusal has its reason",
    arguments: [
      ("0.01", nil), ("0.0100000", nil), ("10000", nil), ("10000.00", nil),
      ("0", .tooSmall), ("0.00", .tooSmall), ("0.001", .tooManyDecimals),
      ("10000.01", .tooLarge), ("100000", .tooLarge),
      ("9223372036854775807", .tooLarge), (String(repeating: "9", count: 10_000), .tooLarge),
      ("0." + String(repeating: "0", count: 10_000) + "1", .tooManyDecimals),
      ("-1", .sign), ("+1", .sign), ("-", .sign), ("1e2", .exponent), ("1.5E2", .exponent),
      ("01", .leadingZero), ("00", .leadingZero), ("00.5", .leadingZero),
      ("", .notDecimal), (".", .notDecimal), (".5", .notDecimal), ("5.", .notDecimal),
      ("5.5.5", .notDecimal), ("0x10", .notDecimal), ("NaN", .notDecimal), ("1,5", .notDecimal),
      ("٥", .notDecimal), ("５", .notDecimal), ("1\u{0}", .notDecimal),
    ] as [(String, AmountFault?)])
  func limits(text: String, fault: AmountFault?) {
    if let fault {
      #expect(throws: fault) { try USDTAmount(payoutText: text) }
    } else {
      #expect(throws: Never.self) { try USDTAmount(payoutText: text) }
    }
  }

  @Test(
    "Fees are written in TRX exactly",
    arguments: [
      (0, "0"), (1, "0.000001"), (1000, "0.001"), (1_000_000, "1"), (13_844_500, "13.8445"),
      (27_600_001, "27.600001"), (Int64.max, "9223372036854.775807"), (-1_500_000, "-1.5"),
      (Int64.min, "-9223372036854.775808"),
    ] as [(Int64, String)])
  func fees(sun: Int64, text: String) { #expect(Sun(sun).trxText == text) }

  @Test("An amount that is not in cents keeps all its digits")
  func odd() {
    #expect(USDTAmount(micro: 5_505_001).decimalText == "5.505001")
    #expect(USDTAmount(micro: 5_500_100).decimalText == "5.5001")
    #expect(USDTAmount(micro: -5_500_000).decimalText == "-5.50")
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) && isASCII }
}
