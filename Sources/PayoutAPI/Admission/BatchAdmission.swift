import Logging
import Payouts
import Synchronization

/// Brings batches into the store, whole or not at all, and into the log: rules N1 to N4.
final class BatchAdmission: Sendable {
  /// How a request ended that was granted.
  enum Answer: Sendable {
    /// A new batch.
    case created(Batch)
    /// The same request again: this batch was the answer.
    case replayed(Batch)
  }

  private let payouts: any PayoutStore
  private let batches: any BatchStore
  private let announcer: RequestAnnouncer
  private let limits: AmountLimiter?
  private let clock: any WallClock
  private let failpoints: any Failpoints
  private let logger: Logger
  private let maximumUnderWay: Int
  private let underWay = Mutex(0)

  init(
    ports: APIPorts, configuration: APIConfiguration, announcer: RequestAnnouncer,
    logger: Logger
  ) {
    payouts = ports.payouts
    batches = ports.batches
    limits = ports.limits
    clock = ports.clock
    failpoints = ports.failpoints
    maximumUnderWay = configuration.maximumBatchesUnderWay
    self.announcer = announcer
    self.logger = logger
  }

  /// Returns when the batch is accepted and, if the broker answers in time, in the log.
  func admit(_ new: NewBatch, trace: TraceContext) async throws -> Answer {
    let hasRoom = underWay.withLock { count in
      guard count < maximumUnderWay else { return false }
      count += 1
      return true
    }
    guard hasRoom else {
      throw APIError.unavailable(
        "admission", reason: "overloaded", message: "Too many requests wait")
    }
    defer { underWay.withLock { $0 -= 1 } }
    let reservation = try await reserve(new)
    let preparation: BatchPreparation
    do throws(APIError) { preparation = try await prepare(new) } catch {
      // Only this task could commit, and it gives up.
      await end(reservation, inserted: false, new)
      throw error
    }
    switch BatchStep(preparation, of: new.batch) {
    case .commit: return try await commit(new, reservation, trace: trace)
    case .repeated(let first):
      await end(reservation, inserted: false, new)
      return .replayed(try await decided(first))
    case .refuse(let refusal):
      await discard(new)
      await end(reservation, inserted: false, new)
      throw refusal
    }
  }

  /// Reserves the whole batch or refuses it.
  private func reserve(_ new: NewBatch) async throws(APIError) -> Reservation? {
    guard let limits else { return nil }
    let reservation: Reservation
    do {
      reservation = try await limits.reserve([new.payouts])
    } catch {
      throw APIError(error)
    }
    failpoints.reach(.ingestBatchAfterReserve)
    if let refusal = reservation.refusals[0] {
      await limits.end(reservation, inserted: [])
      throw APIError(refusal, now: clock.now())
    }
    guard reservation.isValid(at: clock.now()) else {
      await limits.end(reservation, inserted: [])
      throw APIError(.tooSlow)
    }
    return reservation
  }

  /// Not called while the batch may be committed with payouts still prepared: then the reservation
  /// stays pending until the repair finds them admitted or gone.
  private func end(_ reservation: Reservation?, inserted: Bool, _ new: NewBatch) async {
    guard let limits, let reservation else { return }
    await limits.end(reservation, inserted: inserted ? Set(new.payouts.map(\.id)) : [])
  }

  /// N1. A failure means that nothing of this request is accepted: only this task could commit, and
  /// it gives up. An earlier request with the same key may have been.
  private func prepare(_ new: NewBatch) async throws(APIError) -> BatchPreparation {
    do {
      let preparation = try await repeatedWhileInDoubt { () async throws(StoreError) in
        try await batches.prepare(new.payouts)
      }
      failpoints.reach(.ingestBatchAfterPrepare)
      return preparation
    } catch {
      if error.effect != .none { await discard(new) }
      throw APIError(error)
    }
  }

  /// N2: from here the batch is accepted, or never will be.
  private func commit(
    _ new: NewBatch, _ reservation: Reservation?, trace: TraceContext
  ) async throws(APIError) -> Answer {
    let decision: BatchDecision
    do {
      decision = try await repeatedWhileInDoubt { () async throws(StoreError) in
        try await batches.decide(.committed(new.batch), on: new.batch.id)
      }
    } catch {
      throw Self.uncertain(error, new.batch)
    }
    failpoints.reach(.ingestBatchAfterCommit)
    switch decision {
    case .committed:
      await finish(new, reservation, trace: trace)
      return .created(new.batch)
    case .aborted:
      await discard(new)
      await end(reservation, inserted: false, new)
      throw .unavailable(
        "store", reason: "too_slow",
        message: "Nothing was accepted: the store took too long. Repeat the request")
    }
  }

  /// N3. The batch is accepted whatever happens here; what fails is done by the sweepers.
  private func finish(_ new: NewBatch, _ reservation: Reservation?, trace: TraceContext) async {
    do {
      try await repeatedWhileInDoubt { () async throws(StoreError) in
        try await batches.admitPayouts(of: new.batch)
      }
    } catch {
      warn("an accepted batch is left to the sweeper", new.batch, error)
      return
    }
    failpoints.reach(.ingestBatchAfterFlip)
    await end(reservation, inserted: true, new)
    await announcer.announce(
      new.payouts.map { LogMessages.requested($0.admitted, traceparent: trace.traceparent) })
    failpoints.reach(.ingestAfterAppend)
  }

  /// The batch that the same request made before, if it is decided.
  func decided(_ id: BatchID) async throws -> Batch {
    do {
      guard case .committed(let batch) = try await batches.decisions(on: [id])[id] else {
        throw Refusal.firstStillRunning
      }
      return batch
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  /// Frees key and references at once; without it the sweeper does, later.
  private func discard(_ new: NewBatch) async {
    do {
      try await batches.discard(new.batch.payoutIDs, of: new.batch.id)
    } catch {
      warn("prepared payouts are left to the sweeper", new.batch, error)
    }
  }

  private func warn(_ message: Logger.Message, _ batch: Batch, _ error: StoreError) {
    logger.warning(
      message, metadata: ["batch_id": .string(batch.id.text), "error": .string("\(error)")])
  }

  private static func uncertain(_ error: StoreError, _ batch: Batch) -> APIError {
    guard error.effect == .inDoubt else { return APIError(error) }
    return .outcomeUnknown(
      "batch", "batch_id", batch.id.text, hasKey: batch.idempotency != nil)
  }
}
