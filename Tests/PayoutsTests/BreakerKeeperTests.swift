import Testing
import Tron

@testable import Payouts

@Suite("What became of the transfers that a half-open breaker let through")
struct BreakerKeeperTests {
  private static let granted = UnixMilliseconds(1_000_000)

  private static func transfer(
    _ state: TransferState, updated: Int64 = 0, deaths: [DeathProof.Kind?] = []
  ) throws -> Transfer {
    let account = try TronAddress(accountBytes: sha256([1])[0..<20])
    var transfer = Transfer(
      id: TransferID("t"), members: [PayoutID("p")], recipient: account,
      amount: USDTAmount(micro: 1), router: .v0, lane: .normal, partition: 0,
      createdAt: UnixMilliseconds(0))
    transfer.state = state
    transfer.updatedAt = UnixMilliseconds(updated)
    let block = try #require(BlockID(bytes: sha256([2])))
    for (index, kind) in deaths.enumerated() {
      var attempt = Attempt(
        number: index + 1, epoch: 1, owner: account, rawData: [],
        txid: TransactionID(hashing: [UInt8(index)]), referenceBlock: BlockNumber(1),
        expiration: UnixMilliseconds(1))
      if let kind {
        // Long after whatever clock anybody has.
        attempt.death = DeathProof(
          kind: kind, block: BlockNumber(9), blockID: block, blockTime: UnixMilliseconds(.max),
          nodes: ["n"])
      }
      transfer.attempts.append(attempt)
    }
    return transfer
  }

  private static func outcome(
    _ found: [Transfer], attempt: Int = 1, after milliseconds: Int64 = 0
  ) -> TrialOutcome {
    var breaker = Breaker()
    breaker.state = .halfOpen
    breaker.trials = [Trial(transfer: TransferID("t"), attempt: attempt, at: granted)]
    return BreakerKeeper.outcome(
      of: breaker, found, at: granted.advanced(milliseconds: milliseconds))
  }

  private static let isPaid = TrialOutcome(paid: [TransferID("t")])
  private static let hasFailed = TrialOutcome(failed: [TransferID("t")])
  private static let isVoid = TrialOutcome(void: [TransferID("t")])

  @Test("Each state says what it can say")
  func states() throws {
    for (state, expected) in [
      (.paid, Self.isPaid), (.failed, Self.isVoid), (.cancelled, Self.isVoid),
      (.planned, TrialOutcome()), (.armed, TrialOutcome()), (.failing, TrialOutcome()),
      (.voiding, TrialOutcome()), (.ready, TrialOutcome()), (.held, TrialOutcome()),
    ] as [(TransferState, TrialOutcome)] {
      #expect(Self.outcome([try Self.transfer(state)]) == expected, "\(state)")
    }
    #expect(Self.outcome([]) == Self.isVoid, "it is not there")
  }

  @Test("A failure of the attempt that was let through counts, one before it does not")
  func attempts() throws {
    let failed = try Self.transfer(.ready, deaths: [.failedOnChain])
    #expect(Self.outcome([failed], attempt: 1) == Self.hasFailed)
    #expect(Self.outcome([failed], attempt: 2) == TrialOutcome())
    let again = try Self.transfer(.failed, deaths: [.expired, .failedOnChain])
    #expect(Self.outcome([again], attempt: 2) == Self.hasFailed)
    let expired = try Self.transfer(.failed, deaths: [.expired])
    #expect(Self.outcome([expired], attempt: 1) == Self.isVoid, "it says nothing of the chain")
  }

  @Test("One that nobody plans is void a minute after it was let through, however old it is")
  func unplanned() throws {
    let waiting = try Self.transfer(.ready, updated: 5)
    #expect(Self.outcome([waiting], after: 60_000) == TrialOutcome())
    #expect(Self.outcome([waiting], after: 60_001) == Self.isVoid)
    let moved = try Self.transfer(.held, updated: Self.granted.value + 30_000)
    #expect(Self.outcome([moved], after: 90_000) == TrialOutcome(), "it moved since")
    #expect(Self.outcome([moved], after: 90_001) == Self.isVoid)
  }
}
