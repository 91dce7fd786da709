import Foundation
import SwiftProtobuf

/// Any transaction, read tolerantly: whatever a node would take or a wallet may have written.
///
/// Explicit zeros, memos, permission ids, unknown fields and contract types do not disturb it, and
/// the id is always the hash of the bytes as they came. To check what is to be signed or armed use
/// ``TransferTransaction/init(strictly:)``.
public struct DecodedTransaction: Hashable, Sendable {
  /// The serialised `raw_data` as it came.
  public let rawData: [UInt8]
  /// The signatures as they came; none for a bare `raw_data`.
  public let signatures: [[UInt8]]
  /// SHA-256 of ``rawData``.
  public let txid: TransactionID
  /// `ref_block_bytes`; normally 2 bytes.
  public let referenceBytes: [UInt8]
  /// `ref_block_hash`; normally 8 bytes.
  public let referenceHash: [UInt8]
  /// When it expires.
  public let expiration: UnixMilliseconds
  /// When it was made, by its maker's word; 0 when it does not say.
  public let timestamp: UnixMilliseconds
  /// The most that its energy may cost; 0 when it does not say.
  public let feeLimit: Sun
  /// `raw_data.data`: the memo; empty when there is none.
  public let memo: [UInt8]
  /// What it does; nodes take exactly one.
  public let contracts: [DecodedContract]

  /// Reads a serialised `raw_data`.
  public init(rawData: [UInt8]) throws(TransactionError) {
    try self.init(rawData: rawData, signatures: [])
  }

  /// Reads a serialised transaction: `raw_data` with signatures.
  public init(transaction bytes: [UInt8]) throws(TransactionError) {
    let message = try decode(WireTransaction.self, bytes, "a transaction")
    try self.init(
      rawData: [UInt8](message.rawData), signatures: message.signature.map { [UInt8]($0) })
  }

  /// Reads a serialised transaction as a node does, which writes `raw_data` anew before it hashes
  /// it: explicit zeros are gone and fields in ascending order, and then the id is another.
  public init(asNodesHold bytes: [UInt8]) throws(TransactionError) {
    let message = try decode(WireTransaction.self, bytes, "a transaction")
    let raw = try decode(
      WireRawTransaction.self, [UInt8](message.rawData), "the raw_data of a transaction")
    let rawData: [UInt8]
    do { rawData = try raw.serializedBytes() } catch {
      throw TransactionError(.malformed, "the raw_data of a transaction cannot be written")
    }
    self.init(raw, rawData: rawData, signatures: message.signature.map { [UInt8]($0) })
  }

  /// Reads either of the two, whichever the bytes are.
  ///
  /// Both begin with field 1, but only `raw_data` has a field 11, its contracts.
  public init(rawDataOrTransaction bytes: [UInt8]) throws(TransactionError) {
    let raw = try decode(WireRawTransaction.self, bytes, "a transaction or its raw_data")
    if raw.contract.isEmpty {
      try self.init(transaction: bytes)
      guard !contracts.isEmpty else {
        throw TransactionError(.malformed, "there is no contract in it")
      }
    } else {
      self.init(raw, rawData: bytes, signatures: [])
    }
  }

  private init(rawData: [UInt8], signatures: [[UInt8]]) throws(TransactionError) {
    let raw = try decode(WireRawTransaction.self, rawData, "the raw_data of a transaction")
    self.init(raw, rawData: rawData, signatures: signatures)
  }

  private init(_ raw: WireRawTransaction, rawData: [UInt8], signatures: [[UInt8]]) {
    self.rawData = rawData
    self.signatures = signatures
    txid = TransactionID(hashing: rawData)
    referenceBytes = [UInt8](raw.refBlockBytes)
    referenceHash = [UInt8](raw.refBlockHash)
    expiration = UnixMilliseconds(raw.expiration)
    timestamp = UnixMilliseconds(raw.timestamp)
    feeLimit = Sun(raw.feeLimit)
    memo = [UInt8](raw.data)
    contracts = raw.contract.map(DecodedContract.init)
  }
}

/// Decodes a message, or says that the bytes are not one.
func decode<Message: SwiftProtobuf.Message>(
  _ type: Message.Type, _ bytes: [UInt8], _ what: String
) throws(TransactionError) -> Message {
  do {
    return try Message(serializedBytes: bytes)
  } catch {
    throw TransactionError(.malformed, "the bytes are not \(what)")
  }
}
