import Testing
import Tron

@testable import Payouts

@Suite("Netting")
struct NettingTests {
  private static let hour = WindowCalendar.utc.window(.hourly, at: UnixMilliseconds(0))

  private static func payout(
    _ id: String, to recipient: UInt8 = 1, micro: Int64 = 1, router: RouterType = .v0,
    window: WindowID? = hour
  ) throws -> Payout {
    Payout(
      id: PayoutID(id), tenant: TenantID("tenant of \(id)"), requestID: RequestID("r"),
      request: PayoutRequest(
        recipient: try TronAddress(accountBytes: [UInt8](repeating: recipient, count: 20)[...]),
        amount: USDTAmount(micro: micro), reason: "r", router: router, batchType: .hourly),
      idempotency: nil, windowID: window, createdAt: UnixMilliseconds(0), estimatedCompletion: nil)
  }

  private static func sizes(_ policy: NettingPolicy, _ payouts: [Payout]) -> [Int] {
    policy.groups(payouts).map(\.count)
  }

  @Test("Neighbours with one recipient, router and window go out together, whoever they belong to")
  func neighbours() throws {
    let other = WindowCalendar.utc.window(.hourly, at: UnixMilliseconds(3_600_000))
    let payouts = [
      try Self.payout("a"), try Self.payout("b"), try Self.payout("c", to: 2),
      try Self.payout("d", to: 2, router: .kyc), try Self.payout("e", to: 2, router: .kyc),
      try Self.payout("f", to: 2, router: .kyc, window: other), try Self.payout("g"),
    ]
    #expect(Self.sizes(NettingPolicy(), payouts) == [2, 1, 2, 1, 1])
    #expect(Self.sizes(NettingPolicy(isOn: false), payouts) == Array(repeating: 1, count: 7))
    #expect(NettingPolicy().groups([]).isEmpty)
  }

  @Test(
    "A transfer ends at the most members and before the most USDT; a larger payout is alone",
    arguments: [
      (NettingPolicy(mostMembers: 2), [1, 1, 1, 1, 1], [2, 2, 1]),
      (NettingPolicy(mostAmount: USDTAmount(micro: 10)), [4, 6, 1, 9, 1], [2, 2, 1]),
      (NettingPolicy(mostAmount: USDTAmount(micro: 10)), [11, 1, 11, 1, 1], [1, 1, 1, 2]),
      // Sums that do not fit into an integer begin another transfer.
      (NettingPolicy(mostAmount: USDTAmount(micro: .max)), [.max, .max, 1, 0, 5], [1, 1, 3]),
      (NettingPolicy(mostMembers: 1_000_000), [1, 1], [2]),
      (NettingPolicy(mostMembers: 0), [1, 1], [1, 1]),
    ] as [(NettingPolicy, [Int64], [Int])])
  func bounds(policy: NettingPolicy, amounts: [Int64], sizes: [Int]) throws {
    let payouts = try amounts.enumerated().map { try Self.payout("p\($0)", micro: $1) }
    let groups = policy.groups(payouts)
    #expect(groups.flatMap { $0 } == payouts)
    #expect(groups.map(\.count) == sizes)
  }

  @Test(
    "Shares of a fee add up to it, and the first ones have the rest",
    arguments: [(345_000, 1), (345_001, 2), (2, 3), (0, 7), (27_300_101, 100)] as [(Int64, Int)])
  func shares(fee: Int64, members: Int) {
    let shares = (0..<members).map { Sun(fee).share(of: $0, among: members).value }
    #expect(shares.reduce(0, +) == fee)
    #expect(shares == shares.sorted(by: >))
    #expect((shares.first ?? 0) - (shares.last ?? 0) <= 1)
  }

  @Test("What a payout shows of a transfer that does not name it is nothing")
  func strays() throws {
    var payout = try Self.payout("b")
    payout.state = .assigned
    payout.transferID = TransferID("t")
    var transfer = Transfer(
      id: TransferID("t"), members: [PayoutID("a")], recipient: payout.request.recipient,
      amount: USDTAmount(micro: 1), router: .v0, lane: .normal, partition: 0,
      createdAt: UnixMilliseconds(0))
    transfer.state = .paid
    #expect(PayoutView(payout, transfer: transfer).statusDetail == "assigned")
    transfer.members.append(payout.id)
    #expect(PayoutView(payout, transfer: transfer).statusDetail == "settling")
  }

  @Test("A Signer signs for the payouts that a transfer names, whoever else carries it")
  func carriers() throws {
    var named = try Self.payout("a", micro: 5)
    named.state = .assigned
    named.transferID = TransferID("t")
    var stray = try Self.payout("b", micro: 7)
    stray.state = .assigned
    stray.transferID = TransferID("t")
    let transfer = Transfer(
      id: TransferID("t"), members: [named.id], recipient: named.request.recipient,
      amount: USDTAmount(micro: 5), router: .v0, lane: .normal, partition: 0,
      createdAt: UnixMilliseconds(0))
    let planning = AttemptPlanning(
      policy: SigningPolicy(
        contract: named.request.recipient, validity: .seconds(60), feeLimitCap: Sun(1),
        transferCap: USDTAmount(micro: 100)))
    #expect(planning.objection(to: transfer, members: [named]) == nil)
    #expect(planning.objection(to: transfer, members: [named, stray]) == nil)
    #expect(planning.objection(to: transfer, members: [stray]) != nil)
    #expect(planning.objection(to: transfer, members: []) != nil)
    var greedy = transfer
    greedy.members = [named.id, stray.id]
    #expect(planning.objection(to: greedy, members: [named, stray]) != nil)
    greedy.amount = USDTAmount(micro: 12)
    #expect(planning.objection(to: greedy, members: [named, stray]) == nil)
    named.transferID = TransferID("other")
    #expect(planning.objection(to: greedy, members: [named, stray]) != nil)
  }
}
