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

  /// payoutctl, reading the chain itself, finds no difference to the store.
  func auditIsClean() async throws {
    let audit = try await payoutctl("audit", "--json", within: .seconds(120))
    try #require(audit.status == 0, "the audit found: \(audit.output) \(audit.errors)")
  }
}
