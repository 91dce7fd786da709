import Foundation
import Logging
import Testing

@testable import Service

@Suite struct LogLineTests {
  let sink = CollectingSink()

  private func object(_ line: String) throws -> [String: String] {
    try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
  }

  @Test("A line is one JSON object in a fixed order")
  func json() throws {
    sink.logger("signer").info(
      "transfer planned",
      metadata: ["transfer_id": "tr_1", "attempt": "2", "payout_id": "payout_1"])
    #expect(
      sink.lines == [
        #"{"ts":"2025-12-31T23:59:59.987Z","level":"info","logger":"signer","#
          + #""msg":"transfer planned","attempt":"2","payout_id":"payout_1","#
          + #""transfer_id":"tr_1"}"# + "\n"
      ])
  }

  @Test(
    "Whatever the texts hold, a line stays one line of valid JSON",
    arguments: [
      "line\nbreak", "carriage\rreturn", "quote \" backslash \\", "tab\t", "\u{0}\u{1F}\u{7F}",
      "ünïcödé 💸", "\u{2028}", #"{"nested":"json"}"#, "",
    ])
  func escaping(text: String) throws {
    sink.logger(text).error("\(text)", metadata: ["key \(text)": "\(text)"])
    let line = try #require(sink.lines.first)
    #expect(line.filter { $0 == "\n" }.count == 1 && line.hasSuffix("\n"))
    let fields = try object(line)
    #expect(fields["msg"] == text)
    #expect(fields["logger"] == text)
    #expect(fields["key \(text)"] == text)
  }

  @Test("A long value is cut before a character")
  func bounded() throws {
    sink.logger().info("\(String(repeating: "é", count: 5000))")
    let message = try #require(try object(sink.lines[0])["msg"])
    #expect(message.utf8.count <= LogLine.mostValueBytes + 4)
    #expect(message.hasSuffix("é…"))
  }

  @Test("Metadata is flattened and cannot pretend to be the line's own fields")
  func flattened() throws {
    var logger = sink.logger()
    logger[metadataKey: "request_id"] = "req_1"
    logger.notice(
      "x",
      metadata: [
        "msg": "not me", "ts": "never", "a": ["b": "c", "d": ["e": "f"]], "list": ["1", "2"],
        "request_id": "req_2",
      ])
    let fields = try object(sink.lines[0])
    #expect(fields["msg"] == "x" && fields["meta.msg"] == "not me" && fields["meta.ts"] == "never")
    #expect(fields["a.b"] == "c" && fields["a.d.e"] == "f" && fields["list"] == "1,2")
    #expect(fields["request_id"] == "req_2")
  }

  @Test("Text is for people: one line, no control characters of others")
  func text() {
    sink.logger("signer", format: .text).warning("two\nlines\u{1B}[31m", metadata: ["k": "v\n"])
    let line = sink.lines[0]
    #expect(line.contains("23:59:59.987") && line.contains("WARNING") && line.contains("signer"))
    #expect(line.contains("two lines [31m"))
    #expect(line.filter { $0 == "\n" }.count == 1)
  }

  @Test(
    "Dates are those of the calendar",
    arguments: [
      (0, 1970, 1, 1), (-1, 1969, 12, 31), (11_016, 2000, 2, 29), (11_017, 2000, 3, 1),
      (20_453, 2025, 12, 31), (20_454, 2026, 1, 1), (47_540, 2100, 2, 28), (47_541, 2100, 3, 1),
    ])
  func dates(days: Int64, year: Int, month: Int, day: Int) {
    let date = CivilDate(daysSince1970: days)
    #expect(date.year == year && date.month == month && date.day == day)
  }

  @Test("Only levels from the configured one on are written")
  func level() {
    var logger = sink.logger()
    logger.logLevel = .warning
    logger.info("no")
    logger.warning("yes")
    #expect(sink.lines.count == 1)
  }

  @Test("A throttle lets one through and counts the rest")
  func throttle() {
    let clock = InstantClock()
    let throttle = LogThrottle(interval: .seconds(30), clock: clock)
    #expect(throttle.pass() == 0)
    for _ in 0..<5 { #expect(throttle.pass() == nil) }
    clock.advance(.seconds(31))
    #expect(throttle.pass() == 5)
    throttle.reset()
    #expect(throttle.pass() == 0)
  }

  @Test("Lines of many threads never mix")
  func concurrent() async throws {
    let directory = try TemporaryDirectory()
    let path = try directory.file("log", "")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    let sink = DescriptorSink(descriptor: handle.fileDescriptor)
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          let logger = Logger(label: "t") {
            LineHandler(label: $0, level: .info, format: .json, sink: sink)
          }
          for index in 0..<200 { logger.info("m", metadata: ["n": "\(task)-\(index)"]) }
        }
      }
    }
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1600)
    #expect(Set(try lines.map { try object(String($0))["n"] }).count == 1600)
  }
}
