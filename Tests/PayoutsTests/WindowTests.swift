import Testing
import Tron

@testable import Payouts

@Suite("Windows")
struct WindowTests {
  private static func instant(_ text: String) throws -> UnixMilliseconds {
    try #require(DateText(text)).start
  }

  @Test(
    "A payout belongs to the window that ends next, and on a boundary to the one that begins there",
    arguments: [
      // An hour.
      ("2026-11-24T02:00:00.000Z", "2026-11-24T03:00:00Z", BatchType.hourly),
      ("2026-11-24T02:59:59.999Z", "2026-11-24T03:00:00Z", .hourly),
      ("2026-11-24T03:00:00.000Z", "2026-11-24T04:00:00Z", .hourly),
      // A day, a month, a year.
      ("2026-11-24T00:00:00.000Z", "2026-11-25T00:00:00Z", .daily),
      ("2026-11-24T23:59:59.999Z", "2026-11-25T00:00:00Z", .daily),
      ("2026-11-30T23:59:59.999Z", "2026-12-01T00:00:00Z", .daily),
      ("2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z", .daily),
      ("2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00Z", .hourly),
      ("2027-01-01T00:00:00.000Z", "2027-01-02T00:00:00Z", .daily),
      // A leap day, and the years that have none.
      ("2028-02-28T12:00:00.000Z", "2028-02-29T00:00:00Z", .daily),
      ("2028-02-29T00:00:00.000Z", "2028-03-01T00:00:00Z", .daily),
      ("2027-02-28T23:59:59.999Z", "2027-03-01T00:00:00Z", .daily),
      ("2100-02-28T23:59:59.999Z", "2100-03-01T00:00:00Z", .daily),
      ("2000-02-29T23:59:59.999Z", "2000-03-01T00:00:00Z", .hourly),
      // A week ends on Monday: over a month, a year, a leap day.
      ("2026-11-22T23:59:59.999Z", "2026-11-23T00:00:00Z", .weekly),
      ("2026-11-23T00:00:00.000Z", "2026-11-30T00:00:00Z", .weekly),
      ("2026-11-29T23:59:59.999Z", "2026-11-30T00:00:00Z", .weekly),
      ("2026-12-28T00:00:00.000Z", "2027-01-04T00:00:00Z", .weekly),
      ("2028-02-29T08:00:00.000Z", "2028-03-06T00:00:00Z", .weekly),
      ("1970-01-01T00:00:00.000Z", "1970-01-05T00:00:00Z", .weekly),
      ("1970-01-05T00:00:00.000Z", "1970-01-12T00:00:00Z", .weekly),
      // Summer time begins and ends elsewhere.
      ("2026-03-29T00:59:59.999Z", "2026-03-29T01:00:00Z", .hourly),
      ("2026-10-25T00:30:00.000Z", "2026-10-26T00:00:00Z", .daily),
    ])
  func ends(created: String, end: String, type: BatchType) throws {
    let window = try #require(WindowCalendar.utc.window(type, at: try Self.instant(created)))
    #expect(window.text == "\(end)/\(type.rawValue)")
    #expect(WindowID(window.text) == window)
  }

  @Test("IMMEDIATE has no window")
  func immediate() {
    #expect(WindowCalendar.utc.window(.immediate, at: UnixMilliseconds(0)) == nil)
  }

  @Test("Windows have no gaps, do not overlap, and their names are in the order of their ends")
  func properties() throws {
    var random = SystemRandomNumberGenerator()
    let calendars = [
      WindowCalendar.utc,
      WindowCalendar(shortened: [.hourly: .seconds(7), .weekly: .seconds(61)]),
    ]
    for calendar in calendars {
      for type in [BatchType.hourly, .daily, .weekly] {
        for _ in 0..<500 {
          let first = UnixMilliseconds(.random(in: 0...253_300_000_000_000, using: &random))
          let second = first.advanced(milliseconds: .random(in: 0...10_000_000, using: &random))
          let window = try #require(calendar.window(type, at: first))
          let later = try #require(calendar.window(type, at: second))
          let end = window.end
          #expect(first < end && window <= later && (window.text <= later.text))
          let last = try #require(calendar.window(type, at: end.advanced(milliseconds: -1)))
          let next = try #require(calendar.window(type, at: end))
          #expect(last == window && next.end > end)
          #expect(calendar.window(type, at: next.end.advanced(milliseconds: -1)) == next)
          let isOver = window.text < WindowID.textBound(endingBy: second)
          #expect(isOver == (end <= second))
        }
      }
    }
  }

  @Test(
    "What is not the name of a window is none",
    arguments: [
      "", "/", "2026-11-24T03:00:00Z", "2026-11-24T03:00:00Z/IMMEDIATE",
      "2026-11-24T03:00:00Z/hourly", "2026-11-24T03:00:00.000Z/HOURLY", "2026-11-24/DAILY",
      "2026-11-24T03:00:00+00:00/HOURLY", "2026-02-30T03:00:00Z/HOURLY",
      "2026-11-24T03:00:00Z/HOURLY/",
    ])
  func noNames(text: String) {
    #expect(WindowID(text) == nil)
  }

  @Test("Shortened windows are aligned to the epoch, and are closed after a shorter grace")
  func shortened() throws {
    let calendar = WindowCalendar(shortened: [.hourly: .seconds(8), .weekly: .seconds(20)])
    let window = try #require(calendar.window(.weekly, at: UnixMilliseconds(20_000)))
    #expect(window.end == UnixMilliseconds(40_000))
    #expect(calendar.graceMilliseconds == 2_000)
    #expect(WindowCalendar.utc.graceMilliseconds == 5_000)
  }
}
