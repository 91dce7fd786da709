import Testing
import Tron

@testable import Payouts

@Suite("Closing windows, with clocks that are told the time")
struct WindowClosingTests {
  private typealias World = BatcherWorld

  private static func instant(_ text: String) throws -> UnixMilliseconds {
    try #require(DateText(text)).start
  }

  private enum Head: CaseIterable {
    case there, behind, absent
  }

  @Test(
    "A window is closed when its end and the grace have passed and the chain has reached its end",
    arguments: [
      ("2026-11-24T02:59:59.999Z", BatchType.hourly),
      // Into another day, month, year.
      ("2026-11-30T23:30:00.000Z", .hourly), ("2026-12-31T23:59:59.999Z", .hourly),
      ("2026-11-30T12:00:00.000Z", .daily), ("2026-12-31T00:00:00.000Z", .daily),
      ("2026-12-31T23:59:59.999Z", .weekly), ("2026-11-23T00:00:00.000Z", .weekly),
      // Around leap days.
      ("2028-02-28T23:59:59.999Z", .daily), ("2028-02-29T12:00:00.000Z", .daily),
      ("2028-02-29T23:59:59.999Z", .hourly), ("2028-02-28T00:00:00.000Z", .weekly),
      ("2100-02-28T12:00:00.000Z", .daily),
    ])
  func boundaries(created: String, type: BatchType) async throws {
    let time = try Self.instant(created)
    let end = try #require(WindowCalendar.utc.window(type, at: time)).end
    let grace = WindowCalendar.utc.graceMilliseconds
    let moments = [-1, 0, grace - 1, grace]
    for head in Head.allCases {
      let world = World()
      world.add([World.payout("p", to: try World.recipient(1), type: type, at: time)])
      switch head {
      case .there: world.setHead(end)
      case .behind: world.setHead(end.advanced(milliseconds: -1))
      case .absent: world.setHead(nil)
      }
      let copy = world.copy(at: time)
      for moment in moments {
        copy.clock.set(end.advanced(milliseconds: moment))
        let count = try await copy.closing.turn()
        let isOver = head == .there && moment == grace
        #expect(count == (isOver ? 1 : 0), "\(moment) ms after the end, head \(head)")
      }
      // However late, once.
      copy.clock.set(end.advanced(seconds: 86_400))
      world.setHead(end.advanced(seconds: 86_400))
      #expect(try await copy.closing.turn() == (head == .there ? 0 : 1))
      #expect(try await copy.closing.turn() == 0)
      #expect(world.members == [[PayoutID("p")]])
    }
  }

  @Test("A clock that goes back after closing closes nothing twice, and nothing early")
  func back() async throws {
    let world = World()
    let first = try Self.instant("2026-12-31T23:10:00Z")
    let end = try Self.instant("2027-01-01T00:00:00Z")
    let recipient = try World.recipient(1)
    world.add([World.payout("a", to: recipient, at: first)])
    world.setHead(end.advanced(seconds: 10))
    let copy = world.copy(at: end.advanced(seconds: 10))
    #expect(try await copy.closing.turn() == 1)
    // Ingest's clock went back as well: a payout comes late into the window that was closed.
    copy.clock.set(first)
    world.add([
      World.payout("b", to: recipient, at: first),
      World.payout("c", to: recipient, at: end),
    ])
    #expect(try await copy.closing.turn() == 0)
    copy.clock.set(end.advanced(seconds: 10))
    #expect(try await copy.closing.turn() == 1)
    #expect(Set(world.members) == [[PayoutID("a")], [PayoutID("b")]])
    copy.clock.set(end.advanced(seconds: 3_610))
    #expect(try await copy.closing.turn() == 0, "the chain has not come that far")
    world.setHead(end.advanced(seconds: 3_610))
    #expect(try await copy.closing.turn() == 1)
    #expect(world.members.count == 3)
  }

  @Test("Copies whose clocks are a minute wrong close nothing before its end, and each payout once")
  func skewed() async throws {
    let world = World()
    let begin = try Self.instant("2028-02-29T23:00:00Z")
    let end = try Self.instant("2028-03-01T00:00:00Z")
    let fast = world.copy(at: begin)
    let slow = world.copy(at: begin)
    world.add(
      try (0..<6).map {
        World.payout("p\($0)", to: try World.recipient($0 / 2), at: begin)
      })
    var closedAt: [Int64] = []
    for second in stride(from: Int64(-120), through: 120, by: 1) {
      let now = end.advanced(seconds: second)
      fast.clock.set(now.advanced(seconds: 60))
      slow.clock.set(now.advanced(seconds: -60))
      world.setHead(now.advanced(seconds: -3))
      if second == 63 {
        // Late, when only the slow one still thinks that the window is open.
        world.add([World.payout("late", to: try World.recipient(9), at: begin)])
      }
      let counts = [try await fast.closing.turn(), try await slow.closing.turn()]
      if counts.contains(where: { $0 > 0 }) { closedAt.append(second) }
    }
    #expect(closedAt == [3, 63])
    #expect(world.members.count == 4)
    #expect(Set(world.members.flatMap { $0 }).count == 7)
  }

  @Test("A group that a page cuts, beside payouts that are held, goes out in one transfer")
  func cutGroups() async throws {
    let world = World()
    var all: [Payout] = []
    // Held ones first and in between, so that pages end in the middle of groups.
    for number in 0..<1_500 {
      let recipient = try World.recipient(number)
      let isHeld = number % 7 == 0
      if !isHeld { world.contents.withLock { _ = $0.active.insert(recipient) } }
      all += (0..<3).map {
        World.payout("p\(number)-\($0)", to: recipient, router: .kyc)
      }
    }
    world.add(all)
    let over = UnixMilliseconds(3_700_000)
    world.setHead(over)
    let copy = world.copy(at: over)
    var formed = 0
    for _ in 0..<6 { formed += try await copy.closing.turn() }
    let paid = (0..<1_500).count { $0 % 7 != 0 }
    #expect(formed == 3 * paid)
    #expect(world.members.count == paid)
    #expect(world.members.allSatisfy { $0.count == 3 })
  }

  @Test("However many payouts of a window are held, those behind them go out")
  func starvation() async throws {
    let world = World()
    let pages = WindowClosing.pagesReadPerTurn + 1
    let held = try World.recipient(1)
    world.add(
      (0..<pages * WindowClosing.pageSize).map {
        World.payout("held-\($0)", to: held, router: .kyc)
      })
    world.add([World.payout("free", to: try World.recipient(2))])
    let over = UnixMilliseconds(3_700_000)
    world.setHead(over)
    let copy = world.copy(at: over)
    #expect(try await copy.closing.turn() == 0)
    #expect(try await copy.closing.turn() == 1)
    #expect(world.members == [[PayoutID("free")]])
    // And those that have a record at last.
    world.contents.withLock { _ = $0.active.insert(held) }
    #expect(try await copy.closing.turn() >= WindowClosing.pageSize)
  }

  @Test("A window of 100,000 is taken in pages, and what is due at once passes in between")
  func large() async throws {
    let world = World()
    let count = 100_000
    let recipients = try (0..<1_000).map { try World.recipient($0) }
    world.add((0..<count).map { World.payout("p\($0)", to: recipients[$0 / 100]) })
    let over = UnixMilliseconds(3_700_000)
    world.setHead(over)
    let copy = world.copy(at: over)
    let immediate = World.payout("now", to: recipients[0], type: .immediate)
    world.add([immediate])
    let record = LogMessages.requested(immediate)
    let incoming = IncomingRecord(
      topic: .requested, partition: 0, offset: 0, timestamp: over, key: Array(record.key.utf8),
      value: record.value, headers: record.headers)
    // In the middle of a turn.
    world.whenLooking.withLock { $0 = { try await copy.stage.process([incoming]) } }
    let first = try await copy.closing.turn()
    #expect(world.members.contains([immediate.id]))
    #expect(first < count / 10)
    world.whenLooking.withLock { $0 = nil }
    var formed = first
    while formed < count {
      let turn = try await copy.closing.turn()
      try #require(turn > 0 && turn <= WindowClosing.pagesPerTurn * WindowClosing.pageSize)
      formed += turn
    }
    #expect(world.members.count == count / 100 + 1)
    world.contents.withLock { contents in
      #expect(contents.mostAtOnce <= WindowClosing.pageSize)
      #expect(contents.mostAssigned <= NettingPolicy.pageSize)
    }
  }

  @Test("URGENT payouts that are held for want of a record do not keep others from their turn")
  func urgentBehindHeld() async throws {
    let world = World()
    let held = try World.recipient(1)
    world.add(
      (0..<1_100).map {
        World.payout(
          "held-\($0)", to: held, router: .kyc, type: .immediate, priority: .urgent,
          at: UnixMilliseconds(Int64($0 / 600)))
      })
    let free = World.payout(
      "free", to: try World.recipient(2), type: .immediate, priority: .urgent,
      at: UnixMilliseconds(5))
    world.add([free])
    try await world.copy(at: UnixMilliseconds(1_000)).stage.formUrgent()
    #expect(world.members == [[free.id]])
  }

  @Test("A preview counts payouts, recipients, transfers, and what netting saves, window by window")
  func preview() throws {
    var count = WindowPreview.Count(netting: NettingPolicy(mostMembers: 2))
    let recipients = try (0..<3).map { try World.recipient($0) }
    let later = UnixMilliseconds(3_600_000)
    for payout in [
      World.payout("a", to: recipients[0], micro: 10),
      World.payout("b", to: recipients[0], micro: 20),
      World.payout("c", to: recipients[0], micro: 30),
      World.payout("d", to: recipients[1], micro: 40),
      World.payout("e", to: recipients[1], micro: 1, router: .kyc),
      World.payout("f", to: recipients[1], micro: .max, at: later),
      World.payout("g", to: recipients[2], micro: 1, at: later),
    ] {
      count.add(payout)
    }
    #expect(count.windows.map(\.window.end.value) == [3_600_000, 7_200_000])
    #expect(count.windows.map(\.payouts) == [5, 2])
    #expect(count.windows.map(\.recipients) == [3, 2])
    #expect(count.windows.map(\.transfers) == [4, 2])
    #expect(count.windows.map(\.amountMicro) == [101, .max])
    #expect(count.windows.map(\.saved) == [1, 0])
    let world = World()
    world.setHead(UnixMilliseconds(0))
    let head = world.contents.withLock { $0.head }
    #expect(count.windows[0].energySaved(head) == 65_000...130_000)
    // 420 sun for a unit of energy.
    let burn: ClosedRange<Int64> = 27_300_000...54_600_000
    #expect(count.windows[0].burnSaved(head) == burn)
    #expect(count.windows[0].energySaved(nil) == 65_000...130_000)
    #expect(count.windows[0].burnSaved(nil) == nil)
    #expect(count.windows[1].energySaved(head) == 0...0)
    // The chain may charge more than is usual.
    var costly = try #require(head)
    costly.transferEnergy = 200_000
    #expect(count.windows[0].energySaved(costly) == 65_000...200_000)
  }
}
