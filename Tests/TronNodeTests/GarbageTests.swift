import Foundation
import Payouts
import Testing
import Tron

@testable import TronNode

@Suite("What is no answer")
struct GarbageTests {
  private func ask(
    _ method: Method, _ reply: Reply, within time: Duration = .seconds(60)
  ) async throws -> String {
    let node = try ScriptedNode(reply)
    defer { node.stop() }
    let transport = try makeTransport { $0.timeout = time }
    return try await method.ask(node, transport: transport)
  }

  private func fault(
    _ method: Method, _ reply: Reply, within time: Duration = .seconds(60)
  ) async -> ChainError? {
    let error = await #expect(throws: ChainError.self) {
      try await ask(method, reply, within: time)
    }
    #expect(error?.effect == method.effect)
    #expect(error?.message.contains("127.0.0.1:") == true)
    return error
  }

  @Test("text that is not the method's JSON is malformed", arguments: Method.allCases)
  func malformed(method: Method) async {
    let nested = String(repeating: "[", count: 100_000)
    for body in [
      "", " ", "null", "true", "7", "\"text\"", "{", "[", "{]", #"{"a""#, #"{"a":}"#, #"{"a":1,}"#,
      "<html><body>502 Bad Gateway</body></html>", #"{"a":1} {"a":1}"#,
      "The API is closed because this node is a lite fullnode", #"{"foo":1}"#, nested,
      #"{"a":\#(nested)"#, "\u{0}", #"{"a":tru}"#, "{'a':1}",
    ] {
      let error = await fault(method, .text(body))
      #expect(error?.code == .malformed, "\(body.prefix(40))")
    }
  }

  @Test(
    "an empty object is malformed unless the method means something by it",
    arguments: Method.allCases)
  func empty(method: Method) async throws {
    if method.hasEmptyAnswer {
      _ = try await ask(method, .text("{}"))
    } else {
      #expect(await fault(method, .text("{}"))?.code == .malformed)
    }
  }

  @Test("a list is malformed unless the method answers one", arguments: Method.allCases)
  func list(method: Method) async throws {
    if method == .solidifiedReceipts {
      #expect(try await ask(method, .text("[]")) == "[]")
    } else {
      #expect(await fault(method, .text("[]"))?.code == .malformed)
    }
    #expect(await fault(method, .text("[{}]"))?.code == .malformed)
  }

  @Test("Error is a refusal with the node's words", arguments: Method.allCases)
  func refused(method: Method) async {
    let words = "class java.lang.IllegalAccessException : lack of computing resources"
    for body in [#"{"Error":"\#(words)"}"#, #"{"foo":[1,{}],"Error":"\#(words)"}"#] {
      let error = await fault(method, .text(body))
      #expect(error?.code == .refused)
      #expect(error?.message.contains(words) == true)
    }
  }

  @Test("any other status than 200 is unreachable, whatever the body", arguments: Method.allCases)
  func status(method: Method) async {
    for status in [204, 301, 400, 403, 429, 500, 502, 503] {
      let error = await fault(method, .text(Shapes.block(7), status: status))
      #expect(error?.code == .unreachable)
      #expect(error?.message.contains("HTTP \(status)") == true)
    }
  }

  @Test("a connection that breaks is unreachable", arguments: Method.allCases)
  func broken(method: Method) async {
    let whole = Reply.text(Shapes.block(7)).bytes
    for reply in [
      Reply(bytes: [], ending: .close), Reply(bytes: [], ending: .reset),
      Reply(bytes: whole.dropLast(10), ending: .close),
      Reply(bytes: whole.dropLast(10), ending: .reset),
      Reply(bytes: Array("SSH-2.0-OpenSSH\r\n\r\n".utf8), ending: .close),
    ] {
      #expect(await fault(method, reply)?.code == .unreachable)
    }
    // To libcurl a head that ends early is a head without a body.
    let halfHead = Reply(bytes: Array(whole.prefix(30)), ending: .close)
    #expect(await fault(method, halfHead)?.code == .malformed)
  }

  @Test("silence is unreachable after the time-out", arguments: Method.allCases)
  func silence(method: Method) async {
    let start = ContinuousClock.now
    let error = await fault(method, Reply.text(Shapes.block(7)).after(forever), within: .seconds(1))
    #expect(error?.code == .unreachable)
    #expect(ContinuousClock.now - start < prompt)
  }

  @Test("nobody there is unreachable at once", arguments: Method.allCases)
  func nobody(method: Method) async throws {
    let node = try ScriptedNode(.text(""))
    node.stop()
    let transport = try makeTransport()
    #expect(
      try await eventually {
        do {
          _ = try await method.ask(node, transport: transport)
          return false
        } catch let error as ChainError {
          return error.code == .unreachable && error.effect == method.effect
        }
      })
  }

  @Test("no prefix of a block, and no block with one byte changed, stops the reader")
  func mutations() throws {
    let text = Array(Shapes.block(7, transactions: [Shapes.transaction(Shapes.txid)]).utf8)
    let read = { (bytes: [UInt8]) throws(AnswerFault) -> ChainBlock in
      try JSONReader.read(bytes) { reader throws(AnswerFault) in
        try reader.fields(Answer<BlockFields>.self).required().block()
      }
    }
    _ = try read(text)
    for length in text.indices {
      #expect(throws: AnswerFault.self) { try read(Array(text[..<length])) }
    }
    for index in text.indices {
      for byte in [UInt8(0), 0x22, 0x2d, 0x30, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0xff] {
        var changed = text
        changed[index] = byte
        do throws(AnswerFault) { _ = try read(changed) } catch {
          #expect(error.code != .unreachable)
        }
      }
    }
  }

  @Test(
    "an integer is exact or a fault",
    arguments: [
      ("0", 0), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
      ("9007199254740993", 9_007_199_254_740_993), (" 7 ", 7),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e3", nil),
      ("", nil), ("-", nil), ("+1", nil), ("\"1\"", nil), ("0x1", nil), ("null", nil),
    ] as [(String, Int64?)])
  func integers(text: String, value: Int64?) throws {
    let read = { () throws(AnswerFault) in
      try JSONReader.read(Array(text.utf8)) { reader throws(AnswerFault) in try reader.int64() }
    }
    if let value {
      #expect(try read() == value)
    } else {
      #expect(throws: AnswerFault.self) { try read() }
    }
  }

  @Test(
    "texts are read with their escapes",
    arguments: [
      (#""a\"b\\c\/d\b\f\n\r\t""#, "a\"b\\c/d\u{8}\u{c}\n\r\t"), (#""\u00fc\ud83d\ude00""#, "ü😀"),
      ("\"ü\"", "ü"), (#""""#, ""), (#""\x""#, nil), (#""\u12""#, nil), (#""\"#, nil),
    ] as [(String, String?)])
  func texts(text: String, value: String?) throws {
    let read = { () throws(AnswerFault) in
      try JSONReader.read(Array(text.utf8)) { reader throws(AnswerFault) in try reader.string() }
    }
    if let value {
      #expect(try read() == value)
    } else {
      #expect(throws: AnswerFault.self) { try read() }
    }
  }
}

/// Looks again and again until it holds, or a deadline is over.
func eventually(
  within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws -> Bool {
  let deadline = ContinuousClock.now + limit
  while ContinuousClock.now < deadline {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(10))
  }
  return false
}
