import Payouts

/// Replaces many transfers, each only if it still is the version that was read.
///
/// One bulk marks everything that it wins with one fresh token; when the count says that some
/// were lost, reading the tokens back tells which.
struct TransferCompareAndSet {
  /// What became of the changes.
  struct Outcome {
    /// The new versions of those that were replaced, in the order of the changes.
    var replaced: [Transfer]
    /// Those refused because a transaction id of theirs belongs to another transfer.
    var transactionIDConflicts: [TransferID]
  }

  private let changes: [TransferChange]
  private let token: WriteToken

  /// A change that names another transfer, or a transfer twice, is a programming error; nothing is
  /// written then, because the token could not tell the two apart.
  init(_ changes: [TransferChange]) throws(StoreError) {
    let isSound =
      Set(changes.map(\.old.id)).count == changes.count
      && changes.allSatisfy { $0.old.id == $0.new.id && $0.old.rev < .max }
    guard isSound else {
      throw StoreError(
        code: .server, effect: .refused,
        message: "a compare-and-set names a transfer twice, or two transfers in one change")
    }
    self.changes = changes
    var random = SystemRandomNumberGenerator()
    token = WriteToken(
      String(random.next(), radix: 36) + "-" + String(random.next(), radix: 36))
  }

  func execute(_ collection: Collection) throws(StoreError) -> Outcome {
    var bulk = BulkWrite(collection)
    let replacements = changes.map { $0.replacement(token) }
    for (change, replacement) in zip(changes, replacements) {
      try bulk.replaceOne(change.filter, BSONDocument(replacement.write(to:)))
    }
    let result = try bulk.execute()
    let conflicts = result.refusals.map(\.index).filter(changes.indices.contains)
      .map { changes[$0].old.id }
    guard result.matched < changes.count else {
      return Outcome(replaced: replacements, transactionIDConflicts: conflicts)
    }
    // RACE: a version of ours that another writer built upon before this look carries that
    // writer's token. It counts as lost, that is as "moved on", which is what it did.
    let versions: [Version] =
      result.matched == 0
      ? []
      : try lookAfterWrite { () throws(StoreError) in
        try collection.find("_id", among: changes.map(\.old.id))
      }
    let won = Set(versions.filter { $0.token == token }.map(\.id))
    return Outcome(
      replaced: replacements.filter { won.contains($0.id) }, transactionIDConflicts: conflicts)
  }

  /// The part of a stored transfer that says whose write it is.
  private struct Version: BSONReadableRecord {
    let id: TransferID
    let token: WriteToken

    init(from reader: BSONReader) throws(BSONFault) {
      id = try reader.value("_id")
      token = try reader.value("token")
    }
  }
}
