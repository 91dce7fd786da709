import Payouts
import Testing
import Tron

@Suite("The circuit breaker as a machine")
struct BreakerMachineTests {
  private static let policy = BreakerPolicy(
    consecutiveFailures: 3, failureRatePercent: 50, minimumTransfers: 10, window: .seconds(300),
    pause: .seconds(60), trials: 2)
  private static let a = TransferID("a")
  private static let b = TransferID("b")

  private static func trial(_ id: TransferID) -> Trial {
    Trial(transfer: id, attempt: 1, at: UnixMilliseconds(0))
  }

  /// Every state that the breaker can be in, by a name for the table.
  private enum Start: String, CaseIterable {
    case closed, openByFailures, openByRate, openByHand, openByAudit, openByForeignSpend, halfOpen
    case trying

    var breaker: Breaker {
      var breaker = Breaker()
      breaker.rev = 7
      breaker.since = UnixMilliseconds(1_000_000)
      breaker.reason = "before"
      switch self {
      case .closed: breaker.state = .closed
      case .openByFailures: (breaker.state, breaker.cause) = (.open, .consecutiveFailures)
      case .openByRate: (breaker.state, breaker.cause) = (.open, .failureRate)
      case .openByHand: (breaker.state, breaker.cause) = (.open, .byHand)
      case .openByAudit: (breaker.state, breaker.cause) = (.open, .auditMismatch)
      case .openByForeignSpend: (breaker.state, breaker.cause) = (.open, .foreignSpend)
      case .halfOpen: (breaker.state, breaker.cause) = (.halfOpen, .consecutiveFailures)
      case .trying:
        (breaker.state, breaker.cause) = (.halfOpen, .failureRate)
        breaker.trials = [trial(BreakerMachineTests.a)]
      }
      return breaker
    }
  }

  private static let events: [(name: String, event: BreakerEvent)] = [
    ("opened by hand", .openedByHand(reason: "r", by: "p")),
    ("closed by hand", .closedByHand(reason: "r", by: "p")),
    ("foreign spend", .foreignSpendSeen("r")),
    ("mismatch", .mismatchFound("r", by: "p")),
    ("few failures", .transfersTallied(TransferTally(failed: 2, failedInARow: 2, paid: 7))),
    ("many in a row", .transfersTallied(TransferTally(failed: 3, failedInARow: 3, paid: 90))),
    ("half of all", .transfersTallied(TransferTally(failed: 5, failedInARow: 1, paid: 5))),
    ("trial paid", .trialsLookedAt(TrialOutcome(paid: [a]))),
    ("trial failed", .trialsLookedAt(TrialOutcome(failed: [a]))),
    ("trial void", .trialsLookedAt(TrialOutcome(void: [a]))),
    ("time", .clockLookedAt),
    ("wish", .trialsRequested([trial(a), trial(b)])),
  ]

  /// What each event leads to: `=` nothing, a state and its cause for a change, `+`/`-` for trials.
  private static let table: [Start: [String]] = [
    .closed: [
      "open by_hand", "=", "open foreign_spend", "open audit_mismatch", "=",
      "open consecutive_failures", "open failure_rate", "=", "=", "=", "=", "=",
    ],
    .openByFailures: [
      "open by_hand", "closed", "open foreign_spend", "open audit_mismatch", "=", "=", "=", "=",
      "=", "=", "half_open consecutive_failures", "=",
    ],
    .openByRate: [
      "open by_hand", "closed", "open foreign_spend", "open audit_mismatch", "=", "=", "=", "=",
      "=", "=", "half_open failure_rate", "=",
    ],
    .openByHand: [
      "=", "closed", "open foreign_spend", "open audit_mismatch", "=", "=", "=", "=", "=", "=",
      "=", "=",
    ],
    .openByAudit: [
      "=", "closed", "open foreign_spend", "=", "=", "=", "=", "=", "=", "=", "=", "=",
    ],
    .openByForeignSpend: [
      "=", "closed", "=", "=", "=", "=", "=", "=", "=", "=", "=", "=",
    ],
    .halfOpen: [
      "open by_hand", "closed", "open foreign_spend", "open audit_mismatch", "=", "=", "=", "=",
      "=", "=", "=", "+2",
    ],
    .trying: [
      "open by_hand", "closed", "open foreign_spend", "open audit_mismatch", "=", "=", "=",
      "closed", "open failure_rate", "-1", "=", "+1",
    ],
  ]

  @Test("Every event in every state leads to what the table says")
  func everything() throws {
    // Long after the pause, so that time counts wherever it can.
    let now = UnixMilliseconds(2_000_000)
    for start in Start.allCases {
      let row = try #require(Self.table[start])
      try #require(row.count == Self.events.count)
      for (expected, (name, event)) in zip(row, Self.events) {
        let old = start.breaker
        let action = old.after(event, policy: Self.policy, at: now)
        #expect(Self.text(action, old) == expected, "\(start.rawValue), \(name)")
        switch action {
        case .change(let new):
          #expect(new.rev == 8 && new.since == now && new.trials.isEmpty)
        case .note(let new): #expect(new.rev == 8 && new.since == old.since)
        case .none: break
        }
      }
    }
  }

  private static func text(_ action: BreakerAction, _ old: Breaker) -> String {
    switch action {
    case .none: return "="
    case .change(let new):
      return new.state.rawValue + (new.cause.map { " \($0.rawValue)" } ?? "")
    case .note(let new):
      let change = new.trials.count - old.trials.count
      return change > 0 ? "+\(change)" : "\(change)"
    }
  }

  @Test(
    "Failures open it exactly at the thresholds",
    arguments: [
      (TransferTally(failed: 2, failedInARow: 2, paid: 0), nil),
      (TransferTally(failed: 3, failedInARow: 3, paid: 0), .consecutiveFailures),
      (TransferTally(failed: 5, failedInARow: 0, paid: 4), nil),
      (TransferTally(failed: 4, failedInARow: 0, paid: 6), nil),
      (TransferTally(failed: 5, failedInARow: 0, paid: 5), .failureRate),
      (TransferTally(failed: 500, failedInARow: 2, paid: 501), nil),
    ] as [(TransferTally, Breaker.Cause?)])
  func thresholds(tally: TransferTally, cause: Breaker.Cause?) {
    let action = Breaker().after(
      .transfersTallied(tally), policy: Self.policy, at: UnixMilliseconds(5))
    if case .change(let new) = action {
      #expect(new.cause == cause)
    } else {
      #expect(cause == nil)
    }
  }

  @Test("The pause ends to the millisecond", arguments: [(59_999, false), (60_000, true)])
  func pause(milliseconds: Int64, isOver: Bool) {
    let open = Start.openByFailures.breaker
    let action = open.after(
      .clockLookedAt, policy: Self.policy, at: open.since.advanced(milliseconds: milliseconds))
    #expect((action != .none) == isOver)
  }

  @Test("The trials never exceed the budget, whoever asks how often")
  func budget() {
    var breaker = Start.halfOpen.breaker
    for wish in [["x"], ["x", "y", "z"], ["z"], ["x"]] {
      let event = BreakerEvent.trialsRequested(wish.map { Self.trial(TransferID($0)) })
      if case .note(let new) = breaker.after(event, policy: Self.policy, at: breaker.since) {
        breaker = new
      }
    }
    #expect(breaker.trials.map(\.transfer) == [TransferID("x"), TransferID("y")])
    #expect(breaker.trials.allSatisfy { $0.at == breaker.since }, "it says when")
  }

  @Test("One paid trial closes nothing while another is under way")
  func waitsForAll() {
    var breaker = Start.trying.breaker
    breaker.trials = [Self.trial(Self.a), Self.trial(Self.b)]
    let one = breaker.after(
      .trialsLookedAt(TrialOutcome(paid: [Self.a])), policy: Self.policy, at: breaker.since)
    #expect(one == .none)
    let both = breaker.after(
      .trialsLookedAt(TrialOutcome(paid: [Self.a, Self.b])), policy: Self.policy,
      at: breaker.since)
    guard case .change(let new) = both else { return #expect(Bool(false), "\(both)") }
    #expect(new.state == .closed)
  }

  @Test("A foreign spend that a person has seen opens it no second time, another one does")
  func spendOnce() throws {
    func after(_ breaker: Breaker, _ event: BreakerEvent) throws -> Breaker {
      switch breaker.after(event, policy: Self.policy, at: UnixMilliseconds(5)) {
      case .change(let new), .note(let new): new
      case .none: breaker
      }
    }
    let (one, two) = (TransactionID(hashing: [1]), TransactionID(hashing: [2]))
    var breaker = try after(Breaker(), .foreignSpendSeen("r", txids: [one]))
    #expect(breaker.state == .open && breaker.spends == [one])
    breaker = try after(breaker, .foreignSpendSeen("r", txids: [one, two]))
    #expect(breaker.spends == [one, two], "also what is seen while it is open")
    breaker = try after(breaker, .closedByHand(reason: "it was us", by: "p"))
    breaker = try after(breaker, .foreignSpendSeen("r", txids: [two, one]))
    #expect(breaker.state == .closed, "a Confirmer that starts again sees them again")
    let many = (3...150).map { TransactionID(hashing: [$0]) }
    breaker = try after(breaker, .foreignSpendSeen("r", txids: many))
    #expect(breaker.state == .open && breaker.spends == many.suffix(Breaker.maximumSpends))
  }

  @Test("A reason is never longer than what may be stored")
  func longReason() {
    let action = Breaker().after(
      .foreignSpendSeen(String(repeating: "x", count: 1_000)), policy: Self.policy,
      at: UnixMilliseconds(5))
    guard case .change(let new) = action else { return #expect(Bool(false)) }
    #expect(new.reason.count == Breaker.maximumReason)
  }
}
