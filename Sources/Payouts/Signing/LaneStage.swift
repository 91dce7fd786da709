import Synchronization

/// One lane of the Signer: has its hints processed when it is the lane's turn, in pieces that keep a
/// higher lane waiting for a moment only.
public final class LaneStage: RecordProcessor {
  // LIMIT: hints of a turn; fewer when they take long.
  static let slice = 50
  // LIMIT: how often a lane pauses for them before it goes on all the same: it always progresses,
  // whether or not a Confirmer runs.
  static let mostPauses = 20

  private let lane: Lane
  private let gate: LaneGate
  private let stage: any RecordProcessor
  private let store: any LaneStore
  private let pause: @Sendable () async -> Void
  private let time: @Sendable () -> Duration
  private let pace = Mutex(BatchPace(most: slice))

  /// - Parameters:
  ///   - gate: shared by all lanes.
  ///   - stage: does the work, for all lanes.
  ///   - pause: waits some 50 ms.
  ///   - time: a reading of a clock that never jumps.
  public init(
    _ lane: Lane, gate: LaneGate, stage: any RecordProcessor, store: any LaneStore,
    pause: @escaping @Sendable () async -> Void, time: @escaping @Sendable () -> Duration
  ) {
    self.lane = lane
    self.gate = gate
    self.stage = stage
    self.store = store
    self.pause = pause
    self.time = time
  }

  /// Takes the effect of every record; see ``RecordProcessor``.
  public func process(_ records: [IncomingRecord]) async throws {
    var rest = records[...]
    while !rest.isEmpty {
      try await letJournalDrain()
      let slice = Array(rest.prefix(pace.withLock { $0.limit }))
      try await gate.turn(of: lane) {
        let begun = time()
        try await stage.process(slice)
        let duration = time() - begun
        pace.withLock { $0.processed(slice.count, in: duration) }
      }
      rest = rest.dropFirst(slice.count)
    }
  }

  /// Why records cannot be processed now; `nil` when they can.
  public func readiness() async -> String? { await stage.readiness() }

  // LIMIT: plans in the journal that wait to be armed, before a lane adds others. They are read in
  // order, so a new one waits for all of them. A higher lane has room beyond what the lower ones
  // fill, so it never waits for their plans alone; URGENT ones are always added.
  static func mostPlanned(_ lane: Lane) -> Int? {
    switch lane {
    case .urgent: nil
    case .high: 250
    case .normal: 150
    case .low: 50
    }
  }

  private func letJournalDrain() async throws(StoreError) {
    guard let most = Self.mostPlanned(lane) else { return }
    for _ in 0..<Self.mostPauses {
      guard try await store.planned(upTo: most) >= most else { return }
      await pause()
    }
  }
}
