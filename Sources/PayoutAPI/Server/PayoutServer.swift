import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Payouts
import Service
import ServiceLifecycle

/// The payout API over HTTP.
public struct PayoutServer: ServiceLifecycle.Service {
  // LIMIT: open connections; more wait in the backlog.
  private static let connections = 10_000
  private static let backlog = 1024

  private let responder: PayoutResponder
  private let breaker: BreakerView
  /// Writes the audit log; whoever runs the server has it write now and then.
  public let auditTrail: AuditTrail
  private let keys: KeyRing
  private let configuration: APIConfiguration
  private let address: OpsSettings
  private let logger: Logger
  private let onBound: @Sendable (Int) async -> Void

  /// Makes the API.
  ///
  /// - Parameters:
  ///   - credentials: Throws when no key can be made of them.
  ///   - facts: Refreshed by its owner.
  ///   - onBound: Told the port that was taken.
  public init(
    configuration: APIConfiguration, ports: APIPorts, credentials: APICredentials,
    facts: FactsCache, ops: OpsRoutes, address: OpsSettings, logger: Logger,
    onBound: @escaping @Sendable (Int) async -> Void = { _ in }
  ) async throws {
    let metrics = APIMetrics()
    let identifiers = RandomIdentifiers(clock: ports.clock)
    let announcer = RequestAnnouncer(
      ports: ports, bound: configuration.publishWait, logger: logger, metrics: metrics)
    let queue = AdmissionQueue(
      ports: ports, configuration: configuration, announcer: announcer, metrics: metrics)
    let batches = BatchAdmission(
      ports: ports, configuration: configuration, announcer: announcer, logger: logger)
    let running = RunningKeys()
    breaker = BreakerView(store: ports.guards, clock: ports.clock)
    auditTrail = AuditTrail(
      store: ports.guards, clock: ports.clock, writer: configuration.auditWriter, metrics: metrics)
    let guards = AdmissionGuards(
      breaker: breaker,
      kyc: KYCGate(store: ports.guards, clock: ports.clock, facts: ports.facts),
      pause: configuration.breaker.pause, clock: ports.clock)
    keys = try await credentials.keyRing(
      pause: configuration.unknownKeyPause, logger: logger)
    let authenticator = try credentials.authenticator(ring: keys)
    responder = PayoutResponder(
      doorkeeper: Doorkeeper(
        authenticator: authenticator,
        limiter: RateLimiter(ports.rateLimiting, logger: logger, metrics: metrics)),
      crossOrigin: CrossOrigin(origins: configuration.allowedOrigins),
      createPayout: CreatePayout(
        configuration: configuration, facts: facts, queue: queue, keys: running,
        firsts: FirstRequests(ports.reading), guards: guards, auditTrail: auditTrail,
        identifiers: identifiers, clock: ports.clock, metrics: metrics, logger: logger),
      getPayout: GetPayout(
        payouts: ports.payouts, batches: ports.batches, transfers: ports.transfers, facts: facts,
        kyc: guards.kyc),
      listPayouts: ListPayouts(
        lists: ports.reading, transfers: ports.transfers,
        key: CursorKey(secrets: ports.reading), facts: facts, kyc: guards.kyc),
      getStatistics: GetStatistics(
        store: ports.reading, breaker: breaker, limits: ports.limits, clock: ports.clock),
      createBatch: CreateBatch(
        configuration: configuration, facts: facts, admission: batches, keys: running,
        firsts: FirstRequests(ports.reading), guards: guards, auditTrail: auditTrail,
        identifiers: identifiers, clock: ports.clock, metrics: metrics, logger: logger),
      getBatch: GetBatch(
        batches: ports.batches, payouts: ports.payouts, transfers: ports.transfers,
        kyc: guards.kyc),
      cancelPayouts: CancelPayouts(
        canceller: PayoutCanceller(
          payouts: ports.payouts, transfers: ports.transfers, log: ports.log, clock: ports.clock,
          failpoints: ports.failpoints, partitions: configuration.journalPartitions),
        payouts: ports.payouts, batches: ports.batches, transfers: ports.transfers, facts: facts,
        kyc: guards.kyc, patience: configuration.cancelPatience, auditTrail: auditTrail,
        logger: logger),
      admin: AdminRoutes(
        configuration: configuration, ports: ports, facts: facts, auditTrail: auditTrail,
        breaker: breaker, logger: logger),
      health: Health(
        network: configuration.network, facts: facts, announcer: announcer, breaker: breaker,
        limits: ports.limits),
      ops: ops, identifiers: identifiers, clock: ports.clock, metrics: metrics,
      auditTrail: auditTrail, logger: logger)
    self.configuration = configuration
    self.address = address
    self.logger = logger
    self.onBound = onBound
  }

  /// The server as Hummingbird runs it.
  var application: some ApplicationProtocol {
    var quiet = logger
    quiet.logLevel = max(quiet.logLevel, .warning)
    let (address, logger, onBound) = (address, logger, onBound)
    let limits = SlowRequestHandler.Limits(
      body: TimeAmount(configuration.bodyDeadline),
      lingering: TimeAmount(configuration.lingering),
      reading: TimeAmount(configuration.readingDeadline))
    return Application(
      responder: responder,
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [SlowRequestHandler(limits)],
          idleTimeout: TimeAmount(configuration.idle))),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: nil,
        backlog: Self.backlog,
        availableConnectionsDelegate: .maximum(Self.connections, logger: quiet)),
      onServerRunning: { channel in
        let port = channel.localAddress?.port ?? address.port
        logger.info("the API is up", metadata: ["host": "\(address.host)", "port": "\(port)"])
        await onBound(port)
      },
      logger: quiet)
  }

  /// Fetches published keys anew; call it every few minutes. `nil` when none are fetched. Throws only
  /// as long as there are none: afterwards the last ones are kept.
  public var refreshKeys: (@Sendable () async throws -> Void)? {
    guard keys.isFetching else { return nil }
    return { [keys] in try await keys.refreshOrKeep() }
  }

  /// Reads the circuit breaker, so that requests need not wait for it; call it twice a second.
  public func watchBreaker() async throws(StoreError) {
    let breaker = try await breaker.refresh()
    MetricNames.circuitBreakerOpen.gauge().set(breaker.state == .open ? 1 : 0)
  }

  /// Serves until graceful shutdown.
  public func run() async throws {
    do {
      try await application.run()
      await writeLastEntries()
    } catch let error as IOError {
      throw StartupError(
        "cannot listen on HTTP_HOST \(address.host), HTTP_PORT \(address.port): \(error)")
    }
  }

  /// Nobody is being answered any more: what they did is written.
  private func writeLastEntries() async {
    do {
      try await auditTrail.end()
    } catch {
      logger.error("the last entries of the audit log were lost", metadata: ["error": "\(error)"])
    }
  }
}
