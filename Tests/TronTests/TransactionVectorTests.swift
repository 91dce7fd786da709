import Testing

@testable import Tron

/// Against transactions that independent implementations built and signed.
@Suite struct TransactionVectorTests {
  private let transactions: [TransactionVector]

  init() throws { transactions = try Vectors.load().transactions }

  @Test("Every transaction decodes to what its maker put in, raw and signed")
  func decoding() throws {
    for vector in transactions {
      let raw = try DecodedTransaction(rawDataOrTransaction: hex(vector.rawDataHex))
      let signed = try DecodedTransaction(rawDataOrTransaction: hex(vector.transactionHex))
      #expect(raw.txid.hex == vector.txID, "\(vector)")
      #expect(signed.txid == raw.txid)
      #expect(hexString(signed.rawData) == vector.rawDataHex)
      #expect(signed.signatures.map { hexString($0) } == vector.signature)
      #expect(raw.signatures.isEmpty)
      try expect(signed, vector.rawData)
      let contract = try #require(signed.contracts.first)
      #expect(contract.owner?.base58 == vector.ownerBase58)
      #expect(contract.type.name == vector.type)
      #expect(contract.permissionID == vector.rawData.contract[0].permissionId ?? 0)
      try expect(contract.content, vector)
    }
  }

  private func expect(_ decoded: DecodedTransaction, _ raw: TransactionVector.RawData) throws {
    #expect(hexString(decoded.referenceBytes) == raw.refBlockBytes)
    #expect(hexString(decoded.referenceHash) == raw.refBlockHash)
    #expect(decoded.expiration.value == raw.expiration ?? 0)
    #expect(decoded.timestamp.value == raw.timestamp ?? 0)
    #expect(decoded.feeLimit.value == raw.feeLimit ?? 0)
    #expect(hexString(decoded.memo) == raw.data ?? "")
    #expect(decoded.contracts.count == raw.contract.count)
  }

  private func expect(_ content: DecodedContract.Content, _ vector: TransactionVector) throws {
    let value = vector.rawData.contract[0].parameter.value
    switch content {
    case .call(let call):
      #expect(call.contract?.hex == value.contractAddress)
      #expect(hexString(call.data) == value.data)
      #expect(call.transfer?.recipient.base58 == vector.trc20?.toBase58)
      #expect(call.transfer?.amount.description == vector.trc20?.amount)
    case .transfer(let recipient, let amount):
      #expect(recipient?.hex == value.toAddress)
      #expect(amount.value == value.amount)
    case .assetTransfer, .other:
      Issue.record("\(vector): not a kind that is in the vectors")
    }
  }

  @Test("Signing bytes and signatures make the transaction that nodes take")
  func signedBytes() throws {
    for vector in transactions {
      let signed = SignedTransaction(
        rawData: try hex(vector.rawDataHex), signatures: try vector.signature.map(hex))
      #expect(hexString(signed.bytes) == vector.transactionHex, "\(vector)")
      #expect(signed.txid.hex == vector.txID)
    }
  }

  @Test("Every plain transfer is built again byte by byte from its parts, and reads strictly")
  func building() throws {
    var built = 0
    for vector in transactions {
      guard let transfer = vector.trc20, isPlain(vector) else { continue }
      let raw = vector.rawData
      let amount = try #require(UInt256(decimal: transfer.amount))
      let recipient = try TronAddress(base58: transfer.toBase58)
      let transaction = ContractCallTransaction(
        owner: try TronAddress(base58: vector.ownerBase58),
        contract: try TronAddress(base58: transfer.contractBase58),
        data: TransferCall(recipient: recipient, amount: amount).data,
        terms: try TransactionTerms(
          referenceBytes: hex(raw.refBlockBytes), referenceHash: hex(raw.refBlockHash),
          expiration: UnixMilliseconds(raw.expiration ?? 0),
          timestamp: UnixMilliseconds(raw.timestamp ?? 0), feeLimit: Sun(raw.feeLimit ?? 0)))
      #expect(hexString(transaction.rawData) == vector.rawDataHex, "\(vector)")
      if let micro = amount.int64 {
        let strict = try TransferTransaction(strictly: transaction.rawData)
        #expect(strict.recipient == recipient)
        #expect(strict.amount.micro == micro)
        #expect(strict.txid.hex == vector.txID)
      } else {
        #expect(throws: TransactionError.self) {
          try TransferTransaction(strictly: transaction.rawData)
        }
      }
      built += 1
    }
    #expect(built >= 23)
  }

  @Test("What is not a plain transfer is refused when read strictly")
  func strictRefusal() throws {
    var refused = 0
    for vector in transactions where !isPlain(vector) {
      #expect(throws: TransactionError.self, "\(vector)") {
        try TransferTransaction(strictly: hex(vector.rawDataHex))
      }
      refused += 1
    }
    #expect(refused >= 6)
  }

  private func isPlain(_ vector: TransactionVector) -> Bool {
    vector.trc20?.toWordUpper12.allSatisfy { $0 == "0" } == true && vector.rawData.data == nil
      && vector.rawData.contract[0].permissionId == nil
  }

  @Test("The generated code writes every transaction's bytes from its fields")
  func generatedCode() throws {
    for vector in transactions {
      #expect(hexString(try wireBytes(vector)) == vector.rawDataHex, "\(vector)")
    }
  }
}
