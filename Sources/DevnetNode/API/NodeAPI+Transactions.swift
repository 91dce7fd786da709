import Hummingbird
import Tron

extension NodeAPI {
  /// On the full node also a transaction that only waits in the pool, as the real node has it.
  func transaction(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let found = try find(call) else { return Self.empty }
    return Self.body(capacity: 2048) {
      $0.transaction(
        found.transaction.decoded, result: found.execution.result,
        visible: call.parameters.isVisible)
    }
  }

  /// Empty until the transaction is in a block.
  func transactionInfo(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let found = try find(call), let block = found.block else { return Self.empty }
    let included = Block.Included(transaction: found.transaction, execution: found.execution)
    return Self.body(capacity: 1024) {
      $0.info(included, in: block, visible: call.parameters.isVisible)
    }
  }

  func transactionInfos(_ call: Call) throws(APIError) -> ByteBuffer {
    let number = try call.parameters.integer("num")
    guard number > 0 else { return Self.empty }
    guard let block = node.read({ state in state.block(number, state.sight(call)) }) else {
      return ByteBuffer(string: "[]")
    }
    let isVisible = call.parameters.isVisible
    let key = ResponseCache.Key(id: block.id, kind: .receipts, isVisible: isVisible)
    return node.responses.body(key) {
      JSONWriter.build(capacity: 64 + 1000 * block.transactions.count) { writer in
        writer.array { array in
          for included in block.transactions {
            array.info(included, in: block, visible: isVisible)
          }
        }
      }
    }
  }

  func pendingTransaction(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let id = TransactionID(bytes: try call.parameters.hex("value")),
      let entry = node.read({ state in state.pool[id] })
    else { return Self.empty }
    return Self.body(capacity: 2048) {
      $0.transaction(
        entry.transaction.decoded, result: entry.execution.result,
        visible: call.parameters.isVisible)
    }
  }

  func pendingList(_ call: Call) -> ByteBuffer {
    let entries = node.read { state in state.pool.all }
    return Self.body(capacity: 64 + 70 * entries.count) { writer in
      writer.object { object in
        guard !entries.isEmpty else { return }
        object.array("txId") { array in
          for entry in entries { array.hex(entry.transaction.id.bytes) }
        }
      }
    }
  }

  func pendingSize(_ call: Call) -> ByteBuffer {
    let count = node.read { state in state.pool.count }
    return Self.body { $0.object { $0.member("pendingSize", integer: Int64(count)) } }
  }

  private func find(_ call: Call) throws(APIError) -> Found? {
    guard let id = TransactionID(bytes: try call.parameters.hex("value")) else { return nil }
    return node.read { state in state.find(id, state.sight(call)) }
  }
}
