import Tron

/// What a fleet does with a record that it reads once more.
public enum ReplayEffect: String, CaseIterable, Sendable {
  /// Its subject has moved on: read, looked up, done with.
  case nothing
  /// The payout waits without a transfer: a Batcher forms it. One that waits for its window, or for a
  /// KYC record, is not touched by a message: that is `nothing`.
  case formsTransfer = "forms_transfer"
  /// The transfer waits for a Signer, which plans it.
  case plans
  /// A planned attempt is signed again: the same bytes, so the same transaction.
  case signsAgain = "signs_again"
  /// The store lacks the attempt, and it is put back, to be watched.
  case putsBack = "puts_back"
  /// The planned attempt is armed, if the rules allow it.
  case arms
  /// The transfer waits for exactly this record to end as failed or cancelled.
  case concludes
  /// Whoever listens is told again; the message is the same, and so is its identity.
  case tellsAgain = "tells_again"
  /// The original goes to its own topic again; it comes back if it is still not understood.
  case readAgain = "read_again"
  /// The store does not have what it speaks of; nothing happens.
  case unknownSubject = "unknown_subject"
  /// It is malformed. Not appended again: it is among the dead letters already.
  case notUnderstood = "not_understood"
}

/// A record with what would come of reading it again.
public struct ReplayedRecord: Hashable, Sendable {
  /// What is appended; `nil` when nothing is.
  public var record: OutgoingRecord?
  /// The header `type`; `unknown` without one.
  public var kind: String
  /// What comes of it.
  public var effect: ReplayEffect
}

/// Looks up what reading records again would do, as the stages would see it now. Reads only.
public struct ReplayPreview: Sendable {
  private let payouts: any PayoutStore
  private let transfers: any TransferStore
  private let kyc: KYCGate

  /// Collects the parts.
  public init(payouts: any PayoutStore, transfers: any TransferStore, kyc: KYCGate) {
    self.payouts = payouts
    self.transfers = transfers
    self.kyc = kyc
  }

  /// What a record says, as far as it matters here.
  private enum Content {
    case payout(PayoutID)
    case hint(TransferID)
    case journal(JournalRecord)
    case settled
    case letter(DeadLetter)
    case malformed
  }

  /// In the order of the arguments; a bounded number of look-ups whatever their number.
  public func preview(_ records: [IncomingRecord]) async throws(StoreError) -> [ReplayedRecord] {
    let contents = records.map(Self.content)
    let known = try await look(contents)
    return zip(records, contents).map { record, content in
      let kind = record.headers.first { $0.name == "type" }?.value ?? "unknown"
      let effect = known.effect(of: content)
      return ReplayedRecord(record: Self.again(record, content), kind: kind, effect: effect)
    }
  }

  private static func content(_ record: IncomingRecord) -> Content {
    do throws(MalformedRecord) {
      switch record.topic {
      case .requested: return .payout(try LogMessages.payout(record).id)
      case .ready: return .hint(try LogMessages.hint(record))
      case .signed: return .journal(try LogMessages.journal(record))
      case .settled: return .settled
      case .deadletter: return .letter(try LogMessages.deadLetter(record))
      }
    } catch { return .malformed }
  }

  /// The same record again, in the same partition; of a dead letter, the original in its topic.
  private static func again(_ record: IncomingRecord, _ content: Content) -> OutgoingRecord? {
    switch content {
    case .malformed: return nil
    case .letter(let letter):
      guard let topic = Topic.all.first(where: { $0.name == letter.topic }),
        topic != .deadletter, let key = String(validating: letter.key, as: UTF8.self)
      else { return nil }
      return OutgoingRecord(
        topic: topic, partition: letter.partition, key: key, value: Array(letter.value),
        headers: (letter.headers ?? []).map { RecordHeader($0.name, $0.value) })
    case .payout, .hint, .journal, .settled:
      guard let key = String(validating: record.key, as: UTF8.self) else { return nil }
      return OutgoingRecord(
        topic: record.topic, partition: record.partition, key: key, value: record.value,
        headers: record.headers)
    }
  }

  private func look(_ contents: [Content]) async throws(StoreError) -> Known {
    var payoutIDs: Set<PayoutID> = []
    var transferIDs: Set<TransferID> = []
    for content in contents {
      switch content {
      case .payout(let id): payoutIDs.insert(id)
      case .hint(let id): transferIDs.insert(id)
      case .journal(let entry): if let id = entry.transferID { transferIDs.insert(id) }
      case .settled, .letter, .malformed: break
      }
    }
    let found = payoutIDs.isEmpty ? [] : try await payouts.payouts(payoutIDs.sorted())
    transferIDs.formUnion(found.filter { $0.state == .assigned }.compactMap(\.transferID))
    let there = transferIDs.isEmpty ? [] : try await transfers.transfers(transferIDs.sorted())
    let held = try await kyc.parted(found.filter { $0.state == .accepted }).held
    return Known(
      held: Set(held.map(\.id)),
      payouts: Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
      transfers: Dictionary(there.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
  }

  /// What the store has of the subjects.
  private struct Known {
    var held: Set<PayoutID>
    var payouts: [PayoutID: Payout]
    var transfers: [TransferID: Transfer]

    func effect(of content: Content) -> ReplayEffect {
      switch content {
      case .payout(let id): payouts[id].map(effect) ?? .unknownSubject
      case .hint(let id): transfers[id].map(effectOfHint) ?? .unknownSubject
      case .journal(let entry): effect(of: entry)
      case .settled: .tellsAgain
      case .letter: .readAgain
      case .malformed: .notUnderstood
      }
    }

    private func effect(_ payout: Payout) -> ReplayEffect {
      switch payout.state {
      case .accepted: return held.contains(payout.id) ? .nothing : .formsTransfer
      case .prepared, .scheduled, .paid, .failed, .cancelled: return .nothing
      case .assigned:
        guard let transfer = payout.transferID.flatMap({ transfers[$0] }) else {
          return .formsTransfer
        }
        return transfer.state == .ready ? .plans : .nothing
      }
    }

    private func effectOfHint(_ transfer: Transfer) -> ReplayEffect {
      switch transfer.state {
      case .ready: .plans
      case .planned: .signsAgain
      case .held, .armed, .failing, .voiding, .paid, .failed, .cancelled: .nothing
      }
    }

    private func effect(of entry: JournalRecord) -> ReplayEffect {
      guard let id = entry.transferID else { return .nothing }
      guard let transfer = transfers[id] else { return .unknownSubject }
      guard transfer.state.isOpen else { return .nothing }
      switch entry {
      case .plan(let plan):
        let isThere = transfer.attempts.contains { $0.txid == plan.attempt.txid }
        guard isThere else { return .putsBack }
        let isNext = transfer.state == .planned && transfer.current?.txid == plan.attempt.txid
        return isNext ? .arms : .nothing
      case .void: return .concludes
      case .settled(let settlement): return settlement.result == .failed ? .concludes : .nothing
      case .epoch: return .nothing
      }
    }
  }
}
