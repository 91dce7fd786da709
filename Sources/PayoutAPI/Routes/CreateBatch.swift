import HTTPTypes
import Hummingbird
import Logging
import Payouts
import Service

/// `POST /payouts/batch`.
final class CreateBatch: Sendable {
  private let configuration: APIConfiguration
  private let facts: FactsCache
  private let admission: BatchAdmission
  private let keys: RunningKeys
  private let firsts: FirstRequests
  private let guards: AdmissionGuards
  private let auditTrail: AuditTrail
  private let identifiers: RandomIdentifiers
  private let clock: any WallClock
  private let metrics: APIMetrics
  private let logger: Logger

  init(
    configuration: APIConfiguration, facts: FactsCache,
    admission: BatchAdmission, keys: RunningKeys, firsts: FirstRequests, guards: AdmissionGuards,
    auditTrail: AuditTrail, identifiers: RandomIdentifiers, clock: any WallClock,
    metrics: APIMetrics, logger: Logger
  ) {
    self.configuration = configuration
    self.facts = facts
    self.admission = admission
    self.keys = keys
    self.firsts = firsts
    self.guards = guards
    self.auditTrail = auditTrail
    self.identifiers = identifiers
    self.clock = clock
    self.metrics = metrics
    self.logger = logger
  }

  /// Admits a batch with all its payouts, or says why none.
  func respond(to request: Request, call: Call) async throws -> Response {
    var router: RouterType?
    do {
      let caller = try call.authenticated()
      let key = try RequestHash.key(headers: request.headers[values: .idempotencyKey])
      // Without a key there is no first request to look for, and no reason to read the body.
      if key == nil { try caller.checkMayCreateBatches() }
      let body = try await request.json(maximumBytes: configuration.maximumBodyBytes)
      let idempotency = key.map { Self.idempotency($0, body) }
      // All of it: or a repetition could be refused by what holds today while the first is accepted.
      return try await keys.whileRunning(idempotency, of: caller.tenant) {
        try await repeating(idempotency, of: caller.tenant, call) {
          try caller.checkMayCreateBatches()
          let asked = try await read(body)
          router = asked.router
          try caller.checkMayCreate(
            asked, standing: try await guards.standing(of: asked.payouts, caller))
          try await guards.checkBreaker()
          let new = batch(asked, caller: caller, call: call, idempotency: idempotency)
          let answer = try await auditTrail.notingDoubt(
            of: new.batch.id.text, at: new.batch.createdAt, call
          ) { try await admission.admit(new, trace: call.trace) }
          return respond(answer, new, call)
        }
      }
    } catch let refusal as Refusal {
      metrics.notCreated(refusal.code, router: router)
      throw APIError(refusal)
    } catch let error as APIError {
      metrics.notCreated(error.refusal.code, router: router)
      throw error
    }
  }

  /// What is refused today may have been granted before.
  private func repeating(
    _ idempotency: IdempotencyKey?, of tenant: TenantID, _ call: Call,
    _ admit: () async throws -> Response
  ) async throws -> Response {
    do { return try await admit() } catch {
      guard let first = try await firsts.payout(idempotency, of: tenant, insteadOf: error)?.batchID
      else { throw error }
      return replayed(try await admission.decided(first), call)
    }
  }

  private func read(_ body: JSONValue) async throws -> BatchRequest {
    let recipients = try await facts.recipients(usdtContract: configuration.usdtContract)
    return try BatchRequestReader(recipients: recipients).request(body)
  }

  private static func idempotency(_ key: String, _ body: JSONValue) -> IdempotencyKey {
    IdempotencyKey(
      key: key,
      requestHash: RequestHash.hash(
        method: "POST", path: "\(RouteTable.prefix)/payouts/batch", body: body))
  }

  private func batch(
    _ request: BatchRequest, caller: Caller, call: Call, idempotency: IdempotencyKey?
  ) -> NewBatch {
    // Not when the request came: prepared payouts are judged by their age, and a body may be slow.
    let now = clock.now()
    let window = configuration.windows.window(request.batchType, at: facts.chainTime(now))
    var new = NewBatch(
      id: identifiers.batchID(), tenant: caller.tenant, requestID: call.id, request: request,
      ids: request.payouts.map { _ in identifiers.payoutID(at: now) },
      idempotency: idempotency, windowID: window, createdAt: now,
      estimatedCompletion: configuration.estimatedCompletion(of: window, createdAt: now))
    for index in new.payouts.indices { new.payouts[index].trace = call.trace }
    return new
  }

  private func respond(
    _ answer: BatchAdmission.Answer, _ new: NewBatch, _ call: Call
  ) -> Response {
    switch answer {
    case .created(let batch):
      for payout in new.payouts { metrics.created(payout) }
      auditTrail.note(
        AuditEntry(
          .admission, "created", at: batch.createdAt, by: call.actor, subjects: [batch.id.text],
          note: "\(batch.payoutIDs.count) payouts"))
      logger.info("batch accepted", metadata: Self.metadata(batch, call))
      return BatchAnswer.response(
        BatchView(asAdmitted: batch), status: .created,
        headers: [.location: BatchAnswer.location(batch.id)])
    case .replayed(let batch): return replayed(batch, call)
    }
  }

  private func replayed(_ batch: Batch, _ call: Call) -> Response {
    metrics.replayed(router: batch.router)
    logger.info("batch request replayed", metadata: Self.metadata(batch, call))
    return BatchAnswer.response(
      BatchView(asAdmitted: batch), status: .created,
      headers: [.location: BatchAnswer.location(batch.id), .idempotencyReplayed: "true"])
  }

  private static func metadata(_ batch: Batch, _ call: Call) -> Logger.Metadata {
    [
      "batch_id": .string(batch.id.text), "payouts": .stringConvertible(batch.payoutIDs.count),
      "request_id": .string(call.id.text), "tenant": .string(batch.tenant.text),
      "router": .string(batch.router.rawValue), "trace_id": .string(call.trace.traceID),
    ]
  }
}
