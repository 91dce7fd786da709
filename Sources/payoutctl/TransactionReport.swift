import Foundation
import Secp256k1
import Tron

/// What `tx inspect` says of a transaction.
struct TransactionReport: Encodable {
  var txid: String
  var type: String
  var owner: String?
  var contract: String?
  var call: CallReport?
  var permissionId: Int32
  var refBlockBytes: String
  var refBlockHash: String
  var expiration: Int64
  var timestamp: Int64
  var feeLimit: Int64
  /// As text; bytes that are not UTF-8 come repaired.
  var memo: String?
  var memoHex: String?
  /// Nodes take exactly one; what is said of the call is of the first.
  var contractCount: Int
  /// Whether this is a transaction that the Signer would make: these fields and nothing else.
  var plainTransfer: Bool
  var signatures: [String]
  /// Of each signature in order; null for one from which nobody can be recovered.
  var signers: [String?]
  var rawDataHex: String

  init(_ transaction: DecodedTransaction) {
    let first = transaction.contracts.first
    txid = transaction.txid.hex
    type = first?.type.description ?? "none"
    owner = first?.owner?.base58
    if case .call(let call)? = first?.content { contract = call.contract?.base58 }
    call = first.flatMap(CallReport.init)
    permissionId = first?.permissionID ?? 0
    refBlockBytes = hexString(transaction.referenceBytes)
    refBlockHash = hexString(transaction.referenceHash)
    expiration = transaction.expiration.value
    timestamp = transaction.timestamp.value
    feeLimit = transaction.feeLimit.value
    if !transaction.memo.isEmpty {
      memo = String(decoding: transaction.memo, as: UTF8.self)
      memoHex = hexString(transaction.memo)
    }
    contractCount = transaction.contracts.count
    plainTransfer = Self.isPlainTransfer(transaction.rawData)
    signatures = transaction.signatures.map { hexString($0) }
    signers = transaction.signatures.map { Self.signer(transaction.txid, $0) }
    rawDataHex = hexString(transaction.rawData)
  }

  private static func isPlainTransfer(_ rawData: [UInt8]) -> Bool {
    do {
      return try TransferTransaction(strictly: rawData).rawData == rawData
    } catch {
      return false
    }
  }

  private static func signer(_ txid: TransactionID, _ signature: [UInt8]) -> String? {
    do {
      return try Secp256k1.recover(hash: txid.bytes, signature: signature).address.base58
    } catch {
      return nil
    }
  }
}

/// What the first contract does.
struct CallReport: Encodable {
  /// The name of a method, its selector in hex when the name is not known, or the contract's type.
  var method: String
  var recipient: String?
  /// In the smallest unit: micro-USDT, sun.
  var amount: String?
  var asset: String?
  /// Call data, hex.
  var data: String?
  /// Sun that go with the call; absent when none.
  var callValue: Int64?
  var callTokenValue: Int64?
  var tokenId: Int64?

  private static let methods = [
    "a9059cbb": "transfer", "70a08231": "balanceOf", "095ea7b3": "approve",
    "23b872dd": "transferFrom",
  ]

  init?(_ contract: DecodedContract) {
    method = contract.type.description
    switch contract.content {
    case .transfer(let recipient, let amount):
      self.recipient = recipient?.base58
      self.amount = String(amount.value)
    case .assetTransfer(let asset, let recipient, let amount):
      self.recipient = recipient?.base58
      self.amount = String(amount)
      self.asset = String(decoding: asset, as: UTF8.self)
    case .call(let call):
      let selector = hexString(call.data.prefix(4))
      method = Self.methods[selector] ?? selector
      recipient = call.transfer?.recipient.base58
      amount = call.transfer?.amount.description
      data = hexString(call.data)
      callValue = call.callValue == .zero ? nil : call.callValue.value
      callTokenValue = call.callTokenValue == 0 ? nil : call.callTokenValue
      tokenId = call.tokenID == 0 ? nil : call.tokenID
    case .other:
      return nil
    }
  }
}
