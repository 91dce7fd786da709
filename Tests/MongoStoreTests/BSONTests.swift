import CLibmongoc
import Testing
import Tron

@testable import MongoStore

@Suite struct BSONTests {
  @Test func `an amount is read from an int64 and from an int32`() throws {
    #expect(try read(USDTAmount.self) { $0.append("f", Int64.max) } == USDTAmount(micro: .max))
    #expect(try read(USDTAmount.self) { $0.appendInt32("f", 7) } == USDTAmount(micro: 7))
  }

  @Test func `an amount is never read from a double, a text or a date`() throws {
    let problem = "BSON type"
    #expect(try fault(USDTAmount.self) { $0.append("f", BSONDouble(value: 5)) }.contains(problem))
    #expect(try fault(USDTAmount.self) { $0.append("f", "5") }.contains(problem))
    #expect(try fault(USDTAmount.self) { $0.append("f", true) }.contains(problem))
    #expect(try fault(USDTAmount.self) { $0.appendDate("f", 5) }.contains(problem))
  }

  @Test func `a missing field and a null are absent`() throws {
    let document = BSONDocument { $0.append("null", BSONNull()) }
    let reader = try #require(BSONReader(document.pointer))
    #expect(try reader.optional("null", as: Int64.self) == nil)
    #expect(try reader.optional("missing", as: Int64.self) == nil)
    #expect(throws: BSONFault(path: "missing", problem: "missing")) {
      try reader.value("missing", as: Int64.self)
    }
  }

  @Test func `a number that does not fit is a fault`() throws {
    #expect(try fault(Int32.self) { $0.append("f", Int64(Int32.max) + 1) } == "f: out of range")
  }

  @Test func `text that is not UTF-8 is a fault`() throws {
    #expect(try fault(String.self) { $0.appendBytesAsText("f", [0x61, 0xff]) } == "f: not UTF-8")
  }

  @Test func `text keeps zero bytes and every plane of Unicode`() throws {
    for text in ["", "a\u{0}b", "ß€🧾", String(repeating: "x", count: 100_000)] {
      #expect(try read(String.self) { $0.append("f", text) } == text)
    }
  }

  @Test func `an address with a wrong checksum is a fault`() throws {
    #expect(
      try fault(TronAddress.self) { $0.append("f", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u") }
        == "f: not a TronAddress")
  }

  @Test func `a fault names its place from the outside in`() throws {
    let document = BSONDocument { outer in
      outer.append("list", [BSONEmbedded { $0.append("a", 1) }, BSONEmbedded { _ in }])
    }
    let reader = try #require(BSONReader(document.pointer))
    #expect(throws: BSONFault(path: "list.1.a", problem: "missing")) {
      try reader.value("list", as: [One].self)
    }
  }

  @Test func `arrays keep their order past ten elements`() throws {
    let numbers = (0..<1_234).map(Int64.init)
    #expect(try read([Int64].self) { $0.append("f", numbers) } == numbers)
  }

  @Test func `bytes come back as they were`() throws {
    let bytes = (0...255).map(UInt8.init)
    #expect(try read(BSONBinary.self) { $0.append("f", BSONBinary(bytes)) }.bytes == bytes)
    #expect(try read(BSONBinary.self) { $0.append("f", BSONBinary([])) }.bytes.isEmpty)
  }

  @Test func `a document where a value is expected is a fault, and the other way round`() throws {
    #expect(try fault(String.self) { $0.append("f") { _ in } }.contains("BSON type 3"))
    #expect(try fault([Int64].self) { $0.append("f") { _ in } }.contains("BSON type 3"))
    #expect(try fault(One.self) { $0.append("f", 1) }.contains("BSON type 18"))
  }

  private struct One: BSONReadableRecord {
    let a: Int64
    init(from reader: BSONReader) throws(BSONFault) { a = try reader.value("a") }
  }

  private func read<Value: BSONReadable>(
    _: Value.Type, _ fill: (borrowing BSONDocument) -> Void
  ) throws -> Value {
    let document = BSONDocument(fill)
    return try #require(BSONReader(document.pointer)).value("f")
  }

  private func fault<Value: BSONReadable>(
    _: Value.Type, _ fill: (borrowing BSONDocument) -> Void
  ) throws -> String {
    do {
      _ = try read(Value.self, fill)
    } catch let fault as BSONFault {
      return "\(fault.path): \(fault.problem)"
    }
    Issue.record("it was read")
    return ""
  }
}
