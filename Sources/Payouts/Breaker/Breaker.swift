import Tron

/// The circuit breaker: one document that all copies share. While it is open nothing is admitted and
/// nothing new is planned; what may be on its way to the chain is watched to its end.
public struct Breaker: Hashable, Codable, Sendable {
  /// Whether money may move.
  public enum State: String, Codable, CaseIterable, Sendable {
    /// It may. Leaves to: `open`.
    case closed
    /// It may not. Leaves to: `half_open` after a pause, unless a person must decide; `closed` by
    /// hand.
    case open
    /// A few transfers may, to see how they end. Leaves to: `closed` when one is paid and none
    /// failed; `open` when one failed.
    case halfOpen = "half_open"
  }

  /// Why it is open, or half-open.
  public enum Cause: String, Codable, CaseIterable, Sendable {
    /// A person opened it.
    case byHand = "by_hand"
    /// The chain shows a transaction of our wallet that is not ours.
    case foreignSpend = "foreign_spend"
    /// `payoutctl audit` found a difference between chain and store.
    case auditMismatch = "audit_mismatch"
    /// So many transfers failed one after the other.
    case consecutiveFailures = "consecutive_failures"
    /// Too large a part of the transfers failed.
    case failureRate = "failure_rate"

    /// Whether it stays open until a person closes it.
    public var needsPerson: Bool {
      switch self {
      case .byHand, .foreignSpend, .auditMismatch: true
      case .consecutiveFailures, .failureRate: false
      }
    }

    /// The more serious one stays when two come together.
    var weight: Int {
      switch self {
      case .foreignSpend: 4
      case .auditMismatch: 3
      case .byHand: 2
      case .consecutiveFailures, .failureRate: 1
      }
    }
  }

  /// Whether money may move.
  public var state: State
  /// Why not; `nil` when closed.
  public var cause: Cause?
  /// In words, of whoever opened or closed it; at most 200 characters.
  public var reason: String
  /// Since when it is in this state. Failures before a closing do not count any more.
  public var since: UnixMilliseconds
  /// Who brought it into this state.
  public var by: String
  /// Counts the changes; every change is a compare-and-set on it.
  public var rev: Int64
  /// Half-open: what was let through.
  public var trials: [Trial]
  /// Foreign spends that opened it, or were seen while it was open, newest last: none of them opens
  /// it a second time.
  public var spends: [TransactionID]
  /// The change that led here, until it is in the audit log: whoever finds it there for longer than
  /// a moment writes it.
  public var unlogged: AuditEntry?

  /// Closed, as it is before anything ever happened.
  public init() {
    state = .closed
    reason = ""
    since = UnixMilliseconds(0)
    by = "nobody"
    rev = 0
    trials = []
    spends = []
  }

  enum CodingKeys: String, CodingKey {
    case state, cause, reason, since, by, rev, trials, spends
  }
}

/// A transfer that a half-open breaker let through.
public struct Trial: Hashable, Codable, Sendable {
  /// Which.
  public var transfer: TransferID
  /// The number of the attempt that was to be planned: what became of earlier ones was known.
  public var attempt: Int
  /// When, by the clock of whoever let it through.
  public var at: UnixMilliseconds

  /// Collects the parts.
  public init(transfer: TransferID, attempt: Int, at: UnixMilliseconds) {
    self.transfer = transfer
    self.attempt = attempt
    self.at = at
  }

  enum CodingKeys: String, CodingKey {
    case transfer = "transfer_id", attempt, at
  }
}

/// When the breaker opens, and how it closes again, from configuration.
public struct BreakerPolicy: Hashable, Sendable {
  /// So many failures without a payment in between open it.
  public var consecutiveFailures: Int
  /// This part of the transfers that ended within the window opens it, in percent.
  public var failureRatePercent: Int
  /// A rate of fewer transfers than this means nothing.
  public var minimumTransfers: Int
  /// How far back transfers count.
  public var window: Duration
  /// How long it stays open before a few are let through.
  public var pause: Duration
  /// How many are let through.
  public var trials: Int

  /// Collects the parts.
  public init(
    consecutiveFailures: Int = 5, failureRatePercent: Int = 50, minimumTransfers: Int = 20,
    window: Duration = .seconds(300), pause: Duration = .seconds(60), trials: Int = 3
  ) {
    self.consecutiveFailures = consecutiveFailures
    self.failureRatePercent = failureRatePercent
    self.minimumTransfers = minimumTransfers
    self.window = window
    self.pause = pause
    self.trials = trials
  }
}
