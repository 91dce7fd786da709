/// Numbers that the protocol fixes.
enum Limits {
  /// Bytes that every transaction is charged for its result.
  static let resultBytes = 64
  /// LIMIT: largest transaction, in bytes, together with twice `resultBytes`.
  static let transactionBytes = 500 * 1024
  /// LIMIT: largest block, in bytes.
  static let blockBytes = 2_000_000
  /// A transaction may not expire later than this after the head block.
  static let maximumExpirationMilliseconds: Int64 = 86_400_000
  /// Blocks that a transaction may refer to.
  static let referenceBlocks: Int64 = 65_536
  /// Signatures that are looked at.
  static let signatures = 5
  /// What a node-built transaction lives after the head block.
  static let defaultExpirationMilliseconds: Int64 = 60_000
  /// Version in every block header.
  static let blockVersion: Int32 = 31
}
