/// A transaction with its signatures, as nodes take it.
public struct SignedTransaction: Hashable, Sendable {
  /// The serialised `raw_data`, exactly as it was hashed and signed.
  public let rawData: [UInt8]
  /// Each r ‖ s ‖ v, 65 bytes.
  public let signatures: [[UInt8]]

  /// Collects the parts.
  public init(rawData: [UInt8], signatures: [[UInt8]]) {
    self.rawData = rawData
    self.signatures = signatures
  }

  /// The transaction's id.
  public var txid: TransactionID { TransactionID(hashing: rawData) }

  /// The serialised transaction without a result: the argument of `broadcasthex`.
  public var bytes: [UInt8] { writer().bytes }

  /// The serialised transaction with its result, as a block holds it.
  public func bytes(result: ContractResult) -> [UInt8] {
    var inner = ProtobufWriter(capacity: 4)
    inner.integer(3, Int64(result.rawValue))
    var outer = writer()
    outer.message(5, inner.bytes)
    return outer.bytes
  }

  private func writer() -> ProtobufWriter {
    var writer = ProtobufWriter(capacity: rawData.count + 72 * signatures.count + 16)
    writer.message(1, rawData)
    for signature in signatures { writer.message(2, signature) }
    return writer
  }
}

/// How the execution of a transaction ended (`Transaction.Result.contractResult`).
public enum ContractResult: Int32, Sendable {
  case `default` = 0
  case success = 1
  case revert = 2
  case badJumpDestination = 3
  case outOfMemory = 4
  case precompiledContract = 5
  case stackTooSmall = 6
  case stackTooLarge = 7
  case illegalOperation = 8
  case stackOverflow = 9
  case outOfEnergy = 10
  case outOfTime = 11
  case jvmStackOverflow = 12
  case unknown = 13
  case transferFailed = 14
  case invalidCode = 15
}
