/// Under what conditions a transaction is valid, whatever it does.
public struct TransactionTerms: Hashable, Sendable {
  /// `ref_block_bytes`: the low 16 bits of the reference block's number, 2 bytes.
  public let referenceBytes: [UInt8]
  /// `ref_block_hash`: bytes 8…15 of the reference block's id, 8 bytes.
  public let referenceHash: [UInt8]
  /// The transaction can execute only in a block whose parent is older than this.
  public let expiration: UnixMilliseconds
  /// When it was made, by its maker's word; no rule of the chain reads it, but it makes two
  /// otherwise equal transactions different.
  public let timestamp: UnixMilliseconds
  /// The most that its energy may cost.
  public let feeLimit: Sun

  /// Terms that quote a block.
  public init(
    reference: BlockReference, expiration: UnixMilliseconds, timestamp: UnixMilliseconds,
    feeLimit: Sun
  ) throws(TransactionError) {
    try self.init(
      referenceBytes: reference.bytes, referenceHash: reference.hash, expiration: expiration,
      timestamp: timestamp, feeLimit: feeLimit)
  }

  /// Terms from the parts of a quoted block that a transaction carries.
  public init(
    referenceBytes: [UInt8], referenceHash: [UInt8], expiration: UnixMilliseconds,
    timestamp: UnixMilliseconds, feeLimit: Sun
  ) throws(TransactionError) {
    guard referenceBytes.count == 2 else {
      throw TransactionError(.outOfRange, "ref_block_bytes is not 2 bytes")
    }
    guard referenceHash.count == 8 else {
      throw TransactionError(.outOfRange, "ref_block_hash is not 8 bytes")
    }
    guard expiration.value >= 0 else {
      throw TransactionError(.outOfRange, "the expiration is negative")
    }
    guard timestamp.value >= 0 else {
      throw TransactionError(.outOfRange, "the timestamp is negative")
    }
    guard feeLimit.value >= 0 else {
      throw TransactionError(.outOfRange, "the fee limit is negative")
    }
    self.referenceBytes = referenceBytes
    self.referenceHash = referenceHash
    self.expiration = expiration
    self.timestamp = timestamp
    self.feeLimit = feeLimit
  }
}
