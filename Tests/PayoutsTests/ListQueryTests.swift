import Testing
import Tron

@testable import Payouts

@Suite("What a list is asked for")
struct ListQueryTests {
  private static let day: Int64 = 86_400_000

  @Test(
    "A date is a day or an instant with its time zone, to the millisecond",
    arguments: [
      ("1970-01-01", 0, day), ("2025-10-12", 1_760_227_200_000, 1_760_227_200_000 + day),
      ("2024-02-29", 1_709_164_800_000, 1_709_164_800_000 + day),
      ("2000-02-29", 951_782_400_000, 951_782_400_000 + day),
      ("1969-12-31", -day, 0), ("0000-01-01", -62_167_219_200_000, -62_167_219_200_000 + day),
      ("9999-12-31", 253_402_214_400_000, 253_402_214_400_000 + day),
      ("1970-01-01T00:00:00Z", 0, 1), ("1970-01-01T00:01Z", 60_000, 60_001),
      ("1970-01-01T00:00:00.5Z", 500, 501), ("1970-01-01T00:00:00.123Z", 123, 124),
      // What lies between two milliseconds begins with the later and ends with the earlier one.
      ("1970-01-01T00:00:00.123456Z", 124, 124),
      ("1970-01-01T00:00:00.123000000Z", 123, 124),
      ("1970-01-01T02:00:00+02:00", 0, 1), ("1969-12-31T19:30:00-04:30", 0, 1),
      ("1969-12-31T23:59:59.999Z", -1, 0),
    ] as [(String, Int64, Int64)])
  func dates(text: String, start: Int64, end: Int64) throws {
    let date = try #require(DateText(text))
    #expect(date.start == UnixMilliseconds(start))
    #expect(date.end == UnixMilliseconds(end))
  }

  @Test(
    "Anything else is not a date",
    arguments: [
      "", "2025", "2025-10", "2025-1-2", "25-10-12", "2025-13-01", "2025-00-01", "2025-01-32",
      "2025-01-00", "2025-02-29", "1900-02-29", "2025-04-31", "2025/10/12", "20251012",
      " 2025-10-12",
      "2025-10-12 ", "2025-10-12T", "2025-10-12T15", "2025-10-12T15:30", "2025-10-12T15:30:00",
      "2025-10-12 15:30:00Z", "2025-10-12T24:00:00Z", "2025-10-12T15:60:00Z",
      "2025-10-12T15:30:60Z", "2025-10-12T15:30:00.Z", "2025-10-12T15:30:00.1234567891Z",
      "2025-10-12T15:30:00+2", "2025-10-12T15:30:00+0200", "2025-10-12T15:30:00+24:00",
      "2025-10-12T15:30:00z", "2025-10-12T15:30:00ZZ", "+2025-10-12", "-001-10-12",
      "２０２５-10-12",
    ])
  func notDates(text: String) { #expect(DateText(text) == nil) }

  @Test("Reading a date is the opposite of writing it")
  func inverse() throws {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let time = UnixMilliseconds(
        .random(in: -62_167_219_200_000..<253_402_300_800_000, using: &random))
      #expect(DateText(time.iso8601)?.start == time)
    }
  }

  @Test("Escapes are undone, a plus sign stays one, and empty pieces say nothing")
  func decoding() throws {
    let query = try PayoutListQuery(
      "&start_date=2025-10-12T15:30:00+02:00&&%73tatus=%70ending&", scope: .all)
    #expect(query.filter.status == .pending)
    #expect(query.filter.from == UnixMilliseconds(1_760_275_800_000))
    #expect(
      query.given == [
        JSONMember("status", .string("pending")),
        JSONMember("start_date", .string("2025-10-12T15:30:00+02:00")),
      ])
  }

  @Test("Without parameters it is the first twenty of everything", arguments: [nil, "", "&"])
  func defaults(text: String?) throws {
    let query = try PayoutListQuery(text, scope: .all)
    #expect(query.filter == PayoutFilter(scope: .all))
    #expect(query.limit == 20)
    #expect(query.offset == 0)
    #expect(query.cursor == nil)
    #expect(query.given == [])
  }

  @Test("Every status is a set of states, and every state that is shown has one")
  func states() {
    var all: [PayoutState] = []
    for status in PayoutStatus.allCases {
      let states = PayoutFilter(scope: .all, status: status).states
      #expect(!states.isEmpty)
      all += states
    }
    #expect(Set(all) == Set(PayoutState.allCases.filter(\.isAdmitted)))
    #expect(all.count == Set(all).count)
  }

  @Test("The states are asked in the order of life")
  func order() {
    let states = PayoutFilter(scope: .all).states
    let hasReturned = states.drop { !$0.isFinal }.contains { !$0.isFinal }
    #expect(!hasReturned)
    #expect(states.prefix(3) == [.accepted, .scheduled, .assigned])
  }
}

@Suite("Pages")
struct PayoutPageTests {
  private static func id(_ time: Int64, _ serial: UInt64 = 0) -> PayoutID {
    PayoutID(createdAt: UnixMilliseconds(time), high: 0, low: serial)
  }

  private static func request(offset: Int = 0, limit: Int) -> PayoutPageRequest {
    PayoutPageRequest(filter: PayoutFilter(scope: .all), offset: offset, limit: limit)
  }

  @Test("Parts merge newest first, each id once")
  func merge() {
    let parts = [[5, 3, 1], [4, 3, 2], []].map { $0.map { Self.id($0) } }
    for (offset, limit, expected, hasMore) in [
      (0, 2, [5, 4], true), (0, 4, [5, 4, 3, 2], true), (0, 5, [5, 4, 3, 2, 1], false),
      (0, 9, [5, 4, 3, 2, 1], false), (2, 2, [3, 2], true), (3, 2, [2, 1], false),
      (4, 2, [1], false), (5, 2, [], false), (9, 2, [], false),
    ] as [(Int, Int, [Int64], Bool)] {
      let page = PayoutPageIDs(
        merging: parts, for: Self.request(offset: offset, limit: limit))
      #expect(page.ids == expected.map { Self.id($0) }, "\(offset) \(limit)")
      #expect(page.hasMore == hasMore, "\(offset) \(limit)")
    }
  }

  @Test("What moved out of the list is left out, and the page ends where it ended")
  func moved() throws {
    var payouts = try [3, 2, 1].map { time in
      Payout(
        id: Self.id(time), tenant: TenantID("t"), requestID: RequestID("r"),
        request: PayoutRequest(
          recipient: try TronAddress(base58: "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"),
          amount: USDTAmount(micro: 1), reason: "r", router: .v0),
        idempotency: nil, createdAt: UnixMilliseconds(time), estimatedCompletion: nil)
    }
    payouts[2].state = .paid
    let ids = PayoutPageIDs(merging: [payouts.map(\.id)], for: Self.request(limit: 3))
    let page = ids.page(
      of: payouts.reversed(), filter: PayoutFilter(scope: .all, status: .pending), count: nil)
    #expect(page.payouts.map(\.id) == [Self.id(3), Self.id(2)])
    #expect(page.last == Self.id(1))
  }

  @Test("Counting stops at the bound and says so")
  func count() {
    #expect(PayoutCount(counted: 9, bound: 10) == PayoutCount(total: 9, isExact: true))
    #expect(PayoutCount(counted: 10, bound: 10) == PayoutCount(total: 10, isExact: true))
    #expect(PayoutCount(counted: 11, bound: 10) == PayoutCount(total: 10, isExact: false))
  }

  @Test("Ids sort by time, and each time has a lowest one")
  func times() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      let time = UnixMilliseconds(.random(in: 0..<1 << 48, using: &random))
      let id = PayoutID(
        createdAt: time, high: .random(in: .min ... .max), low: .random(in: .min ... .max))
      #expect(id.createdAt == time)
      #expect(PayoutID(clientText: id.text) == id)
      #expect(PayoutID.lowest(at: time) <= id)
      #expect(id < .lowest(at: time.advanced(milliseconds: 1)) || time.value == 1 << 48 - 1)
    }
    // Times that no id can have are brought to the nearest that one can.
    #expect(PayoutID.lowest(at: UnixMilliseconds(-5)) == Self.id(0))
    #expect(PayoutID.lowest(at: UnixMilliseconds(.max)).createdAt == UnixMilliseconds(1 << 48 - 1))
    for text in ["", "payout_", "payout_0000000000", "batch_00000000000000000000000000"] {
      #expect(PayoutID(text).createdAt == nil)
    }
  }
}
