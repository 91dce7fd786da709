import Testing
import Tron

@testable import Payouts

@Suite("Replaying a range of a topic")
struct ReplayTests {
  private typealias World = BatcherWorld

  private static func request(
    partition: Int32? = nil, from: String? = nil
  ) -> ReplayState.Request {
    ReplayState.Request(
      topic: "payouts.requested", prefix: "p.", from: from, to: nil, partition: partition,
      dryRun: false)
  }

  @Test(
    "A point is an offset or a time",
    arguments: [
      ("0", .offset(0)), ("42", .offset(42)),
      ("1970-01-02", .time(UnixMilliseconds(86_400_000))),
      ("1970-01-01T00:00:01Z", .time(UnixMilliseconds(1_000))),
      ("", nil), ("-1", nil), ("1.5", nil), ("yesterday", nil), ("1970-02-30", nil),
      ("9223372036854775808", nil),
    ] as [(String, ReplayPoint?)])
  func points(text: String, point: ReplayPoint?) {
    #expect(ReplayPoint(text) == point)
  }

  @Test(
    "A range is cut to what the partitions hold",
    arguments: [
      (nil, nil, [10, 20], [0, 0]), (Int64(12), Int64(15), [12, 15], [0, 0]),
      (Int64(0), Int64(99), [10, 20], [0, 0]), (Int64(30), nil, [20, 20], [0, 0]),
      (Int64(15), Int64(12), [15, 15], [0, 0]), (nil, Int64(5), [10, 10], [0, 0]),
    ] as [(Int64?, Int64?, [Int64], [Int64])])
  func ranges(from: Int64?, to: Int64?, first: [Int64], second: [Int64]) {
    let state = ReplayState(
      Self.request(), held: [1: 0..<0, 0: 10..<20], starts: { _ in from }, ends: { _ in to })
    #expect(state.partitions.map(\.partition) == [0, 1])
    #expect(state.partitions.map { [$0.next, $0.end] } == [first, second])
    #expect(state.remaining == first[1] - first[0])
  }

  @Test("One partition is one partition, and what was read is not left")
  func partition() throws {
    var state = ReplayState(
      Self.request(partition: 1), held: [0: 0..<5, 1: 3..<7], starts: { $0 == 1 ? 4 : nil },
      ends: { _ in nil })
    #expect(state.partitions == [ReplayState.Partition(partition: 1, next: 4, end: 7)])
    state.partitions[0].next = 7
    #expect(state.remaining == 0)
  }

  private static func record(_ record: OutgoingRecord) -> IncomingRecord {
    IncomingRecord(
      topic: record.topic, partition: record.partition ?? 0, offset: 0,
      timestamp: UnixMilliseconds(0), key: Array(record.key.utf8), value: record.value,
      headers: record.headers)
  }

  private static func preview(_ world: World) -> ReplayPreview {
    let clock = World.Clock(UnixMilliseconds(0))
    return ReplayPreview(
      payouts: world, transfers: world, kyc: KYCGate(store: world, clock: clock, facts: nil))
  }

  private static func effect(
    _ world: World, _ record: OutgoingRecord
  ) async throws -> ReplayEffect? {
    let found = try await Self.preview(world).preview([
      Self.record(record)
    ])
    // What is appended is what was read.
    #expect(found.first?.record?.value == record.value)
    return found.first?.effect
  }

  @Test(
    "What comes of a payout's message depends on the payout",
    arguments: [
      (.accepted, nil, .formsTransfer), (.scheduled, nil, .nothing), (.prepared, nil, .nothing),
      (.assigned, nil, .formsTransfer), (.assigned, .ready, .plans),
      (.assigned, .planned, .nothing), (.assigned, .armed, .nothing), (.paid, .paid, .nothing),
      (.failed, .failed, .nothing), (.cancelled, .cancelled, .nothing),
    ] as [(PayoutState, TransferState?, ReplayEffect)])
  func payouts(state: PayoutState, transferState: TransferState?, effect: ReplayEffect) async throws
  {
    let world = World()
    var payout = World.payout("p", to: try World.recipient(1), type: .immediate)
    payout.state = state
    if state != .accepted { payout.transferID = TransferID("t") }
    world.add([payout])
    if let transferState { try await world.insert([try Self.transfer(transferState)]) }
    #expect(try await Self.effect(world, LogMessages.requested(payout)) == effect)
    #expect(try await Self.effect(World(), LogMessages.requested(payout)) == .unknownSubject)
  }

  @Test("A payout without the record that it needs stays where it is")
  func withoutRecord() async throws {
    let world = World()
    let recipient = try World.recipient(1)
    var payout = World.payout("p", to: recipient, type: .immediate)
    payout.request.router = .kyc
    world.add([payout])
    let message = LogMessages.requested(payout)
    #expect(try await Self.effect(world, message) == .nothing)
    world.contents.withLock { $0.active = [recipient] }
    #expect(try await Self.effect(world, message) == .formsTransfer)
  }

  @Test(
    "What comes of a hint and of the ends in the journal depends on the transfer",
    arguments: [
      (.ready, .plans, .concludes), (.planned, .signsAgain, .concludes),
      (.held, .nothing, .concludes), (.armed, .nothing, .concludes),
      (.failing, .nothing, .concludes), (.voiding, .nothing, .concludes),
      (.paid, .nothing, .nothing), (.failed, .nothing, .nothing),
      (.cancelled, .nothing, .nothing),
    ] as [(TransferState, ReplayEffect, ReplayEffect)])
  func transfers(state: TransferState, hint: ReplayEffect, void: ReplayEffect) async throws {
    let world = World()
    let transfer = try Self.transfer(state)
    try await world.insert([transfer])
    #expect(try await Self.effect(world, LogMessages.ready(transfer)) == hint)
    let record = LogMessages.void(transfer)
    #expect(try await Self.effect(world, record) == void)
    #expect(try await Self.effect(World(), record) == .unknownSubject)
  }

  @Test("What is malformed is not appended again")
  func malformed() async throws {
    let world = World()
    let found = try await Self.preview(world).preview([
      IncomingRecord(
        topic: .requested, partition: 0, offset: 0, timestamp: UnixMilliseconds(0), key: [1],
        value: [2], headers: [])
    ])
    #expect(found.map(\.effect) == [.notUnderstood])
    #expect(found.map(\.record) == [nil])
    #expect(found.map(\.kind) == ["unknown"])
  }

  private static func transfer(_ state: TransferState) throws -> Transfer {
    var transfer = Transfer(
      id: TransferID("t"), members: [PayoutID("p")], recipient: try World.recipient(1),
      amount: USDTAmount(micro: 1), router: .v0, lane: .normal, partition: 3,
      createdAt: UnixMilliseconds(0))
    transfer.state = state
    return transfer
  }
}
