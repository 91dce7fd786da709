import Foundation
import Payouts
import Testing

@Suite("Strict JSON")
struct AdmissionJSONTests {
  @Test(
    "What JSON allows is read, and written again with every number as it was spelled",
    arguments: [
      ("null", "null"), (" true ", "true"), ("false", "false"), ("\t\r\n[]", "[]"), ("{}", "{}"),
      ("0", "0"), ("-0", "-0"), ("5.50", "5.50"), ("1e2", "1e2"), ("1E+400", "1E+400"),
      ("-0.1e-7", "-0.1e-7"), ("123456789012345678901234567890", "123456789012345678901234567890"),
      (#""""#, #""""#), (#""a\/b""#, #""a/b""#), (#""\u0041\n\t\"\\""#, #""A\n\t\"\\""#),
      (#""\ud83c\udf89""#, #""🎉""#), (#""é""#, #""é""#), (#""\u0000""#, #""\u0000""#),
      (#""\u007f\u2028""#, "\"\u{7f}\u{2028}\""),
      (#"{"b":1,"a":[2,{"c":null}]}"#, #"{"b":1,"a":[2,{"c":null}]}"#),
      (#"{ "" : "x" }"#, #"{"":"x"}"#),
      (
        String(repeating: "[", count: 32) + String(repeating: "]", count: 32),
        String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
      ),
    ])
  func accepted(text: String, written: String) throws {
    #expect(JSONText(try JSONReader.read(Array(text.utf8))).text == written)
  }

  @Test(
    "What JSON forbids, or a reader may understand in two ways, is refused where it stands",
    arguments: [
      ("", .endedEarly, 0), ("  ", .endedEarly, 2), ("[", .endedEarly, 1), ("[1,", .endedEarly, 3),
      ("[1", .endedEarly, 2), ("{", .endedEarly, 1), (#"{"a""#, .endedEarly, 4),
      (#"{"a":"#, .endedEarly, 5), (#""abc"#, .endedEarly, 4), (#""a\"#, .endedEarly, 3),
      (#""\u12"#, .endedEarly, 5), ("tru", .endedEarly, 3), ("-", .endedEarly, 1),
      ("1.", .endedEarly, 2), ("1e", .endedEarly, 2), ("1e+", .endedEarly, 3),
      ("x", .unexpectedCharacter, 0), ("trux", .unexpectedCharacter, 3),
      ("[1 2]", .unexpectedCharacter, 3),
      ("[1,]", .unexpectedCharacter, 3), ("[,1]", .unexpectedCharacter, 1),
      ("{,}", .unexpectedCharacter, 1),
      ("{a:1}", .unexpectedCharacter, 1), (#"{"a" 1}"#, .unexpectedCharacter, 5),
      (#"{"a":1,}"#, .unexpectedCharacter, 7), ("[1}", .unexpectedCharacter, 2),
      ("'a'", .unexpectedCharacter, 0),
      ("nan", .unexpectedCharacter, 1), ("undefined", .unexpectedCharacter, 0),
      ("1 1", .trailingCharacters, 2), ("{}x", .trailingCharacters, 2),
      ("[]]", .trailingCharacters, 2),
      ("1\u{0}", .trailingCharacters, 1), ("truex", .trailingCharacters, 4),
      ("01", .badNumber, 0), ("-01", .badNumber, 0), ("00", .badNumber, 0), ("+1", .badNumber, 0),
      (".5", .badNumber, 0), ("1.x", .badNumber, 2), ("1ex", .badNumber, 2),
      ("0x10", .badNumber, 1),
      ("NaN", .badNumber, 0), ("Infinity", .badNumber, 0), ("-Infinity", .badNumber, 1),
      ("--1", .badNumber, 1), (#""\x""#, .badEscape, 2), (#""\u12g4""#, .badEscape, 5),
      (#""\ud800""#, .loneSurrogate, 1), (#""\udc00""#, .loneSurrogate, 1),
      (#""\ud800\u0041""#, .loneSurrogate, 1), (#""\ud800x""#, .loneSurrogate, 1),
      ("\"a\nb\"", .controlCharacter, 2), ("\"\u{1f}\"", .controlCharacter, 1),
      (#"{"a":1,"a":2}"#, .duplicateName, 7), (#"{"a":1,"\u0061":2}"#, .duplicateName, 7),
      (String(repeating: "[", count: 33), .tooDeep, 32),
      (String(repeating: #"{"a":"#, count: 33), .tooDeep, 160), ("\u{feff}{}", .notUTF8, 0),
    ] as [(String, JSONFault.Reason, Int)])
  func refused(text: String, reason: JSONFault.Reason, offset: Int) {
    #expect(throws: JSONFault(reason, at: offset)) { try JSONReader.read(Array(text.utf8)) }
  }

  @Test(
    "Bytes that are not UTF-8 are refused",
    arguments: [
      [0xFF], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0xFE, 0xFF, 0x00, 0x7B],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    #expect(throws: JSONFault(.notUTF8, at: 0)) { try JSONReader.read(bytes) }
  }

  @Test("A name twice is found among many as among few", arguments: [2, 15, 16, 17, 18, 500])
  func duplicates(count: Int) throws {
    let names = (0..<count).map { #""n\#($0)":0"# }
    let good = "{\(names.joined(separator: ","))}"
    #expect(try JSONReader.read(Array(good.utf8)).members?.count == count)
    for repeated in [0, count / 2, count - 1] {
      let bad = "{\(names.joined(separator: ",")),\"n\(repeated)\":1}"
      #expect(throws: JSONFault.self) { try JSONReader.read(Array(bad.utf8)) }
    }
  }

  @Test("Any value survives being written and read")
  func roundTrip() throws {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2000 {
      let value = random.value(depth: 0)
      #expect(try JSONReader.read(JSONText(value).bytes) == value)
    }
  }

  @Test("Whatever is accepted of mutated text, an independent reader accepts as well")
  func mutations() throws {
    var random = SeededRandom(seed: 2)
    var accepted = 0
    for _ in 0..<4000 {
      var bytes = JSONText(random.value(depth: 0)).bytes
      for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
        let index = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
        case 1: bytes.remove(at: index)
        default:
          bytes.insert(
            Array(#"{}[],:"\0.eE+-9tfn "#.utf8).randomElement(using: &random) ?? 0, at: index)
        }
      }
      guard (try? JSONReader.read(bytes)) != nil else { continue }
      // The other reader makes numbers of numbers and cannot hold all of them.
      guard String(decoding: bytes, as: UTF8.self).firstMatch(of: /[eE][+-]?\d{3}/) == nil else {
        continue
      }
      accepted += 1
      #expect(throws: Never.self) {
        try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      }
    }
    #expect(accepted > 100)
  }

  @Test("Texts that differ in spaces, escapes and order have one canonical form")
  func canonical() throws {
    let one = try JSONReader.read(Array(#"{"b":[1,{"d":1,"c":2}],"a":"é"}"#.utf8))
    let two = try JSONReader.read(
      Array(" { \"a\" : \"\\u00e9\", \"b\" : [1,{\"c\":2,\"d\":1}]}".utf8))
    let other = try JSONReader.read(Array(#"{"b":[1.0,{"d":1,"c":2}],"a":"é"}"#.utf8))
    #expect(JSONText(one.canonical).bytes == JSONText(two.canonical).bytes)
    #expect(JSONText(one.canonical).bytes != JSONText(other.canonical).bytes)
  }
}

/// The same values in every run (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func value(depth: Int) -> JSONValue {
    switch Int.random(in: 0...(depth < 4 ? 6 : 4), using: &self) {
    case 0: .null
    case 1: .bool(Bool.random(using: &self))
    case 2: .number(number())
    case 3, 4: .string(text())
    case 5: .array((0..<Int.random(in: 0...3, using: &self)).map { _ in value(depth: depth + 1) })
    default: .object(members(depth: depth))
    }
  }

  private mutating func members(depth: Int) -> [JSONMember] {
    var names: Set<String> = []
    return (0..<Int.random(in: 0...4, using: &self)).compactMap { _ in
      let name = text()
      let value = value(depth: depth + 1)
      return names.insert(name).inserted ? JSONMember(name, value) : nil
    }
  }

  private mutating func number() -> String {
    let whole = Int64.random(in: -1_000_000...1_000_000, using: &self)
    return ["\(whole)", "\(whole).50", "\(whole)e5", "\(whole).0E-3"].randomElement(using: &self)
      ?? "0"
  }

  private mutating func text() -> String {
    let alphabet: [Unicode.Scalar] = [
      "a", "\"", "\\", "\n", "\u{0}", "\u{1f}", "é", "🎉", "\u{2028}", "\u{10FFFF}", "/", " ",
    ]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...6, using: &self) {
      text.append(alphabet.randomElement(using: &self) ?? "a")
    }
    return String(text)
  }
}
