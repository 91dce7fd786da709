import Payouts
import Service
import Synchronization
import Tron

/// What happened, in order, as short words.
final class Diary: Sendable {
  private let entries = Mutex<[String]>([])

  var all: [String] { entries.withLock { $0 } }

  func note(_ entry: String) { entries.withLock { $0.append(entry) } }
}

/// A group member that brings what a script says, then ends the test.
final class ScriptedConsumer: LogConsumer {
  enum Step: Sendable {
    case event(ConsumerEvent)
    case failure(LogError)
    /// Comes only when rebalances alone are asked for, that is, while a batch is being repeated or
    /// the gate is closed.
    case whileWaiting(ConsumerEvent)
    /// Comes whatever is asked for.
    case always(ConsumerEvent)
  }

  private struct State {
    var steps: [Step]
    var commitFailures: Int
    var emptyLooks = 0
    /// How many records were asked for, each time when some were given.
    var limits: [Int] = []
  }

  var limits: [Int] { state.withLock { $0.limits } }

  private let state: Mutex<State>
  private let diary: Diary
  private let onEnd: @Sendable () async -> Void

  init(
    _ steps: [Step], commitFailures: Int = 0, diary: Diary,
    onEnd: @escaping @Sendable () async -> Void
  ) {
    state = Mutex(State(steps: steps, commitFailures: commitFailures))
    self.diary = diary
    self.onEnd = onEnd
  }

  func next(limit: Int, wait: Duration) async throws(LogError) -> ConsumerEvent? {
    await Task.yield()
    let (step, isEmpty) = state.withLock { state -> (Step?, Bool) in
      switch state.steps.first {
      case .whileWaiting where limit > 0: return (nil, false)
      case .event where limit == 0, .failure where limit == 0: return (nil, false)
      case nil: return (nil, limit > 0)
      default:
        if case .event(.records) = state.steps.first { state.limits.append(limit) }
        return (state.steps.removeFirst(), false)
      }
    }
    if isEmpty { await onEnd() }
    switch step {
    case .event(let event), .whileWaiting(let event), .always(let event): return event
    case .failure(let error):
      diary.note("fail")
      throw error
    case nil: return nil
    }
  }

  func commit(_ offsets: [TopicPartition: Int64]) async throws(LogError) {
    let fails = state.withLock { state in
      guard state.commitFailures > 0 else { return false }
      state.commitFailures -= 1
      return true
    }
    let text = offsets.map { "\($0.key.partition):\($0.value)" }.sorted().joined(separator: " ")
    diary.note((fails ? "commit fails " : "commit ") + text)
    if fails { throw LogError(code: .unavailable, effect: .inDoubt, message: "no broker") }
  }

  func lag() async throws(LogError) -> [TopicPartition: Int64] { [:] }

  func close() async { diary.note("close") }
}

/// A stage that notes what it is given and fails as often as told.
final class NotingProcessor: RecordProcessor {
  private struct State {
    var failures: Int
    var closedLooks: Int
  }

  private let state: Mutex<State>
  private let diary: Diary
  private let work: @Sendable () async throws -> Void

  init(
    failures: Int = 0, closedLooks: Int = 0, diary: Diary,
    work: @escaping @Sendable () async throws -> Void = {}
  ) {
    state = Mutex(State(failures: failures, closedLooks: closedLooks))
    self.diary = diary
    self.work = work
  }

  func assigned(_ partitions: [TopicPartition]) async {
    diary.note("assigned \(Self.text(partitions.map(\.partition)))")
  }

  func revoked(_ partitions: [TopicPartition]) async {
    diary.note("revoked \(Self.text(partitions.map(\.partition)))")
  }

  func process(_ records: [IncomingRecord]) async throws {
    let text = records.map { "\($0.partition):\($0.offset)" }.joined(separator: " ")
    let fails = state.withLock { state in
      guard state.failures > 0 else { return false }
      state.failures -= 1
      return true
    }
    guard !fails else {
      diary.note("process fails \(text)")
      throw StartupError("the store is away")
    }
    try await work()
    diary.note("process \(text)")
  }

  func readiness() async -> String? {
    state.withLock { state in
      guard state.closedLooks > 0 else { return nil }
      state.closedLooks -= 1
      return "the chain head is stale"
    }
  }

  private static func text(_ partitions: [Int32]) -> String {
    partitions.sorted().map(String.init).joined(separator: ",")
  }
}

func record(_ partition: Int32, _ offset: Int64) -> IncomingRecord {
  IncomingRecord(
    topic: .signed, partition: partition, offset: offset, timestamp: UnixMilliseconds(0), key: [],
    value: [], headers: [])
}

func partitions(_ numbers: Int32...) -> [TopicPartition] {
  numbers.map { TopicPartition(topic: .signed, partition: $0) }
}
