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
  private let identifiers: RandomIdentifiers
  private let clock: any WallClock
  private let metrics: APIMetrics
  private let logger: Logger

  init(
    configuration: APIConfiguration, facts: FactsCache,
    admission: BatchAdmission, keys: RunningKeys, identifiers: RandomIdentifiers,
    clock: any WallClock,
    metrics: APIMetrics, logger: Logger
  ) {
    self.configuration = configuration
    self.facts = facts
    self.admission = admission
    self.keys = keys
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
      try caller.checkMayCreateBatches()
      let key = try RequestHash.key(headers: request.headers[values: .idempotencyKey])
      let body = try await request.json(maximumBytes: configuration.maximumBodyBytes)
      let recipients = try await facts.recipients(usdtContract: configuration.usdtContract)
      let asked = try BatchRequestReader(recipients: recipients).request(body)
      router = asked.router
      try caller.checkMayCreate(asked)
      let new = batch(asked, caller: caller, call: call, key: key, body: body)
      let answer = try await keys.whileRunning(new.batch.idempotency, of: caller.tenant) {
        try await admission.admit(new, trace: call.trace)
      }
      return respond(answer, new, call)
    } catch let refusal as Refusal {
      metrics.notCreated(refusal.code, router: router)
      throw APIError(refusal)
    } catch let error as APIError {
      metrics.notCreated(error.refusal.code, router: router)
      throw error
    }
  }

  private func batch(
    _ request: BatchRequest, caller: Caller, call: Call, key: String?, body: JSONValue
  ) -> NewBatch {
    let idempotency = key.map {
      IdempotencyKey(
        key: $0,
        requestHash: RequestHash.hash(
          method: "POST", path: "\(RouteTable.prefix)/payouts/batch", body: body))
    }
    // Not when the request came: prepared payouts are judged by their age, and a body may be slow.
    let now = clock.now()
    var new = NewBatch(
      id: identifiers.batchID(), tenant: caller.tenant, requestID: call.id, request: request,
      ids: request.payouts.map { _ in identifiers.payoutID(at: now) },
      idempotency: idempotency,
      createdAt: now,
      estimatedCompletion: now.advanced(
        seconds: configuration.expectedConfirmationSeconds))
    for index in new.payouts.indices { new.payouts[index].trace = call.trace }
    return new
  }

  private func respond(
    _ answer: BatchAdmission.Answer, _ new: NewBatch, _ call: Call
  ) -> Response {
    switch answer {
    case .created(let batch):
      for payout in new.payouts { metrics.created(payout) }
      logger.info("batch accepted", metadata: Self.metadata(batch, call))
      return BatchAnswer.response(
        BatchView(asAdmitted: batch), status: .created,
        headers: [.location: BatchAnswer.location(batch.id)])
    case .replayed(let batch):
      metrics.replayed(router: batch.router)
      logger.info("batch request replayed", metadata: Self.metadata(batch, call))
      return BatchAnswer.response(
        BatchView(asAdmitted: batch), status: .created,
        headers: [.location: BatchAnswer.location(batch.id), .idempotencyReplayed: "true"])
    }
  }

  private static func metadata(_ batch: Batch, _ call: Call) -> Logger.Metadata {
    [
      "batch_id": .string(batch.id.text), "payouts": .stringConvertible(batch.payoutIDs.count),
      "request_id": .string(call.id.text), "tenant": .string(batch.tenant.text),
      "router": .string(batch.router.rawValue), "trace_id": .string(call.trace.traceID),
    ]
  }
}
