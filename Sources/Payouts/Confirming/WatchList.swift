import Tron

/// The transfers whose attempts the chain is watched for, in the version last seen of each, and
/// when each armed attempt is sent next.
struct WatchList {
  private(set) var transfers: [TransferID: Transfer] = [:]
  private var nextBroadcast: [TransactionID: UnixMilliseconds] = [:]

  /// Takes a version that was read or written; an older one than the known is ignored.
  mutating func update(_ transfer: Transfer) {
    if let known = transfers[transfer.id], known.rev > transfer.rev { return }
    remove(transfer.id)
    guard transfer.state.isOpen, !transfer.attempts.isEmpty else { return }
    let isWatched = transfer.hasLiveAttempt || transfer.state != .ready
    if isWatched { transfers[transfer.id] = transfer }
  }

  /// Takes the version that the store has, whatever was known before (a rolled-back store).
  mutating func replace(_ transfer: Transfer) {
    remove(transfer.id)
    update(transfer)
  }

  mutating func remove(_ id: TransferID) {
    guard let old = transfers.removeValue(forKey: id) else { return }
    for attempt in old.attempts where attempt.isLive && !attempt.armed {
      nextBroadcast[attempt.txid] = nil
    }
  }

  mutating func remove(partitions: Set<Int32>) {
    transfers = transfers.filter { !partitions.contains($0.value.partition) }
  }

  /// Armed attempts whose time to be sent has come, oldest transfers first; their next time is set.
  mutating func takeDue(
    at now: UnixMilliseconds, every interval: Duration, limit: Int,
    isIncluded: (TransactionID) -> Bool
  ) -> [(transfer: Transfer, attempt: Attempt)] {
    var due: [(transfer: Transfer, attempt: Attempt)] = []
    var schedule: [TransactionID: UnixMilliseconds] = [:]
    for transfer in transfers.values where transfer.hold?.reason != .unexpectedOutcome {
      for attempt in transfer.attempts where attempt.armed && attempt.isLive {
        let moment = nextBroadcast[attempt.txid]
        if let moment { schedule[attempt.txid] = moment }
        guard moment.map({ $0 <= now }) ?? true, !isIncluded(attempt.txid) else { continue }
        due.append((transfer, attempt))
      }
    }
    due.sort {
      ($0.transfer.lane, $0.transfer.createdAt) < ($1.transfer.lane, $1.transfer.createdAt)
    }
    due = Array(due.prefix(limit))
    for item in due {
      schedule[item.attempt.txid] = now.advanced(milliseconds: interval.milliseconds)
    }
    nextBroadcast = schedule
    return due
  }

  /// Every attempt that the chain could still execute.
  var liveAttempts: [(transfer: Transfer, attempt: Attempt)] {
    transfers.values.flatMap { transfer in
      transfer.attempts.filter(\.isLive).map { (transfer, $0) }
    }
  }

  /// The lowest block that can matter to a live attempt.
  var lowestNeeded: BlockNumber? {
    liveAttempts.map(\.attempt.referenceBlock.value).min().map { value in
      BlockNumber(value == .max ? value : value + 1)
    }
  }

  var armedCount: Int { transfers.values.count { $0.state == .armed } }
}
