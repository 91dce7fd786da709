import Hummingbird
import Tron

extension NodeAPI {
  /// Answers with the code by name, also on success, and the message as text.
  func broadcastHex(_ call: Call) throws(APIError) -> ByteBuffer {
    guard call.parameters.text("transaction") != nil else { throw .null }
    let transaction: NodeTransaction
    do {
      let bytes = try call.parameters.hex("transaction")
      transaction = NodeTransaction(try DecodedTransaction(asNodesHold: bytes))
    } catch let error as TransactionError {
      throw APIError("com.google.protobuf.InvalidProtocolBufferException", error.message)
    } catch {
      throw error as? APIError ?? .null
    }
    let refusal = push(transaction, call)
    return Self.body(capacity: 2048) { writer in
      writer.object { object in
        object.member("result", bool: refusal == nil)
        object.member("code", string: (refusal?.code ?? .success).name)
        object.member("message", string: refusal?.message ?? "")
        let plain = JSONWriter.build { $0.plainTransaction(transaction.decoded) }
        object.member("transaction", string: String(decoding: plain, as: UTF8.self))
        object.member("txid", hex: transaction.id.bytes)
      }
    }
  }

  /// Answers without defaults: `result` only on success, `code` only on failure, the message in hex
  /// unless `visible`.
  func broadcastJSON(_ call: Call) throws(APIError) -> ByteBuffer {
    let transaction = try TransactionJSON.transaction(call.parameters)
    let refusal = push(transaction, call)
    return Self.body { writer in
      writer.object { object in
        if let refusal {
          if refusal.code != .success { object.member("code", string: refusal.code.name) }
          object.message(refusal.message, visible: call.parameters.isVisible)
        } else {
          object.member("result", bool: true)
        }
        object.member("txid", hex: transaction.id.bytes)
      }
    }
  }

  /// `nil` when the transaction was taken, or is said to have been.
  private func push(_ transaction: NodeTransaction, _ call: Call) -> Refusal? {
    let refusal = take(transaction, call.faults)
    node.count(broadcast: refusal?.code ?? .success)
    return refusal
  }

  private func take(_ transaction: NodeTransaction, _ faults: CallFaults) -> Refusal? {
    if let answer = faults.answerInstead { return answer }
    if faults.losesBroadcast { return nil }
    let signature = Result { () throws(Refusal) in try SignatureCheck.verify(transaction) }
    do throws(Refusal) {
      try node.update { (state, now) throws(Refusal) in
        try state.broadcast(transaction, signature: signature, nowMilliseconds: now)
        if faults.doomsBroadcast { state.doom(transaction.id) }
      }
      node.arrived(transaction.id)
    } catch {
      return error
    }
    return faults.answerAfterwards
  }
}

extension JSONWriter {
  /// A text field of the node's `Return`: text when `visible`, else hex; left out when empty.
  mutating func message(_ text: String, visible: Bool) {
    guard !text.isEmpty else { return }
    if visible { member("message", string: text) } else { member("message", hex: text.utf8) }
  }
}
