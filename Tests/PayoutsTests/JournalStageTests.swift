import Testing
import Tron

@testable import Payouts

@Suite("The journal as a Confirmer reads it")
struct JournalStageTests {
  private static func settled(_ number: Int, at offset: Int64) -> IncomingRecord {
    let record = LogMessages.journal(
      .settled(
        Settlement(transferID: TransferID("t\(number)"), result: .failed)), partition: 3)
    return IncomingRecord(
      topic: .signed, partition: 3, offset: offset, timestamp: UnixMilliseconds(offset),
      key: Array(record.key.utf8), value: record.value, headers: record.headers)
  }

  private let world: JudgedWorld
  private let stage: JournalStage

  init() throws {
    world = try JudgedWorld(nodes: 1, deathProofNodes: 1)
    stage = JournalStage(context: world.context, armedSignal: {})
  }

  private var remembered: Int? {
    world.context.state.with { $0.journals[3]?.count }
  }

  @Test("A log that begins anew is remembered anew")
  func fromTheBeginning() async throws {
    await stage.assigned([TopicPartition(topic: .signed, partition: 3)])
    try await stage.process((0..<4).map { Self.settled($0, at: Int64($0)) })
    #expect(remembered == 4)
    try await stage.process([Self.settled(7, at: 0)])
    #expect(remembered == 1)
  }

  @Test("When the log goes on below what was read, memory is of no use: the process ends")
  func truncated() async throws {
    await stage.assigned([TopicPartition(topic: .signed, partition: 3)])
    try await stage.process((0..<4).map { Self.settled($0, at: Int64($0)) })
    await #expect(throws: MustBeginAnew.self) {
      try await stage.process([Self.settled(7, at: 2)])
    }
    #expect(world.fakes.contents.withLock { $0.writes.isEmpty })
  }
}
