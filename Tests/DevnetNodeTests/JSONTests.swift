import Testing
import Tron

@testable import DevnetNode

@Suite struct JSONTests {
  private static let samples: [(String, JSONValue)] = [
    ("null", .null), (" true ", .bool(true)), ("false", .bool(false)), ("0", .integer(0)),
    ("-12", .integer(-12)), ("9223372036854775807", .integer(.max)),
    ("9223372036854775808", .number("9223372036854775808")), ("1.50", .number("1.50")),
    ("2e3", .number("2e3")), ("\"\"", .string("")), ("\"a\\u0041\\n\\\"\"", .string("aA\n\"")),
    ("\"\\ud83d\\ude00\"", .string("😀")), ("[]", .array([])), ("{}", .object([:])),
    ("[1,[2],{\"a\":null}]", .array([.integer(1), .array([.integer(2)]), .object(["a": .null])])),
    ("{\"a\":1,\"a\":2}", .object(["a": .integer(2)])),
  ]

  @Test(arguments: samples) func `reads`(text: String, value: JSONValue) throws {
    #expect(try JSONParser.parse(Array(text.utf8)) == value)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "-", "1.", "1e", "+1", "tru",
    "nul", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "1 2", "{}x", "\"\n\"", "[1 2]",
    "NaN",
    String(repeating: "[", count: 100_000),
  ]) func `refuses`(text: String) {
    #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
  }

  @Test func `never traps on mutated text`() {
    var random = SplitMix64(seed: 3)
    let text = Array("{\"a\":[1,-2.5e3,\"x\\u00e9\\n\"],\"b\":{\"c\":true,\"d\":null}}".utf8)
    for _ in 0..<5000 {
      var mutated = text
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        mutated[Int.random(in: mutated.indices, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
      }
      _ = try? JSONParser.parse(mutated)
    }
  }

  @Test func `writes what it reads`() throws {
    let text = "{\"a\":[1,-2,\"q\\\"\\\\\\u000a\",true,null,1.5],\"b\":{}}"
    let value = try JSONParser.parse(Array(text.utf8))
    let written = JSONWriter.build { $0.value(value) }
    #expect(String(decoding: written, as: UTF8.self) == text)
  }
}

@Suite struct ArithmeticTests {
  private static let differences: [(UInt64, UInt64, UInt64?)] = [
    (5, 3, 2), (3, 5, nil), (0, 0, 0), (.max, 1, .max - 1), (1 << 32, 1, (1 << 32) - 1),
  ]

  @Test(arguments: differences) func `words subtract`(
    left: UInt64, right: UInt64, difference: UInt64?
  ) {
    #expect(UInt256(left).subtracting(UInt256(right)) == difference.map { UInt256($0) })
  }

  @Test func `the greatest word less one borrows nothing`() {
    let expected = [UInt8](repeating: 0xff, count: 31) + [0xfe]
    #expect(UInt256.max.subtracting(UInt256(1))?.bytes == expected)
    #expect(UInt256(1).subtracting(.max) == nil)
  }
}
