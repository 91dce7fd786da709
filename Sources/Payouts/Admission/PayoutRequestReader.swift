import Tron

/// Turns the JSON of `POST /payouts` into a request, or into all its faults at once.
public struct PayoutRequestReader: Sendable {
  // LIMIT: of the compact text; spaces between tokens do not count.
  /// The most bytes that `custom_data` may have.
  public static let maximumCustomDataBytes = 1000

  /// Who may be paid.
  public var recipients: RecipientPolicy

  /// Wraps the rules.
  public init(recipients: RecipientPolicy) { self.recipients = recipients }

  /// Reads a body. Fields that nobody knows are faults, for a mistyped `batchtype` must not
  /// silently mean IMMEDIATE.
  public func request(_ body: JSONValue) throws(Refusal) -> PayoutRequest {
    guard let members = body.members else { throw .notAnObject(body) }
    var scan = FieldScan(members)
    let essentials = scan.essentials(recipients)
    let router: RouterType? = scan.choice("router_type", code: .invalidRouter)
    let priority = scan.choice("priority", absent: Priority.normal)
    let batchType = scan.choice("batch_type", absent: BatchType.immediate)
    let extras = scan.extras()
    scan.faultUnknownFields()
    if let refusal = Refusal(scan.faults) { throw refusal }
    guard let essentials, let router, let priority, let batchType else {
      throw Refusal(.internalError)  // a missing value always left a fault
    }
    return PayoutItem(essentials: essentials, extras: extras)
      .request(router: router, priority: priority, batchType: batchType)
  }
}
