import Logging
import Payouts
import Tron

/// Turns what stages report into log lines and metrics.
///
/// Milestones of a transfer are `info` with its transfer and payout ids, so that one grep tells the
/// life of a payout; what needs a person is `warning` or `error`.
public struct StageEventReporter: StageObserver {
  let logger: Logger
  private let unanswered: LogThrottle
  private let nodeFaults: LogThrottle

  /// - Parameter logger: Gets the lines.
  public init(logger: Logger, clock: any LoopClock = SystemLoopClock()) {
    self.logger = logger
    self.unanswered = LogThrottle(clock: clock)
    self.nodeFaults = LogThrottle(clock: clock)
  }

  /// Logs and counts the event.
  public func observe(_ event: StageEvent) {
    switch event {
    case .deadLetter(let topic, let partition, let offset, let reason):
      buried(topic: topic, partition: partition, offset: offset, reason: reason)
    case .transfersFormed, .planned, .held, .armed, .paid, .readyAgain, .failed, .cancelled:
      reportLife(event)
    case .refusedToSign, .attemptRestored, .notArmed, .included, .dead:
      reportAttempt(event)
    case .broadcast, .broadcastUnanswered, .head, .nodeFault:
      reportChain(event)
    case .limitFinding(let finding): report(finding)
    case .swept(let stage, let what, let count):
      guard count > 0 else { return }
      MetricNames.swept.counter(("stage", stage), ("what", what)).increment(by: count)
      logger.info(
        "emitted again", metadata: ["stage": "\(stage)", "what": "\(what)", "count": "\(count)"])
    case .storeFellBack(let partitions):
      MetricNames.storeFallbacks.counter().increment()
      logger.warning(
        "the store does not have the position that was written last: it fell back, or another copy has the partitions",
        metadata: ["partitions": "\(partitions)"])
    case .preparedPayoutsFinished(let admitted, let discarded):
      let finished = MetricNames.preparedPayoutsFinished
      finished.counter(("decision", "admitted")).increment(by: admitted)
      finished.counter(("decision", "discarded")).increment(by: discarded)
      logger.info(
        "batches were finished for creators that did not",
        metadata: ["admitted": "\(admitted)", "discarded": "\(discarded)"])
    case .breakerChanged, .foreignTransaction, .heldForKYC: reportGuards(event)
    case .watching(let transfers, let armed):
      MetricNames.watchedTransfers.gauge().set(transfers)
      MetricNames.watchedArmed.gauge().set(armed)
    }
  }

  private func buried(topic: String, partition: Int32, offset: Int64, reason: String) {
    MetricNames.deadLetters.counter(("topic", topic)).increment()
    logger.warning(
      "record set aside",
      metadata: [
        "topic": "\(topic)", "partition": "\(partition)", "offset": "\(offset)",
        "reason": "\(reason)",
      ])
  }
}

// MARK: The life of a transfer

extension StageEventReporter {
  private func reportLife(_ event: StageEvent) {
    switch event {
    case .transfersFormed(let transfers):
      for transfer in transfers {
        MetricNames.transfersFormed.counter(("lane", transfer.lane.rawValue)).increment()
        logger.info("transfer formed", metadata: metadata(transfer))
      }
    case .planned(let transfers):
      for transfer in transfers {
        MetricNames.transfersPlanned.counter(("lane", transfer.lane.rawValue)).increment()
        age(transfer, "planned", at: transfer.updatedAt)
        logger.info("transfer planned", metadata: metadata(transfer))
      }
    case .armed(let transfers):
      for transfer in transfers {
        MetricNames.transfersArmed.counter(("lane", transfer.lane.rawValue)).increment()
        age(transfer, "armed", at: transfer.updatedAt)
        logger.info("transfer armed", metadata: metadata(transfer))
      }
    case .held(let transfer, let reason):
      MetricNames.transfersHeld.counter(("reason", reason.rawValue)).increment()
      logger.warning(
        "transfer held", metadata: metadata(transfer, ["reason": "\(reason.rawValue)"]))
    case .readyAgain(let transfer):
      MetricNames.transfersReadyAgain.counter().increment()
      logger.warning("transfer gets another attempt", metadata: metadata(transfer))
    case .paid(let transfer): paid(transfer)
    case .failed(let transfer): failed(transfer)
    case .cancelled(let transfer):
      MetricNames.transfersCancelled.counter().increment()
      logger.info("transfer cancelled", metadata: metadata(transfer))
    default: break
    }
  }

  private func paid(_ transfer: Transfer) {
    MetricNames.transfersPaid.counter(("lane", transfer.lane.rawValue)).increment()
    MetricNames.paidAmount.counter().increment(by: transfer.amount.micro)
    var more: Logger.Metadata = [:]
    if let payment = transfer.payment {
      MetricNames.paidFees.counter().increment(by: payment.fee.value)
      age(transfer, "paid", at: payment.confirmedAt)
      more = [
        "txid": "\(payment.txid)", "block": "\(payment.blockNumber.value)",
        "fee_sun": "\(payment.fee.value)",
      ]
    }
    logger.info("transfer paid", metadata: metadata(transfer, more))
  }

  private func failed(_ transfer: Transfer) {
    let reason = transfer.failure?.reason.rawValue ?? transfer.state.rawValue
    MetricNames.transfersFailed.counter(("reason", reason)).increment()
    logger.warning("transfer failed", metadata: metadata(transfer, ["reason": "\(reason)"]))
  }

  private func age(_ transfer: Transfer, _ event: String, at instant: UnixMilliseconds) {
    let age = max(0, instant.value - transfer.createdAt.value)
    MetricNames.transferAge.timer(("event", event)).record(.milliseconds(age))
  }

  private func metadata(
    _ transfer: Transfer, _ more: Logger.Metadata = [:]
  ) -> Logger.Metadata {
    // LIMIT: a netted transfer may pay many payouts; the store knows them all.
    let members = transfer.members.prefix(20).map(\.text).joined(separator: ",")
    var metadata: Logger.Metadata = [
      "transfer_id": "\(transfer.id)", "payout_id": "\(members)",
      "attempt": "\(transfer.attempts.last?.number ?? 0)",
      "amount_micro": "\(transfer.amount.micro)",
    ]
    if let txid = transfer.attempts.last?.txid { metadata["txid"] = "\(txid)" }
    if let trace = transfer.trace { metadata["trace_id"] = "\(trace.traceID)" }
    metadata.merge(more) { $1 }
    return metadata
  }
}

// MARK: Attempts and nodes

extension StageEventReporter {
  private func reportAttempt(_ event: StageEvent) {
    switch event {
    case .refusedToSign(let transfer, let attempt, let reason):
      MetricNames.signingRefused.counter().increment()
      logger.error(
        "refused to sign: the stored attempt does not pay its transfer",
        metadata: metadata(transfer, attempt, ["reason": "\(reason)"]))
    case .attemptRestored(let transfer, let attempt):
      MetricNames.attemptsRestored.counter().increment()
      logger.warning(
        "attempt put back into the store", metadata: metadata(transfer, attempt))
    case .notArmed(let transfer, let attempt, let reason):
      MetricNames.attemptsNotArmed.counter().increment()
      logger.warning(
        "attempt is watched but not sent",
        metadata: metadata(transfer, attempt, ["reason": "\(reason)"]))
    case .included(let transfer, let attempt, let block):
      MetricNames.attemptsIncluded.counter().increment()
      logger.debug(
        "attempt is in a block", metadata: metadata(transfer, attempt, ["block": "\(block.value)"]))
    case .dead(let transfer, let attempt, let proof):
      MetricNames.attemptsDead.counter(("kind", proof.kind.rawValue)).increment()
      logger.warning(
        "attempt is proven dead",
        metadata: metadata(
          transfer, attempt,
          [
            "kind": "\(proof.kind.rawValue)", "block": "\(proof.block.value)",
            "result": "\(proof.result ?? "")", "nodes": "\(proof.nodes.joined(separator: ","))",
          ]))
    default: break
    }
  }

  private func reportChain(_ event: StageEvent) {
    switch event {
    case .broadcast(let transfer, let attempt, let node, let code, let message):
      MetricNames.broadcasts.counter(("code", code), ("node", node)).increment()
      let isUsual = code == "SUCCESS" || code == "DUP_TRANSACTION_ERROR"
      logger.log(
        level: isUsual ? .debug : .info, "broadcast answered",
        metadata: metadata(
          transfer, attempt, ["node": "\(node)", "code": "\(code)", "message": "\(message)"]))
    case .broadcastUnanswered(let transfer, let attempt, let node, let error):
      MetricNames.broadcastsUnanswered.counter(("node", node)).increment()
      guard let suppressed = unanswered.pass() else { return }
      logger.warning(
        "a node does not answer broadcasts; they are repeated",
        metadata: metadata(
          transfer, attempt,
          ["node": "\(node)", "error": "\(error)", "suppressed": "\(suppressed)"]))
    case .head(let latest, let solidified):
      MetricNames.chainHead.gauge().set(latest.value)
      MetricNames.chainSolidified.gauge().set(solidified.value)
    case .nodeFault(let node, let reason):
      MetricNames.nodeFaults.counter(("node", node)).increment()
      guard let suppressed = nodeFaults.pass() else { return }
      logger.error(
        "a node is at fault",
        metadata: ["node": "\(node)", "reason": "\(reason)", "suppressed": "\(suppressed)"])
    default: break
    }
  }

  private func metadata(
    _ transfer: TransferID, _ attempt: Int, _ more: Logger.Metadata = [:]
  ) -> Logger.Metadata {
    var metadata: Logger.Metadata = ["transfer_id": "\(transfer)", "attempt": "\(attempt)"]
    metadata.merge(more) { $1 }
    return metadata
  }
}

// MARK: Limits

extension StageEventReporter {
  private func report(_ finding: LimitFinding) {
    if finding.groupsEnded > 0 {
      MetricNames.limitGroupsEnded.counter().increment(by: finding.groupsEnded)
      logger.warning(
        "reservations whose creator did not end them were ended",
        metadata: ["counter": "\(finding.counter.text)", "groups": "\(finding.groupsEnded)"])
    }
    guard finding.differs else { return }
    MetricNames.limitDifferences.counter(("router_type", finding.counter.router.rawValue))
      .increment()
    let hours = finding.differences.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    logger.error(
      "a limit's counter differs from the payouts; it was healed",
      metadata: [
        "counter": "\(finding.counter.text)", "too_much_micro": "\(finding.total)",
        "hours": "\(hours.joined(separator: " "))",
      ])
  }
}
