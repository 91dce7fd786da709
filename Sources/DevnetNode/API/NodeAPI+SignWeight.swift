import Hummingbird
import Secp256k1
import Tron

extension NodeAPI {
  /// Which permission a transaction uses and how much of it the signatures cover; also the id of a
  /// transaction in JSON.
  func signWeight(_ call: Call) throws(APIError) -> ByteBuffer {
    let transaction = try TransactionJSON.transaction(call.parameters)
    let isVisible = call.parameters.isVisible
    let contract = transaction.decoded.contracts.first
    let exists = node.read { state in
      contract?.owner.map { state.ledger.accounts[$0] != nil } ?? false
    }
    return Self.body(capacity: 4096) { writer in
      writer.object { object in
        object.signResult(transaction, contract, accountExists: exists, visible: isVisible)
        object.object("transaction") { extension_ in
          extension_.object("result") { $0.member("result", bool: true) }
          extension_.member("txid", hex: transaction.id.bytes)
          extension_.key("transaction")
          extension_.transaction(transaction.decoded, visible: isVisible)
        }
      }
    }
  }
}

extension JSONWriter {
  fileprivate mutating func signResult(
    _ transaction: NodeTransaction, _ contract: DecodedContract?, accountExists: Bool,
    visible: Bool
  ) {
    guard let contract else {
      signFailure("OTHER_ERROR", "Invalid transaction: no valid contract")
      return
    }
    guard accountExists, let owner = contract.owner else {
      signFailure("PERMISSION_ERROR", "Account does not exist!")
      return
    }
    switch contract.permissionID {
    case 0: object("permission") { $0.ownerPermission(of: owner, visible: visible) }
    case 2: object("permission") { $0.activePermission(of: owner, visible: visible) }
    default:
      signFailure("PERMISSION_ERROR", "Permission for this, does not exist!")
      return
    }
    if transaction.decoded.signatures.isEmpty {
      object("result") { $0.member("code", string: "NOT_ENOUGH_PERMISSION") }
      return
    }
    do throws(Refusal) {
      try SignatureCheck.verify(transaction)
      array("approved_list") { $0.address(owner, visible: visible) }
      member("current_weight", integer: 1)
      object("result") { _ in }
    } catch {
      signFailure("PERMISSION_ERROR", error.message)
    }
  }

  private mutating func signFailure(_ code: String, _ message: String) {
    object("result") {
      $0.member("code", string: code)
      $0.member("message", string: message)
    }
  }
}
