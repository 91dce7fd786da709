import Payouts
import Synchronization
import Testing
import Tron

@testable import MongoStore

@Suite struct PayoutListTests {
  @Test func `a page has what the filter lets through, newest first, and counts it`() async throws {
    try await withDatabase { store in
      // Few milliseconds, so that the rest of the id often decides.
      let all = try randomPayouts(300, within: 60)
      _ = try await store.insert(all.shuffled())
      for _ in 0..<150 {
        let request = randomRequest()
        let expected = all.filter(request.filter.matches).sorted { $0.id > $1.id }
        let below = expected.filter { payout in request.before.map { payout.id < $0 } ?? true }
        let page = try await store.page(request)
        #expect(
          page.payouts == Array(below.dropFirst(request.offset).prefix(request.limit)),
          "\(request)")
        #expect(page.last == page.payouts.last?.id)
        #expect(page.hasMore == (below.count > request.offset + request.limit), "\(request)")
        let bound = try #require(request.countBound)
        #expect(
          page.count == PayoutCount(counted: min(expected.count, bound + 1), bound: bound),
          "\(request)")
      }
    }
  }

  private func randomRequest() -> PayoutPageRequest {
    let time = { newYear.advanced(milliseconds: -.random(in: -2..<62)) }
    let scopes: [PayoutScope] = [
      .all, .tenant(TenantID("alice")), .tenant(TenantID("al")), .tenant(TenantID("nobody")),
    ]
    return PayoutPageRequest(
      filter: PayoutFilter(
        scope: scopes.randomElement() ?? .all,
        status: Bool.random() ? PayoutStatus.allCases.randomElement() : nil,
        router: Bool.random() ? RouterType.allCases.randomElement() : nil,
        from: Bool.random() ? time() : nil, until: Bool.random() ? time() : nil),
      before: Bool.random() ? .lowest(at: time()) : nil,
      offset: Bool.random() ? .random(in: 0..<80) : 0, limit: .random(in: 1...100),
      countBound: [5, 50, 1000].randomElement() ?? 5)
  }

  @Test(arguments: [nil, RouterType.v0])
  func `a walk sees what was there exactly once while payouts come and move on`(
    router: RouterType?
  ) async throws {
    try await withDatabase(threads: 8) { store in
      let old = try threeAMillisecond(200)
      _ = try await store.insert(old)
      let walked = try await withThrowingTaskGroup(of: [PayoutID].self) { group in
        let isOver = Flag()
        group.addTask {
          for number in 1...500 as ClosedRange<Int64> where !isOver.isSet {
            _ = try await store.insert([timedPayout(newYear.advanced(milliseconds: number))])
          }
          return []
        }
        group.addTask {
          for payout in old.shuffled() where !isOver.isSet { try await move(payout, in: store) }
          return []
        }
        group.addTask {
          defer { isOver.set() }
          return try await walk(store, router: router)
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(walked == Set(walked).sorted(by: >))
      let expected = old.filter { router == nil || $0.request.router == router }.map(\.id)
      #expect(walked.filter(Set(expected).contains) == expected.sorted(by: >))
    }
  }

  private func threeAMillisecond(_ count: Int) throws -> [Payout] {
    var payouts: [Payout] = []
    for number in 0..<count {
      let time = newYear.advanced(milliseconds: Int64(-number / 3))
      let router: RouterType = number.isMultiple(of: 2) ? .v0 : .kyc
      payouts.append(try timedPayout(time, router: router, serial: UInt64(number)))
    }
    return payouts
  }

  private func walk(_ store: MongoStore, router: RouterType?) async throws -> [PayoutID] {
    var walked: [PayoutID] = []
    var page: PayoutPage
    repeat {
      page = try await store.page(
        PayoutPageRequest(
          filter: PayoutFilter(scope: .tenant(TenantID("alice")), router: router),
          before: walked.last, limit: 7))
      walked += page.payouts.map(\.id)
      #expect(page.last == page.payouts.last?.id)
    } while page.hasMore
    return walked
  }

  @Test func `a payout that moves on while a page is read is never missing`() async throws {
    try await withDatabase(threads: 8) { store in
      let all = try threeAMillisecond(90).filter { $0.request.router == .v0 }
      let ids = all.map(\.id).sorted(by: >)
      _ = try await store.insert(all)
      let request = PayoutPageRequest(
        filter: PayoutFilter(scope: .tenant(TenantID("alice")), router: .v0), limit: 100)
      try await withThrowingTaskGroup(of: Void.self) { group in
        let isOver = Flag()
        for _ in 0..<3 {
          group.addTask {
            while !isOver.isSet {
              let page = try await store.page(request)
              #expect(page.payouts.map(\.id) == ids)
            }
          }
        }
        for payout in all.shuffled() { try await move(payout, in: store) }
        isOver.set()
        try await group.waitForAll()
      }
    }
  }

  @Test func `a payout that moved on is in the list of its new status only`() async throws {
    try await withDatabase { store in
      let payouts = try (0..<6).map { try timedPayout(newYear, serial: UInt64($0)) }
      _ = try await store.insert(payouts)
      try await move(payouts[2], in: store)
      let rest = payouts.map(\.id).filter { $0 != payouts[2].id }
      for (status, ids) in [(.pending, rest), (.processing, []), (.confirmed, [payouts[2].id])]
        as [(PayoutStatus, [PayoutID])]
      {
        let page = try await store.page(
          PayoutPageRequest(
            filter: PayoutFilter(scope: .all, status: status), limit: 10, countBound: 10))
        #expect(page.payouts.map(\.id) == ids.reversed())
        #expect(page.count == PayoutCount(total: ids.count, isExact: true))
      }
    }
  }

  /// One step through its life.
  private func move(_ payout: Payout, in store: MongoStore) async throws {
    let transfer = TransferID("t")
    try await store.assign([PayoutAssignment(payout: payout.id, rev: 1, transfer: transfer)])
    try await store.settle([
      PayoutSettlement(
        payout: payout.id, transfer: transfer, outcome: .paid(try samplePayment()))
    ])
  }
}

/// Set once.
private final class Flag: Sendable {
  private let value = Mutex(false)
  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }
}

@Suite struct SecretStoreTests {
  @Test func `of many first secrets one wins and everybody gets it`() async throws {
    try await withDatabase(threads: 8) { store in
      let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
        for number in 0..<24 as Range<UInt8> {
          group.addTask {
            try await store.secret(.listCursor, orFirst: [UInt8](repeating: number, count: 32))
          }
        }
        return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
      }
      #expect(secrets.count == 1)
      let again = try await store.secret(.listCursor, orFirst: [UInt8](repeating: 99, count: 32))
      #expect(secrets.contains(again))
    }
  }
}
