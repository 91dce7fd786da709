import Testing
import Tron

@testable import Payouts

/// Every event in every state: what the machine makes of it. `-` is ignored, `no` is refused, a state is
/// the one that it is in afterwards.
@Suite("The life of a transfer")
struct TransferMachineTests {
  private static let events = [
    "plan", "hold", "release", "record", "arm", "pay", "die", "all dead", "SETTLED failed", "VOID",
    "cancel", "dissolve", "SETTLED paid",
  ]

  private static let table: [(TransferState, String)] = [
    (
      .ready,
      "planned held - ready no paid - - failed cancelled voiding voiding paid"
    ),
    (.held, "no held ready held no paid - - failed cancelled voiding voiding paid"),
    (.planned, "- - - planned armed paid planned ready failed cancelled no no paid"),
    (.armed, "- - - armed - paid armed ready failed cancelled no no paid"),
    (.failing, "- - - failing no paid - - failed cancelled no no paid"),
    (.voiding, "- - - voiding no paid - - no cancelled voiding - paid"),
    (.paid, "- - - - - - - - - - no - -"),
    (.failed, "- - - - - no - - - - no - -"),
    (.cancelled, "- - - - - no - - - - - - -"),
  ]

  @Test("Each event in each state has the answer of the table", arguments: table)
  func answers(state: TransferState, row: String) throws {
    let expected = row.split(separator: " ").map(String.init)
    try #require(expected.count == Self.events.count)
    for (event, answer) in zip(Self.events, expected) {
      let found = Self.word(try Self.transition(event, in: state))
      #expect(found == answer, "\(event) in \(state)")
    }
  }

  @Test(
    "Of two transfers that name one payout the later plan is armed only when the earlier is dead")
  func rivals() throws {
    let transfer = try Self.transfer(.planned)
    for (hasLiveRival, isBarred, isArmed) in [
      (false, false, true), (true, false, false), (false, true, false),
    ] {
      var evidence = JournalEvidence(plans: [transfer.attempts[0].txid])
      evidence.hasLiveRival = hasLiveRival
      evidence.isBarred = isBarred
      #expect((Self.word(Self.arm(transfer, evidence)) == "armed") == isArmed)
    }
  }

  @Test("While a rival may have paid a member, a transfer that is out of attempts tells no failure")
  func noFailureBesideRival() throws {
    var transfer = try Self.transfer(.armed)
    transfer.attempts[0].death = try Self.proof()
    let policy = AttemptPolicy(maximumAttempts: 1)
    for (isLive, state) in [(false, "failing"), (true, "ready")] {
      var evidence = JournalEvidence(plans: [transfer.attempts[0].txid])
      evidence.hasLiveRival = isLive
      let next = transfer.allAttemptsDead(
        evidence: evidence, policy: policy, at: TestChain.time(20))
      #expect(Self.word(next) == state)
    }
  }

  @Test("Nobody is cancelled whose withdrawal the journal does not hold yet")
  func withdrawn() throws {
    var transfer = try Self.transfer(.voiding)
    let one = PayoutID("one")
    let other = PayoutID("other")
    transfer.members = [one, other]
    transfer.withdrawn = [one]
    let now = TestChain.time(20)
    let first = JournalEvidence(withdrawn: [])
    #expect(Self.word(transfer.voidRecordConsumed(evidence: first, at: now)) == "no")
    let second = JournalEvidence(withdrawn: [one])
    guard case .changed(let ended) = transfer.voidRecordConsumed(evidence: second, at: now) else {
      Issue.record("not cancelled")
      return
    }
    #expect(ended.ending == [one])
  }

  private static func word(_ transition: Transition) -> String {
    switch transition {
    case .changed(let transfer): transfer.state.rawValue
    case .ignored: "-"
    case .refused: "no"
    }
  }

  private static func proof() throws -> DeathProof {
    let block = TestChain.block(15)
    return DeathProof(
      kind: .expired, block: block.number, blockID: block.id, blockTime: block.time,
      nodes: ["a", "b"])
  }

  /// With one attempt: live where one is current, dead elsewhere.
  private static func transfer(_ state: TransferState) throws -> Transfer {
    var transfer = try JudgedWorld.transfer("t", TestChain.account(1), TestChain.account(9))
    transfer.state = state
    transfer.nextAttempt = 2
    transfer.attempts[0].armed = state == .armed
    if state != .planned, state != .armed { transfer.attempts[0].death = try proof() }
    if state == .held { transfer.hold = Hold(reason: .insufficientUSDT, since: TestChain.time(1)) }
    return transfer
  }

  private static func arm(_ transfer: Transfer, _ evidence: JournalEvidence) -> Transition {
    var attempt = transfer.attempts[0]
    attempt.signature = [UInt8](repeating: 1, count: 65)
    return transfer.armed(
      Plan(attempt, of: transfer), epoch: attempt.epoch, evidence: evidence, at: TestChain.time(20))
  }

  private static func transition(
    _ event: String, in state: TransferState
  ) throws -> Transition {
    let transfer = try transfer(state)
    let now = TestChain.time(20)
    let txid = transfer.attempts[0].txid
    let seen = JournalEvidence(plans: [txid])
    let payment = Payment(
      txid: txid, blockNumber: BlockNumber(12), blockTime: TestChain.time(12), fee: Sun(1),
      confirmedAt: now)
    var dead = transfer
    dead.attempts[0].death = try proof()
    var other = try JudgedWorld.transfer(
      "t", TestChain.account(1), TestChain.account(9), micro: 6_000_000
    ).attempts[0]
    other.number = 2
    other.armed = false
    switch event {
    case "plan": return transfer.planned(other, at: now)
    case "hold": return transfer.held(.noWallet, at: now)
    case "release": return transfer.released(at: now)
    case "record": return transfer.recorded(Plan(other, of: transfer), at: now)
    case "arm": return arm(transfer, seen)
    case "pay": return transfer.paymentObserved(payment, at: now)
    case "die": return transfer.deathProven(txid, try proof(), at: now)
    case "all dead":
      return dead.allAttemptsDead(evidence: seen, policy: AttemptPolicy(), at: now)
    case "SETTLED failed":
      let failure = Failure(
        reason: .expired, message: "expired", txid: txid, fee: Sun(0), at: now)
      let evidence = JournalEvidence(plans: [txid], settled: .failed)
      return dead.failureRecordConsumed(failure, evidence: evidence, at: now)
    case "VOID":
      let evidence = JournalEvidence(plans: [txid], withdrawn: [])
      return dead.voidRecordConsumed(evidence: evidence, at: now)
    case "cancel": return transfer.cancelRequested(of: Set(transfer.members), at: now)
    case "dissolve": return transfer.dissolutionRequested(evidence: seen, at: now)
    default: return transfer.paymentRecordConsumed(payment, at: now)
    }
  }
}
