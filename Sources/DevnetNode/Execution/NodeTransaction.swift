import Tron

/// A transaction as the node holds it: decoded once on arrival, shared from then on.
final class NodeTransaction: Sendable {
  let decoded: DecodedTransaction
  /// Size of the serialised transaction without its result, in bytes.
  let size: Int

  init(_ decoded: DecodedTransaction) {
    self.decoded = decoded
    size = SignedTransaction(rawData: decoded.rawData, signatures: decoded.signatures).bytes.count
  }

  /// The serialised transaction without its result: what was broadcast.
  var signedBytes: [UInt8] {
    SignedTransaction(rawData: decoded.rawData, signatures: decoded.signatures).bytes
  }

  /// SHA-256 of `raw_data`.
  var id: TransactionID { decoded.txid }

  /// The serialised transaction as a block holds it.
  func bytes(result: ContractResult) -> [UInt8] {
    SignedTransaction(rawData: decoded.rawData, signatures: decoded.signatures)
      .bytes(result: result)
  }
}
