import Hummingbird
import Tron

extension NodeAPI {
  private static let validation = "org.tron.core.exception.ContractValidateException"

  /// An unsigned call of a contract; not simulated.
  func triggerContract(_ call: Call) throws(APIError) -> ByteBuffer {
    let request: ContractRequest
    do throws(APIError) {
      request = try ContractRequest(call.parameters)
    } catch {
      return Self.failure(.otherError, error.text, call)
    }
    let isToken = node.read { state in state.rules.token.address == request.address }
    guard isToken else { return Self.noSuchContract(call) }
    var contract = request.contract
    contract.permissionID = try call.parameters.integer("Permission_id")
    let transaction = try unsigned(
      contract, feeLimit: try call.parameters.integer("fee_limit"))
    return Self.body(capacity: 2048) { writer in
      writer.object { object in
        object.object("result") { $0.member("result", bool: true) }
        object.key("transaction")
        object.transaction(
          transaction, visible: call.parameters.isVisible, marksVisible: true)
      }
    }
  }

  /// An unsigned transfer of TRX.
  func createTransaction(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let owner = call.parameters.address("owner_address") else {
      throw APIError(Self.validation, "Invalid ownerAddress!")
    }
    guard let recipient = call.parameters.address("to_address") else {
      throw APIError(Self.validation, "Invalid toAddress!")
    }
    var contract = RawTransaction.Contract.transfer(
      owner: owner.bytes, recipient: recipient.bytes,
      amount: try call.parameters.integer("amount"))
    contract.permissionID = try call.parameters.integer("Permission_id")
    let memo = Array((call.parameters.text("extra_data") ?? "").utf8)
    let transaction = try unsigned(contract, memo: memo)
    try checkExecution(of: transaction)
    return Self.body(capacity: 2048) {
      $0.transaction(transaction, visible: call.parameters.isVisible, marksVisible: true)
    }
  }

  /// The node builds no transfer that it would not execute.
  private func checkExecution(of transaction: DecodedTransaction) throws(APIError) {
    let refusal = node.update { state, _ in state.trial(of: NodeTransaction(transaction)) }
    guard let refusal, refusal.code == .contractValidateError else { return }
    throw APIError(
      Self.validation, refusal.message.replacing(Refusal.contract("").message, with: ""))
  }

  /// A transaction that refers to the solidified block and expires a minute after the head.
  func unsigned(
    _ contract: RawTransaction.Contract, feeLimit: Int64 = 0, memo: [UInt8] = []
  ) throws(APIError) -> DecodedTransaction {
    var raw = node.update { state, now in
      let reference = state.chain.solid.id.reference
      var raw = RawTransaction()
      raw.referenceBytes = reference.bytes
      raw.referenceHash = reference.hash
      raw.expirationMilliseconds =
        state.chain.head.timestamp + Limits.defaultExpirationMilliseconds
      raw.timestampMilliseconds = now
      return raw
    }
    raw.contracts = [contract]
    raw.feeLimit = feeLimit
    raw.memo = memo
    do {
      return try DecodedTransaction(rawData: raw.encoded)
    } catch {
      throw APIError("com.google.protobuf.InvalidProtocolBufferException", error.message)
    }
  }
}
