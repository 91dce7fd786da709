import Foundation
import Payouts

/// Inserts payouts and tells, for each that is refused as a duplicate, of what.
struct PayoutInsert {
  private let collection: Collection

  /// LIMIT: how often a duplicate is looked for before it is reported as not visible yet. Another
  /// client's payout blocks its key before a majority has it, and we read what a majority has.
  private static let looks = 6
  /// The pause after the first look; doubles each time, 0.6 s in all.
  private static let firstPauseSeconds = 0.02

  init(_ collection: Collection) { self.collection = collection }

  /// One bulk; then the duplicates, if any, are read.
  func insert(_ payouts: [Payout]) throws(StoreError) -> [PayoutInsertion] {
    var bulk = BulkWrite(collection)
    for payout in payouts { try bulk.insert(BSONDocument(payout.write(to:))) }
    let refused = try bulk.execute().refusals.map(\.index).filter(payouts.indices.contains)
    var insertions = [PayoutInsertion](repeating: .inserted, count: payouts.count)
    guard !refused.isEmpty else { return insertions }
    try lookAfterWrite { () throws(StoreError) in
      try resolve(refused, of: payouts, in: &insertions)
    }
    return insertions
  }

  private func resolve(
    _ refused: [Int], of payouts: [Payout], in insertions: inout [PayoutInsertion]
  ) throws(StoreError) {
    let known: [Payout] = try collection.find("_id", among: refused.map { payouts[$0].id })
    let ours = Set(known.map(\.id))
    for index in refused where !ours.contains(payouts[index].id) {
      insertions[index] = try duplicate(of: payouts[index])
    }
  }

  private func duplicate(of payout: Payout) throws(StoreError) -> PayoutInsertion {
    var pause = Self.firstPauseSeconds
    for count in 1...Self.looks {
      if let insertion = try look(for: payout) { return insertion }
      guard count < Self.looks else { break }
      Thread.sleep(forTimeInterval: pause)
      pause *= 2
    }
    throw StoreError(
      code: .unavailable, effect: .inDoubt,
      message: "payouts \(payout.id): refused as a duplicate of one that no majority has yet")
  }

  private func look(for payout: Payout) throws(StoreError) -> PayoutInsertion? {
    let ours: [Payout] = try collection.find("_id", among: [payout.id])
    if !ours.isEmpty { return .inserted }
    if let key = payout.idempotency?.key {
      let found: [Payout] = try collection.find(
        .payout(of: payout.tenant, idempotencyKey: key))
      if let existing = found.first { return .duplicateKey(existing: existing) }
    }
    if let reference = payout.request.clientReference {
      let found: [Payout] = try collection.find(
        .payout(of: payout.tenant, clientReference: reference))
      if let existing = found.first { return .duplicateReference(existing: existing) }
    }
    return nil
  }
}
