import Tron

/// What a client asked for with `POST /payouts/batch`.
public struct BatchRequest: Hashable, Sendable {
  /// 1 to 100, all of one router, priority and window.
  public var payouts: [PayoutRequest]
  /// Their sum.
  public var totalAmount: USDTAmount
  /// The policy.
  public var router: RouterType
  /// The lane.
  public var priority: Priority
  /// The window.
  public var batchType: BatchType

  /// Collects the parts.
  public init(
    payouts: [PayoutRequest], totalAmount: USDTAmount, router: RouterType, priority: Priority,
    batchType: BatchType
  ) {
    self.payouts = payouts
    self.totalAmount = totalAmount
    self.router = router
    self.priority = priority
    self.batchType = batchType
  }
}

/// Turns the JSON of `POST /payouts/batch` into a request, or into all its faults at once: one bad
/// item refuses the batch.
public struct BatchRequestReader: Sendable {
  // LIMIT: by the contract.
  /// The most payouts of a batch.
  public static let maximumPayouts = 100
  // LIMIT: more than an item has fields; keeps the answer to a hostile body short.
  private static let maximumFaultsPerPayout = 10

  /// Who may be paid.
  public var recipients: RecipientPolicy

  /// Wraps the rules.
  public init(recipients: RecipientPolicy) { self.recipients = recipients }

  /// Reads a body.
  public func request(_ body: JSONValue) throws(Refusal) -> BatchRequest {
    guard let members = body.members else { throw .notAnObject(body) }
    let (request, faults) = read(members)
    if let refusal = Refusal(faults, atMost: .max) { throw refusal }
    guard let request else { throw Refusal(.internalError) }  // a missing value left a fault
    return request
  }

  /// The request, or every fault; those of an item have its index.
  public func read(_ members: [JSONMember]) -> (request: BatchRequest?, faults: [FieldFault]) {
    var scan = FieldScan(members)
    let items = scan.array("payouts", counts: 1...Self.maximumPayouts)
    let router: RouterType? = scan.choice("router_type", code: .invalidRouter)
    let priority = scan.choice("priority", absent: Priority.normal)
    let batchType = scan.choice("batch_type", absent: BatchType.hourly)
    scan.faultUnknownFields()
    var parts = scan.items(items ?? [], recipients)
    var faults = Array(scan.faults.prefix(Self.maximumFaultsPerPayout))
    Self.faultCollisions(&parts)
    for (index, part) in parts.enumerated() {
      faults += part.faults.prefix(Self.maximumFaultsPerPayout).map { $0.at(index) }
    }
    guard faults.isEmpty, let router, let priority, let batchType,
      let total = parts.reduce(
        USDTAmount.zero,
        { sum, part in
          part.item.flatMap { item in sum.flatMap { $0.adding(item.amount) } }
        })
    else { return (nil, faults) }
    let payouts = parts.compactMap {
      $0.item?.request(router: router, priority: priority, batchType: batchType)
    }
    let request = BatchRequest(
      payouts: payouts, totalAmount: total, router: router, priority: priority,
      batchType: batchType)
    return (request, [])
  }

  /// A reference names one payout for ever: the first item that has it wins, later ones are wrong.
  private static func faultCollisions(_ parts: inout [FieldScan.ItemPart]) {
    var first: [String: Int] = [:]
    for index in parts.indices {
      guard let reference = parts[index].reference else { continue }
      guard let earlier = first[reference] else {
        first[reference] = index
        continue
      }
      parts[index].faults.append(
        FieldFault(
          "client_reference", reason: "duplicate",
          message: "is the client_reference of item \(earlier) too"))
    }
  }
}

extension FieldScan {
  /// One item of a batch as far as it could be read.
  struct ItemPart {
    /// `nil` when something is wrong with it.
    var item: PayoutItem?
    /// Known even when other fields are wrong.
    var reference: String?
    /// Without index.
    var faults: [FieldFault]
  }

  fileprivate func items(_ values: [JSONValue], _ recipients: RecipientPolicy) -> [ItemPart] {
    values.map { value in
      guard let members = value.members else {
        let fault = FieldFault(
          "payouts", reason: "wrong_type", message: "must be an object, not \(value.kind)")
        return ItemPart(faults: [fault])
      }
      var scan = FieldScan(members)
      let essentials = scan.essentials(recipients)
      let extras = scan.extras()
      scan.faultUnknownFields()
      let item = essentials.map { PayoutItem(essentials: $0, extras: extras) }
      return ItemPart(item: item, reference: extras.clientReference, faults: scan.faults)
    }
  }
}

extension FieldFault {
  /// The fault as one of an item of a batch.
  func at(_ index: Int) -> FieldFault {
    var fault = self
    fault.index = index
    return fault
  }
}
