import Synchronization
import Testing
import Tron

@testable import Payouts

@Suite("Lanes")
struct LaneTests {
  @Test("The highest lane that waits is next")
  func strict() {
    var queue = LaneQueue()
    _ = queue.arrived(.low)
    for lane in [Lane.low, .normal, .urgent, .high] {
      let mayBegin = queue.arrived(lane)
      #expect(!mayBegin)
    }
    var order: [Lane?] = []
    for _ in 0..<5 { order.append(queue.left()) }
    #expect(order == [.urgent, .high, .normal, .low, nil])
    let mayBegin = queue.arrived(.low)
    #expect(mayBegin, "nobody works any more")
  }

  @Test("Whatever the higher lanes have, each lane that waits gets a turn in twelve")
  func fair() {
    var queue = LaneQueue()
    _ = queue.arrived(.urgent)
    for lane in [Lane.high, .normal, .low] { _ = queue.arrived(lane) }
    var turns: [Lane] = [.urgent]
    for _ in 0..<240 {
      // Who has finished has more work at once, the most urgent one included.
      if let last = turns.last { _ = queue.arrived(last) }
      guard let next = queue.left() else { break }
      turns.append(next)
    }
    for lane in Lane.allCases {
      let places = turns.indices.filter { turns[$0] == lane }
      let gaps = zip(places.dropFirst(), places).map { $0 - $1 }
      #expect(gaps.max() ?? .max <= 12, "\(lane): \(gaps)")
    }
    #expect(turns.count { $0 == .urgent } > turns.count / 2)
  }

  @Test("An URGENT hint behind 20,000 LOW ones waits for one piece of their work")
  func urgentBehindLow() async throws {
    let stage = CountingStage()
    let gate = LaneGate()
    let low = Self.laneStage(.low, gate, stage)
    let urgent = Self.laneStage(.urgent, gate, stage)
    let urgentRecord = Self.record(.urgent, 0)
    stage.whenLowWorks = { Task { try await urgent.process([urgentRecord]) } }
    // What a loop gives to its lane at a time.
    for start in stride(from: 0, to: 20_000, by: 500) {
      try await low.process((start..<start + 500).map { Self.record(.low, Int64($0)) })
    }
    try await stage.urgentWork?.value
    let order = stage.order.withLock { $0 }
    #expect(order.reduce(0) { $0 + $1.count } == 20_001)
    let place = try #require(order.firstIndex { $0.lane == .urgent })
    #expect(place <= 3, "in place \(place) of \(order.count)")
    #expect(order.allSatisfy { $0.count <= LaneStage.slice })
  }

  @Test("While the work of a lane is slow, its pieces are small")
  func slow() async throws {
    let stage = CountingStage()
    let time = Mutex(Duration.zero)
    let lane = LaneStage(
      .low, gate: LaneGate(), stage: stage, store: Backlog([]), pause: {},
      time: {
        time.withLock { now in
          defer { now += .milliseconds(500) }; return now
        }
      })
    try await lane.process((0..<200).map { Self.record(.low, Int64($0)) })
    let pieces = stage.order.withLock { $0.map(\.count) }
    #expect(pieces.prefix(4) == [50, 25, 12, 10])
    #expect(pieces.dropFirst(3).dropLast().allSatisfy { $0 == BatchPace.least })
    #expect(pieces.reduce(0, +) == 200)
  }

  private static func laneStage(
    _ lane: Lane, _ gate: LaneGate, _ stage: CountingStage
  ) -> LaneStage {
    LaneStage(lane, gate: gate, stage: stage, store: Backlog([]), pause: {}, time: { .zero })
  }

  @Test("Lower lanes let the journal drain, and go on after a while all the same")
  func drains() async throws {
    let pauses = Mutex(0)
    let stage = CountingStage()
    func laneStage(_ lane: Lane, _ planned: [Int]) -> LaneStage {
      LaneStage(
        lane, gate: LaneGate(), stage: stage, store: Backlog(planned),
        pause: { pauses.withLock { $0 += 1 } }, time: { .zero })
    }
    try await laneStage(.low, [900, 50, 49]).process([Self.record(.low, 0)])
    #expect(pauses.withLock { $0 } == 2)
    try await laneStage(.urgent, [900, 900, 900]).process([Self.record(.urgent, 0)])
    #expect(pauses.withLock { $0 } == 2)
    try await laneStage(.low, Array(repeating: 500, count: 100)).process([Self.record(.low, 1)])
    #expect(pauses.withLock { $0 } == 2 + LaneStage.mostPauses)
    #expect(stage.order.withLock { $0.count } == 3)
  }

  @Test("A lane never waits for the plans of the lanes below it alone")
  func roomAbove() throws {
    let bounds = [Lane.low, .normal, .high].compactMap(LaneStage.mostPlanned)
    #expect(bounds.count == 3)
    for (lower, higher) in zip(bounds, bounds.dropFirst()) {
      // What a lower lane adds at most, when it begins just below its bound.
      #expect(lower + LaneStage.slice <= higher)
    }
    #expect(LaneStage.mostPlanned(.urgent) == nil)
  }

  private static func record(_ lane: Lane, _ offset: Int64) -> IncomingRecord {
    IncomingRecord(
      topic: .ready(lane), partition: 0, offset: offset, timestamp: UnixMilliseconds(0), key: [],
      value: [], headers: [])
  }
}

/// Takes note of who worked, in what pieces.
private final class CountingStage: RecordProcessor {
  let order = Mutex<[(lane: Lane, count: Int)]>([])
  private let wake = Mutex<(@Sendable () -> Task<Void, any Error>)?>(nil)
  private let work = Mutex<Task<Void, any Error>?>(nil)

  var urgentWork: Task<Void, any Error>? { work.withLock { $0 } }
  var whenLowWorks: (@Sendable () -> Task<Void, any Error>)? {
    get { wake.withLock { $0 } }
    set { wake.withLock { $0 = newValue } }
  }

  func process(_ records: [IncomingRecord]) async throws {
    guard case .ready(let lane)? = records.first?.topic else { return }
    order.withLock { $0.append((lane, records.count)) }
    if lane == .low,
      let begin = wake.withLock({ wake in
        defer { wake = nil }
        return wake
      })
    {
      let task = begin()
      work.withLock { $0 = task }
    }
    // Long enough for the urgent one to arrive at the gate.
    for _ in 0..<100 { await Task.yield() }
  }
}

/// A store that counts as many planned transfers as it is told, one answer after the other.
private final class Backlog: LaneStore {
  private let answers: Mutex<[Int]>

  init(_ answers: [Int]) { self.answers = Mutex(answers) }

  func urgent(
    createdFrom: UnixMilliseconds?, createdBefore: UnixMilliseconds, limit: Int
  ) async throws(StoreError) -> [Payout] { [] }

  func planned(upTo bound: Int) async throws(StoreError) -> Int {
    answers.withLock { $0.isEmpty ? 0 : $0.removeFirst() }
  }
}
