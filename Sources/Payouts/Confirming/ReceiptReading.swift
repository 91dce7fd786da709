import Tron

/// What a receipt in a solidified block says of an attempt. Only positive evidence counts, either
/// way: what is neither is for a person to look at (rules C4 and C5).
enum ReceiptReading: Hashable {
  /// Success, with exactly the expected event.
  case paid
  /// A failure of a named kind that moves no tokens.
  case failed(result: String)
  /// Neither for certain.
  case unexpected

  init(
    _ receipt: ChainReceipt, of attempt: Attempt, _ transfer: Transfer, contract: TronAddress
  ) {
    let moves = receipt.logs.filter {
      $0.address == Array(contract.accountBytes) && $0.topics.first == TransferEvent.topic
    }
    switch (receipt.result, receipt.receiptResult) {
    case (nil, "SUCCESS"), ("SUCESS", "SUCCESS"):  // the spelling is theirs
      guard moves.count == 1, let event = TransferEvent(moves[0]), event.sender == attempt.owner,
        event.recipient == transfer.recipient, event.amount == transfer.amount
      else {
        self = .unexpected
        return
      }
      self = .paid
    case ("FAILED", let result?) where Self.failures.contains(result) && moves.isEmpty:
      self = .failed(result: result)
    default:
      self = .unexpected
    }
  }

  /// The failing values of `contractResult` that say what went wrong. Not `DEFAULT` and `UNKNOWN`,
  /// which say nothing.
  private static let failures: Set<String> = [
    "REVERT", "BAD_JUMP_DESTINATION", "OUT_OF_MEMORY", "PRECOMPILED_CONTRACT", "STACK_TOO_SMALL",
    "STACK_TOO_LARGE", "ILLEGAL_OPERATION", "STACK_OVERFLOW", "OUT_OF_ENERGY", "OUT_OF_TIME",
    "JVM_STACK_OVER_FLOW", "TRANSFER_FAILED", "INVALID_CODE",
  ]
}
