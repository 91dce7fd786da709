import Secp256k1
import Tron

/// Checks signatures as the node does: tolerant of `v` and of high `s`, strict about who signed.
///
/// Every account here has the permissions that a new account has: its own key alone, with weight 1
/// and threshold 1, as owner (id 0) and as active (id 2). So the check needs no state and runs
/// before the node is locked.
enum SignatureCheck {
  static func verify(_ transaction: NodeTransaction) throws(Refusal) {
    let signatures = transaction.decoded.signatures
    guard let contract = transaction.decoded.contracts.first, !signatures.isEmpty else {
      throw .signature("miss sig or contract")
    }
    guard signatures.count <= Limits.signatures else { throw .signature("too many signatures") }
    guard let owner = contract.owner, contract.permissionID == 0 || contract.permissionID == 2
    else { throw .signature("permission isn't exit") }
    guard signatures.count == 1, let signature = signatures.first else {
      throw .signature(
        "Signature count is \(signatures.count) more than key counts of permission : 1")
    }
    guard signature.count >= 65 else { throw .signature("Signature size is \(signature.count)") }
    let signer: TronAddress
    do {
      signer = try Self.signer(of: transaction.id, signature: signature)
    } catch {
      throw .signature("\(error)")
    }
    guard signer == owner else {
      throw .signature(
        "\(hexString(signature)) is signed by \(signer.base58)"
          + " but it is not contained of permission.")
    }
  }

  static func signer(
    of id: TransactionID, signature: [UInt8]
  ) throws(Secp256k1Error) -> TronAddress {
    try Secp256k1.recover(hash: id.bytes, signature: signature).address
  }
}
