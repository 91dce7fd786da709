import HTTPTypes
import Hummingbird
import Logging
import Payouts
import Service
import Tron

/// Answers what administrators ask for: circuit breaker, KYC records, audit log. Every change is in
/// the audit log before it is acknowledged; all may be repeated.
struct AdminRoutes: Sendable {
  private let maximumBodyBytes: Int
  private let stores: any GuardStores
  private let breaker: BreakerControl
  private let view: BreakerView
  private let register: KYCRegister
  private let clock: any WallClock

  init(
    configuration: APIConfiguration, ports: APIPorts, facts: FactsCache, auditTrail: AuditTrail,
    breaker view: BreakerView, logger: Logger
  ) {
    maximumBodyBytes = configuration.maximumBodyBytes
    stores = ports.guards
    self.view = view
    clock = ports.clock
    breaker = BreakerControl(
      store: ports.guards, audit: auditTrail, clock: ports.clock,
      observer: StageEventReporter(logger: logger), policy: configuration.breaker)
    register = KYCRegister(store: ports.guards, audit: auditTrail, clock: ports.clock)
  }

  /// Answers one of them; the doorkeeper let in administrators only.
  func respond(to request: Request, _ route: AdminRoute, call: Call) async throws -> Response {
    do {
      switch route {
      case .getBreaker: return AdminAnswer.breaker(try await breaker.now())
      case .setBreaker: return try await setBreaker(request, call)
      case .listKYC: return try await listKYC(request)
      case .addKYC: return try await addKYC(request, call)
      case .getKYC(let recipient): return try await getKYC(recipient)
      case .revokeKYC(let recipient): return try await revokeKYC(recipient, request, call)
      case .auditLog: return try await auditLog(request)
      }
    } catch let refusal as Refusal {
      throw APIError(refusal)
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  private func setBreaker(_ request: Request, _ call: Call) async throws -> Response {
    let asked = try BreakerRequest(await request.json(maximumBytes: maximumBodyBytes))
    let who = try call.authenticated().tenant.text
    let event: BreakerEvent =
      switch asked.action {
      case .open: .openedByHand(reason: asked.reason, by: who)
      case .close: .closedByHand(reason: asked.reason, by: who)
      }
    let changed = try await breaker.apply(event, by: call.actor).breaker
    // This copy obeys at once, the others within a second.
    try await view.refresh()
    return AdminAnswer.breaker(changed)
  }

  private func listKYC(_ request: Request) async throws -> Response {
    let query = try KYCListQuery(request.uri.query)
    let page = try await stores.kycRecords(after: query.after, limit: query.limit + 1)
    let shown = Array(page.prefix(query.limit))
    return AdminAnswer.kyc(
      shown, next: page.count > query.limit ? shown.last?.recipient : nil, at: clock.now())
  }

  private func addKYC(_ request: Request, _ call: Call) async throws -> Response {
    let asked = try KYCRequest(await request.json(maximumBytes: maximumBodyBytes))
    let record = KYCRecord(
      recipient: asked.recipient, level: asked.level, expiresAt: asked.expiresAt,
      referenceHash: asked.referenceHash, by: try call.authenticated().tenant.text,
      at: call.receivedAt)
    let (stored, isNew) = try await register.add(record, by: call.actor)
    return AdminAnswer.kyc(
      stored, at: clock.now(), status: isNew ? .created : .ok,
      headers: [
        .location: "\(RouteTable.prefix)/admin/kyc/\(stored.recipient.base58)"
      ])
  }

  private func getKYC(_ recipient: Substring) async throws -> Response {
    guard let address = Self.address(recipient),
      let record = try await stores.kycRecords([address]).first
    else { throw Self.notFound }
    return AdminAnswer.kyc(record, at: clock.now())
  }

  private func revokeKYC(
    _ recipient: Substring, _ request: Request, _ call: Call
  ) async throws -> Response {
    let asked = try RevocationRequest(await request.json(maximumBytes: maximumBodyBytes))
    guard let address = Self.address(recipient) else { throw Self.notFound }
    let revoked = try await register.revoke(address, reason: asked.reason, by: call.actor)
    guard let revoked else { throw Self.notFound }
    return AdminAnswer.kyc(revoked, at: clock.now())
  }

  private func auditLog(_ request: Request) async throws -> Response {
    let query = try AuditLogQuery(request.uri.query)
    return AdminAnswer.auditLog(
      try await stores.auditBlocks(after: query.after, limit: query.limit))
  }

  private static func address(_ text: Substring) -> TronAddress? {
    do { return try TronAddress(base58: String(text)) } catch { return nil }
  }

  private static let notFound = Refusal(
    .payoutNotFound, message: "KYC record not found",
    details: [JSONMember("resource", .string("kyc_record"))])
}
