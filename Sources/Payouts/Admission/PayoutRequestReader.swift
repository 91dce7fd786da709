import Tron

/// Turns the JSON of `POST /payouts` into a request, or into all its faults at once.
public struct PayoutRequestReader: Sendable {
  // LIMIT: of the compact text; spaces between tokens do not count.
  /// The most bytes that `custom_data` may have.
  public static let maximumCustomDataBytes = 1000

  /// Who may be paid.
  public var recipients: RecipientPolicy
  /// The windows that can be asked for.
  public var batchTypes: Set<BatchType>

  /// Collects the parts.
  public init(recipients: RecipientPolicy, batchTypes: Set<BatchType> = [.immediate]) {
    self.recipients = recipients
    self.batchTypes = batchTypes
  }

  /// Reads a body. Fields that nobody knows are faults, for a mistyped `batchtype` must not
  /// silently mean IMMEDIATE.
  public func request(_ body: JSONValue) throws(Refusal) -> PayoutRequest {
    guard let members = body.members else {
      throw Refusal(
        .malformedJSON, reason: "not_an_object",
        message: "The body must be a JSON object, not \(body.kind)")
    }
    var scan = FieldScan(members)
    let recipient = scan.recipient("recipient_address", recipients)
    let amount = scan.amount("amount_usdt")
    let reason = scan.text("reason", lengths: 1...200, required: true)
    let router: RouterType? = scan.choice("router_type", code: .invalidRouter)
    let priority = scan.choice("priority", absent: Priority.normal)
    let batchType = scan.choice("batch_type", absent: BatchType.immediate)
    if let batchType, !batchTypes.contains(batchType) {
      scan.fault(
        "batch_type", "not_available_yet",
        "\(batchType.rawValue) is not available yet; \(available) is")
    }
    let session = scan.text("session_id", lengths: 0...50)
    let node = scan.text("node_id", lengths: 0...50)
    let customData = scan.object("custom_data", maximumBytes: Self.maximumCustomDataBytes)
    let reference = scan.printable("client_reference", lengths: 1...100)
    scan.faultUnknownFields()
    if let refusal = Refusal(scan.faults) { throw refusal }
    guard let recipient, let amount, let reason, let router, let priority, let batchType else {
      throw Refusal(.internalError)  // a missing value always left a fault
    }
    return PayoutRequest(
      recipient: recipient, amount: amount, reason: reason, router: router, priority: priority,
      batchType: batchType, sessionID: session, nodeID: node, customData: customData,
      clientReference: reference)
  }

  private var available: String {
    BatchType.allCases.filter(batchTypes.contains).map(\.rawValue).joined(separator: ", ")
  }
}
