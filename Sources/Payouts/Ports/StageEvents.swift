import Tron

/// Something a stage did or saw that an operator may want to know. The runtime turns it into log
/// lines and metrics; the brain does neither.
public enum StageEvent: Sendable {
  /// A record was not understood and went to the dead letters.
  case deadLetter(topic: String, partition: Int32, offset: Int64, reason: String)
  /// Batcher: payouts became members of transfers and these were handed on.
  case transfersFormed([Transfer])
  /// Signer: attempts were stored, signed and put into the journal.
  case planned([Transfer])
  /// Signer: a transfer has to wait.
  case held(Transfer, Hold.Reason)
  /// Signer: a stored attempt does not pay exactly its transfer, so it was not signed.
  case refusedToSign(TransferID, attempt: Int, reason: String)
  /// Confirmer: an attempt of the journal was missing in the store and was put back.
  case attemptRestored(TransferID, attempt: Int)
  /// Confirmer: these may be sent from now on.
  case armed([Transfer])
  /// Confirmer: an attempt is watched but not sent, and why.
  case notArmed(TransferID, attempt: Int, reason: String)
  /// Confirmer: a node answered a broadcast; `seconds` since the transfer was formed, on the first.
  case broadcast(TransferID, attempt: Int, node: String, code: String, message: String)
  /// Confirmer: a node did not answer a broadcast.
  case broadcastUnanswered(TransferID, attempt: Int, node: String, error: String)
  /// Confirmer: seen in a block that is not solidified yet.
  case included(TransferID, attempt: Int, block: BlockNumber)
  /// Confirmer: paid, in a solidified block.
  case paid(Transfer)
  /// Confirmer: proven dead.
  case dead(TransferID, attempt: Int, DeathProof)
  /// Confirmer: all attempts dead, the next one may be made.
  case readyAgain(Transfer)
  /// Confirmer: reported as not paid.
  case failed(Transfer)
  /// Confirmer: withdrawn, and never paid.
  case cancelled(Transfer)
  /// Confirmer: the chain as it stands.
  case head(latest: BlockNumber, solidified: BlockNumber)
  /// Confirmer: a node contradicted itself, its chain or another node, or did not answer what a
  /// proof needs; what it says is no evidence for the moment.
  case nodeFault(node: String, reason: String)
  /// Ingest: payouts of batches whose creator did not finish were admitted, or deleted.
  case preparedPayoutsFinished(admitted: Int, discarded: Int)
  /// Ingest: a look at a counter of reserved amounts found something.
  case limitFinding(LimitFinding)
  /// Any stage: the sweeper emitted these again.
  case swept(stage: String, what: String, count: Int)
  /// The position that the store has of journal partitions is not the one written last: the store fell
  /// back, or another copy has the partitions.
  case storeFellBack(partitions: Int)
  /// Any process: the circuit breaker is in another state.
  case breakerChanged(Breaker)
  /// Confirmer: a solidified transaction of our wallet that no record of ours explains; whether it is
  /// one that can take money out of it.
  case foreignTransaction(TransactionID, wallet: TronAddress, contract: String, isSpend: Bool)
  /// Batcher: payouts that wait for a KYC record, at the last look.
  case heldForKYC(count: Int)
  /// Confirmer: how much is watched now.
  case watching(transfers: Int, armed: Int)
}

/// Takes what stages report.
public protocol StageObserver: Sendable {
  /// Never blocks, never fails.
  func observe(_ event: StageEvent)
}
