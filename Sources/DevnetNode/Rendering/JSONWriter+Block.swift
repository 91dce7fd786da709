import Tron

extension JSONWriter {
  /// A block as the node prints it; `detail` false leaves the transactions out.
  mutating func block(_ block: Block, visible: Bool, detail: Bool = true) {
    object { writer in
      writer.member("blockID", hex: block.id.bytes)
      writer.object("block_header") { header in
        header.object("raw_data") { $0.header(block.header, visible: visible) }
        header.field("witness_signature", hex: block.witnessSignature)
      }
      if detail && !block.transactions.isEmpty {
        writer.array("transactions") { array in
          for included in block.transactions {
            array.transaction(
              included.transaction.decoded, result: included.execution.result, visible: visible)
          }
        }
      }
    }
  }

  private mutating func header(_ header: BlockHeaderData, visible: Bool) {
    field("number", integer: header.number.value)
    member("txTrieRoot", hex: header.transactionTrieRoot)
    if let witness = try? TronAddress(bytes: header.witnessAddress) {
      member("witness_address", address: witness, visible: visible)
    }
    member("parentHash", hex: header.parent.bytes)
    field("version", integer: Int64(header.version))
    field("timestamp", integer: header.timestamp.value)
  }

  /// The receipt of a transaction in a block (TransactionInfo).
  mutating func info(_ included: Block.Included, in block: Block, visible: Bool) {
    let execution = included.execution
    object { writer in
      writer.member("id", hex: included.transaction.id.bytes)
      writer.field("fee", integer: execution.fee)
      writer.field("blockNumber", integer: block.number)
      writer.field("blockTimeStamp", integer: block.timestamp)
      writer.array("contractResult") { $0.hex(execution.returned) }
      writer.field("contract_address", address: execution.contractAddress, visible: visible)
      writer.object("receipt") { $0.receipt(execution) }
      if !execution.logs.isEmpty {
        writer.array("log") { array in
          for log in execution.logs { array.log(log, visible: visible) }
        }
      }
      if execution.result != .success { writer.member("result", string: "FAILED") }
      writer.resultMessage(execution.message, visible: visible)
      writer.field("packingFee", integer: execution.netFee + execution.energyFee)
    }
  }

  private mutating func resultMessage(_ message: String?, visible: Bool) {
    guard let message, !message.isEmpty else { return }
    if visible {
      member("resMessage", string: message)
    } else {
      member("resMessage", hex: message.utf8)
    }
  }

  private mutating func receipt(_ execution: Execution) {
    field("energy_usage", integer: execution.energyUsage)
    field("energy_fee", integer: execution.energyFee)
    field("energy_usage_total", integer: execution.energyUsageTotal)
    field("net_usage", integer: execution.netUsage)
    field("net_fee", integer: execution.netFee)
    if execution.isContractCall { member("result", string: execution.result.name) }
    field("energy_penalty_total", integer: execution.energyPenaltyTotal)
  }

  /// A contract's event; the address is 20 bytes in hex or base58.
  mutating func log(_ log: ContractLog, visible: Bool) {
    object { writer in
      if visible, let address = try? TronAddress(accountBytes: log.address[...]) {
        writer.member("address", string: address.base58)
      } else {
        writer.member("address", hex: log.address)
      }
      writer.array("topics") { array in for topic in log.topics { array.hex(topic) } }
      writer.field("data", hex: log.data)
    }
  }
}
