import Payouts
import Testing
import Tron

@testable import KafkaLog

@Suite("The buffer of a consumer")
struct BufferTests {
  private let zero = TopicPartition(topic: .requested, partition: 0)
  private let one = TopicPartition(topic: .requested, partition: 1)

  private func buffer(records: Int = 100, bytes: Int = 1 << 20) -> ConsumerBuffer {
    ConsumerBuffer(limits: .init(records: records, bytes: bytes))
  }

  private func records(_ partition: TopicPartition, _ offsets: Range<Int64>) -> [IncomingRecord] {
    offsets.map {
      IncomingRecord(
        topic: partition.topic, partition: partition.partition, offset: $0,
        timestamp: UnixMilliseconds(0), key: [], value: Array("\($0)".utf8), headers: [])
    }
  }

  /// Everything that is in it, as short texts.
  private func drain(_ buffer: inout ConsumerBuffer, limit: Int = 1000) -> [String] {
    var told: [String] = []
    while let event = buffer.take(limit: limit) {
      switch event {
      case .assigned(let partitions): told.append("+\(partitions.map(\.partition).sorted())")
      case .revoked(let partitions): told.append("-\(partitions.map(\.partition).sorted())")
      case .records(let records): told += records.map { "\($0.partition):\($0.offset)" }
      }
    }
    return told
  }

  @Test("events come in the order in which they were told")
  func order() {
    var buffer = buffer()
    buffer.assigned([zero: 0, one: nil])
    buffer.read(records(zero, 0..<2))
    buffer.read(records(one, 5..<6))
    #expect(drain(&buffer) == ["+[0, 1]", "0:0", "0:1", "1:5"])
    #expect(buffer.isEmpty && buffer.count == 0)
    #expect(buffer.positions == [zero: 2, one: 6])
  }

  @Test("revoking forgets the records of those partitions only")
  func revokes() {
    var buffer = buffer()
    buffer.assigned([zero: 0, one: 0])
    buffer.read(records(zero, 0..<2) + records(one, 0..<2))
    buffer.revoked([zero])
    #expect(drain(&buffer) == ["+[0, 1]", "1:0", "1:1", "-[0]"])
    #expect(buffer.positions == [one: 2])
  }

  @Test("records of a partition that is not owned are dropped")
  func drops() {
    var buffer = buffer()
    buffer.read(records(zero, 0..<1))
    buffer.assigned([one: 0])
    buffer.read(records(zero, 1..<2) + records(one, 0..<1))
    buffer.revoked([one])
    buffer.read(records(one, 1..<2))
    #expect(drain(&buffer) == ["+[1]", "-[1]"])
  }

  @Test("an assignment that was revoked before anyone saw it is told as both")
  func unseenAssignment() {
    var buffer = buffer()
    buffer.assigned([zero: 0])
    buffer.read(records(zero, 0..<3))
    buffer.revoked([zero])
    buffer.assigned([zero: 0])
    buffer.read(records(zero, 0..<1))
    #expect(drain(&buffer) == ["+[0]", "-[0]", "+[0]", "0:0"])
  }

  @Test("empty assignments and revocations are not told")
  func empties() {
    var buffer = buffer()
    buffer.assigned([:])
    buffer.revoked([])
    buffer.read([])
    #expect(buffer.isEmpty)
  }

  @Test("a limit splits records without loss", arguments: [1, 2, 7, 256, 300, 1000])
  func limits(limit: Int) {
    var buffer = buffer(records: 10_000)
    buffer.assigned([zero: 0])
    for start in stride(from: Int64(0), to: 900, by: 90) {
      buffer.read(records(zero, start..<start + 90))
    }
    let told = drain(&buffer, limit: limit)
    #expect(told == ["+[0]"] + (0..<900).map { "0:\($0)" })
  }

  @Test("it is full by count or by size, and half empty by both")
  func fullness() {
    var byCount = buffer(records: 10)
    byCount.assigned([zero: 0])
    byCount.read(records(zero, 0..<10))
    #expect(byCount.isFull && !byCount.isHalfEmpty)
    _ = byCount.take(limit: 1)
    _ = byCount.take(limit: 4)
    #expect(!byCount.isFull && !byCount.isHalfEmpty)
    _ = byCount.take(limit: 1)
    #expect(byCount.isHalfEmpty)

    var bySize = buffer(bytes: 100)
    bySize.assigned([zero: 0])
    bySize.read(records(zero, 0..<2))
    #expect(bySize.isFull && !bySize.isHalfEmpty)
    bySize.revoked([zero])
    #expect(!bySize.isFull && bySize.isHalfEmpty)
  }
}

@Suite("What became of a batch")
struct DeliveryTests {
  private static let failures: [Effect: LogError] = [
    .none: LogError(code: .unavailable, effect: .none, message: "a"),
    .refused: LogError(code: .refused, effect: .refused, message: "b"),
    .inDoubt: LogError(code: .unavailable, effect: .inDoubt, message: "c"),
  ]

  @Test(
    "is as certain as its least certain record",
    arguments: [
      ([nil, nil], nil),
      ([Effect.none], Effect.none),
      ([Effect.none, Effect.none], Effect.none),
      ([Effect.refused, Effect.refused], Effect.refused),
      ([Effect.refused, Effect.none], Effect.none),
      ([nil, Effect.none], Effect.inDoubt),
      ([nil, Effect.refused], Effect.inDoubt),
      ([Effect.inDoubt, Effect.none], Effect.inDoubt),
      ([Effect.refused, Effect.inDoubt], Effect.inDoubt),
    ] as [([Effect?], Effect?)])
  func verdict(fates: [Effect?], effect: Effect?) {
    var tally = DeliveryTally(unsettled: fates.count)
    for fate in fates { tally.settle(1, fate.flatMap { Self.failures[$0] }) }
    #expect(tally.verdict?.effect == effect)
  }

  @Test("is in doubt while a record is under way")
  func underWay() {
    var tally = DeliveryTally(unsettled: 2)
    tally.settle(1, nil)
    #expect(tally.verdict?.effect == .inDoubt)
  }
}
