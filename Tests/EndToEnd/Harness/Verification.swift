import Foundation
import Testing
import Tron

extension Fleet {
  /// Waits until every payout is confirmed, then holds them against the chain and the audit: one
  /// Transfer for each recipient, of the exact amount, from our wallet, and no other.
  @discardableResult
  func allArePaidOnce(
    _ orders: [Order], _ payouts: [PayoutView], within limit: Duration
  ) async throws -> [PayoutView] {
    let confirmed = try await api.reach("confirmed", payouts.map(\.id), within: limit)
    try await chainHolds(zip(orders, confirmed).map { ($0, $1) })
    try await auditIsClean()
    return confirmed
  }

  /// The USDT that left our wallet is exactly what these payouts say, one Transfer each.
  func chainHolds(_ paid: [(order: Order, view: PayoutView)]) async throws {
    let transfers = try await devnet.chain.transfers().filter { $0.sender == wallet }
    let byRecipient = Dictionary(grouping: transfers, by: \.recipient)
    for (order, view) in paid {
      let found = byRecipient[order.recipient] ?? []
      try #require(found.count == 1, "payout \(view.id) was paid \(found.count) times")
      try #require(found[0].amount == order.amount, "payout \(view.id) was paid \(found[0])")
      try #require(found[0].txid == view.txid, "payout \(view.id) names another transaction")
      try #require(found[0].block == view.block, "payout \(view.id) names another block")
      try #require(view.recipient == order.recipient.base58)
    }
    try #require(transfers.count == paid.count, "more left the wallet than was asked for")
  }

  /// The same when payouts of windows share transfers: each Transfer is exactly what the payouts that
  /// name it add up to, all of one recipient, which share its fee; no other leaves the wallet. Answers
  /// how many there were.
  func chainHoldsSums(_ paid: [(order: Order, view: PayoutView)]) async throws -> Int {
    let transfers = try await devnet.chain.transfers().filter { $0.sender == wallet }
    let fees = Dictionary(
      try await devnet.chain.receipts().map { ($0.id, $0.fee ?? 0) },
      uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(grouping: paid, by: \.view.txid)
    for transfer in transfers {
      let members = try #require(groups[transfer.txid], "nobody is paid by \(transfer)")
      try #require(members.allSatisfy { $0.order.recipient == transfer.recipient }, "\(transfer)")
      let sum = members.reduce(0) { $0 + $1.order.amount.micro }
      try #require(transfer.amount.micro == sum, "\(transfer) pays \(members.map(\.view.id))")
      let shares = members.reduce(Int64(0)) {
        $0 + Int64((($1.view.fee ?? 0) * 1_000_000).rounded())
      }
      try #require(shares == fees[transfer.txid], "the fee of \(transfer)")
    }
    try #require(groups[nil] == nil, "somebody is confirmed without a transaction")
    try #require(transfers.count == groups.count, "some payout names a transfer that is not there")
    return transfers.count
  }

  /// payoutctl, reading the chain itself, finds no difference to the store.
  func auditIsClean() async throws {
    let audit = try await payoutctl("audit", "--json", within: .seconds(120))
    try #require(audit.status == 0, "the audit found: \(audit.output) \(audit.errors)")
  }
}
