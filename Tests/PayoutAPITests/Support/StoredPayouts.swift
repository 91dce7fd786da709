import Payouts
import Service
import Testing
import Tron

@testable import PayoutAPI

extension TestAPI {
  /// Puts a payout into the store as if it had been admitted some seconds before the test's time.
  @discardableResult
  func store(
    _ state: PayoutState = .accepted, tenant: String = "alice", router: RouterType = .v0,
    micro: Int64 = 5_500_000, secondsAgo: Int64 = 0, serial: UInt64 = 0
  ) throws -> PayoutID {
    let createdAt = clock.now().advanced(seconds: -secondsAgo)
    let id = PayoutID(createdAt: createdAt, high: 7, low: serial)
    var payout = Payout(
      id: id, tenant: TenantID(tenant), requestID: RequestID("req"),
      request: PayoutRequest(
        recipient: try TronAddress(base58: Self.recipient), amount: USDTAmount(micro: micro),
        reason: "a reason", router: router),
      idempotency: nil, createdAt: createdAt, estimatedCompletion: nil)
    payout.state = state
    store.state.withLock { $0.payouts[id] = payout }
    return id
  }
}

extension ChainHead {
  /// A head as it was seen at a time.
  static func seen(at time: UnixMilliseconds) throws -> ChainHead {
    let id = try #require(BlockID(hex: String(repeating: "00", count: 32)))
    let block = ChainHead.Block(number: BlockNumber(12_345_678), id: id, time: time)
    return ChainHead(
      latest: block, solidified: block, energyPrice: Sun(210), bandwidthPrice: Sun(1000),
      transferEnergy: 130_000, updatedAt: time)
  }
}

extension Answer {
  /// The ids of a list, in its order.
  var ids: [String] { items.compactMap { $0["payout_id"]?.text } }

  /// The payouts of a list.
  var items: [JSONValue] {
    guard case .array(let payouts)? = json["payouts"] else { return [] }
    return payouts
  }

  /// A member of `pagination` as it is spelled.
  func pagination(_ name: String) -> String? {
    switch json["pagination"]?[name] {
    case .number(let text), .string(let text): text
    case .bool(let flag): "\(flag)"
    case .null: "null"
    case .array, .object, nil: nil
    }
  }
}
