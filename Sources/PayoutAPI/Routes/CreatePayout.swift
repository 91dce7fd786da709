import HTTPTypes
import Hummingbird
import Logging
import Payouts
import Service
import Tron

/// `POST /payouts`.
final class CreatePayout: Sendable {
  private let configuration: APIConfiguration
  private let facts: FactsCache
  private let queue: AdmissionQueue
  private let keys: RunningKeys
  private let firsts: FirstRequests
  private let guards: AdmissionGuards
  private let auditTrail: AuditTrail
  private let identifiers: RandomIdentifiers
  private let clock: any WallClock
  private let metrics: APIMetrics
  private let logger: Logger

  init(
    configuration: APIConfiguration, facts: FactsCache, queue: AdmissionQueue, keys: RunningKeys,
    firsts: FirstRequests, guards: AdmissionGuards, auditTrail: AuditTrail,
    identifiers: RandomIdentifiers, clock: any WallClock, metrics: APIMetrics, logger: Logger
  ) {
    self.configuration = configuration
    self.facts = facts
    self.queue = queue
    self.keys = keys
    self.firsts = firsts
    self.guards = guards
    self.auditTrail = auditTrail
    self.identifiers = identifiers
    self.clock = clock
    self.metrics = metrics
    self.logger = logger
  }

  /// Admits one payout, or says why not.
  func respond(to request: Request, call: Call) async throws -> Response {
    var router: RouterType?
    do {
      let caller = try call.authenticated()
      let key = try RequestHash.key(headers: request.headers[values: .idempotencyKey])
      let body = try await request.json(maximumBytes: configuration.maximumBodyBytes)
      let idempotency = key.map { Self.idempotency($0, body) }
      // All of it: or a repetition could be refused by what holds today while the first is accepted.
      let verdict = try await keys.whileRunning(idempotency, of: caller.tenant) {
        try await repeating(idempotency, of: caller.tenant) {
          let asked = try await read(body)
          router = asked.router
          try caller.checkMayCreate(asked, standing: try await guards.standing(of: [asked], caller))
          try await guards.checkBreaker()
          let payout = payout(asked, caller: caller, call: call, idempotency: idempotency)
          return try await auditTrail.notingDoubt(of: payout.id.text, at: payout.createdAt, call) {
            try AdmissionVerdict(await queue.admit(payout, trace: call.trace), of: payout)
          }
        }
      }
      return answer(verdict, call: call)
    } catch let refusal as Refusal {
      metrics.notCreated(refusal.code, router: router)
      throw APIError(refusal)
    } catch let error as APIError {
      metrics.notCreated(error.refusal.code, router: router)
      throw error
    }
  }

  private func read(_ body: JSONValue) async throws -> PayoutRequest {
    let recipients = try await facts.recipients(usdtContract: configuration.usdtContract)
    return try PayoutRequestReader(recipients: recipients).request(body)
  }

  private static func idempotency(_ key: String, _ body: JSONValue) -> IdempotencyKey {
    IdempotencyKey(
      key: key,
      requestHash: RequestHash.hash(
        method: "POST", path: "\(RouteTable.prefix)/payouts", body: body))
  }

  private func payout(
    _ request: PayoutRequest, caller: Caller, call: Call, idempotency: IdempotencyKey?
  ) -> Payout {
    let now = clock.now()
    let window = configuration.windows.window(request.batchType, at: facts.chainTime(now))
    var payout = Payout(
      id: identifiers.payoutID(at: now), tenant: caller.tenant, requestID: call.id,
      request: request, idempotency: idempotency, windowID: window, createdAt: now,
      estimatedCompletion: configuration.estimatedCompletion(of: window, createdAt: now))
    payout.trace = call.trace
    return payout
  }

  /// What is refused today may have been granted before.
  private func repeating(
    _ idempotency: IdempotencyKey?, of tenant: TenantID,
    _ admit: () async throws -> AdmissionVerdict
  ) async throws -> AdmissionVerdict {
    do { return try await admit() } catch {
      guard let first = try await firsts.payout(idempotency, of: tenant, insteadOf: error)
      else { throw error }
      return try AdmissionVerdict(repeating: first)
    }
  }

  private func answer(_ verdict: AdmissionVerdict, call: Call) -> Response {
    switch verdict {
    case .created(let payout):
      metrics.created(payout)
      auditTrail.note(
        AuditEntry(
          .admission, "created", at: payout.createdAt, by: call.actor, subjects: [payout.id.text]))
      logger.info("payout accepted", metadata: Self.metadata(payout, call))
      return PayoutAnswer.response(
        PayoutView(payout), status: .created,
        headers: [.location: PayoutAnswer.location(payout.id)])
    case .replayed(let existing):
      metrics.replayed(router: existing.request.router)
      logger.info("payout request replayed", metadata: Self.metadata(existing, call))
      return PayoutAnswer.response(
        PayoutView(existing.asAdmitted), status: .created,
        headers: [
          .location: PayoutAnswer.location(existing.id), .idempotencyReplayed: "true",
        ])
    }
  }

  private static func metadata(_ payout: Payout, _ call: Call) -> Logger.Metadata {
    [
      "payout_id": .string(payout.id.text), "request_id": .string(call.id.text),
      "tenant": .string(payout.tenant.text), "router": .string(payout.request.router.rawValue),
      "trace_id": .string(call.trace.traceID),
    ]
  }
}
