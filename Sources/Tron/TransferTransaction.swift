/// The one kind of transaction that this system makes: one plain `transfer` of one token.
public struct TransferTransaction: Hashable, Sendable {
  /// Who pays; the signer's wallet.
  public let owner: TronAddress
  /// The token.
  public let contract: TronAddress
  /// Who is paid.
  public let recipient: TronAddress
  /// How much; never negative.
  public let amount: USDTAmount
  /// When it is valid.
  public let terms: TransactionTerms
  /// The serialised `raw_data`.
  public let rawData: [UInt8]

  /// Builds the transaction.
  public init(
    owner: TronAddress, contract: TronAddress, recipient: TronAddress, amount: USDTAmount,
    terms: TransactionTerms
  ) throws(TransactionError) {
    guard let micro = UInt64(exactly: amount.micro) else {
      throw TransactionError(.outOfRange, "the amount is negative")
    }
    self.owner = owner
    self.contract = contract
    self.recipient = recipient
    self.amount = amount
    self.terms = terms
    let call = TransferCall(recipient: recipient, amount: UInt256(micro))
    rawData =
      ContractCallTransaction(
        owner: owner, contract: contract, data: call.data, terms: terms
      ).rawData
  }

  /// Reads `raw_data` only if this type would write exactly these bytes.
  ///
  /// So nothing hides in them: no memo, no permission id, no second contract, no call value, no
  /// unknown field and no odd spelling of a known one.
  public init(strictly rawData: [UInt8]) throws(TransactionError) {
    let decoded = try DecodedTransaction(rawData: rawData)
    guard decoded.contracts.count == 1, let contract = decoded.contracts.first,
      let owner = contract.owner, case .call(let call) = contract.content,
      let token = call.contract
    else {
      throw TransactionError(.notPlainTransfer, "it is not one call of a smart contract")
    }
    guard let transfer = TransferCall(strictly: call.data) else {
      throw TransactionError(.notPlainTransfer, "the call is not a plain transfer")
    }
    guard let micro = transfer.amount.int64 else {
      throw TransactionError(.outOfRange, "the amount does not fit 63 bits")
    }
    let terms = try TransactionTerms(
      referenceBytes: decoded.referenceBytes, referenceHash: decoded.referenceHash,
      expiration: decoded.expiration, timestamp: decoded.timestamp, feeLimit: decoded.feeLimit)
    try self.init(
      owner: owner, contract: token, recipient: transfer.recipient,
      amount: USDTAmount(micro: micro), terms: terms)
    guard self.rawData == rawData else {
      throw TransactionError(
        .notPlainTransfer, "it carries more than a plain transfer or is written differently")
    }
  }

  /// The transaction's id.
  public var txid: TransactionID { TransactionID(hashing: rawData) }
}
