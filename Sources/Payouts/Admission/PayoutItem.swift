import Tron

/// What a payout has of its own, whether it is asked for alone or in a batch.
struct PayoutItem {
  /// What it cannot be without.
  struct Essentials {
    var recipient: TronAddress
    var amount: USDTAmount
    var reason: String
  }

  /// What it may have.
  struct Extras {
    var sessionID: String?
    var nodeID: String?
    var customData: String?
    var clientReference: String?
  }

  var essentials: Essentials
  var extras: Extras

  var amount: USDTAmount { essentials.amount }

  /// The request of one payout.
  func request(router: RouterType, priority: Priority, batchType: BatchType) -> PayoutRequest {
    PayoutRequest(
      recipient: essentials.recipient, amount: essentials.amount, reason: essentials.reason,
      router: router, priority: priority, batchType: batchType, sessionID: extras.sessionID,
      nodeID: extras.nodeID, customData: extras.customData,
      clientReference: extras.clientReference)
  }
}

extension FieldScan {
  /// `nil` when one of them left a fault.
  mutating func essentials(_ recipients: RecipientPolicy) -> PayoutItem.Essentials? {
    let recipient = recipient("recipient_address", recipients)
    let amount = amount("amount_usdt")
    let reason = text("reason", lengths: 1...200, required: true)
    guard let recipient, let amount, let reason else { return nil }
    return PayoutItem.Essentials(recipient: recipient, amount: amount, reason: reason)
  }

  mutating func extras() -> PayoutItem.Extras {
    PayoutItem.Extras(
      sessionID: text("session_id", lengths: 0...50), nodeID: text("node_id", lengths: 0...50),
      customData: object(
        "custom_data", maximumBytes: PayoutRequestReader.maximumCustomDataBytes),
      clientReference: printable("client_reference", lengths: 1...100))
  }
}
