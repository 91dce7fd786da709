import Foundation
import Payouts

/// Inserts payouts and tells, for each that is refused as a duplicate, of what.
struct PayoutInsert {
  private let collection: Collection

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

  /// What a refused payout is a duplicate of.
  func duplicate(of payout: Payout) throws(StoreError) -> PayoutInsertion {
    try Looks.repeated(
      "payouts \(payout.id): refused as a duplicate of one that no majority has yet"
    ) {
      () throws(StoreError) in try look(for: payout)
    }
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

/// Looks again for what a write was refused for. Another client's document blocks its key before a
/// majority has it, and we read what a majority has.
enum Looks {
  /// LIMIT: how often it is looked for before it is reported as not visible yet.
  private static let count = 6
  /// The pause after the first look; doubles each time, 0.6 s in all.
  private static let firstPauseSeconds = 0.02

  /// What the first successful look found.
  static func repeated<Found>(
    _ failure: @autoclosure () -> String, _ look: () throws(StoreError) -> Found?
  ) throws(StoreError) -> Found {
    var pause = firstPauseSeconds
    for turn in 1...count {
      if let found = try look() { return found }
      guard turn < count else { break }
      Thread.sleep(forTimeInterval: pause)
      pause *= 2
    }
    throw StoreError(code: .unavailable, effect: .inDoubt, message: failure())
  }
}
