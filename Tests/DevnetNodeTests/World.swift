import Secp256k1
import Testing
import Tron

@testable import DevnetNode

/// A wallet of a test.
struct Wallet {
  let key: PrivateKey
  var address: TronAddress { key.address }

  init(secret: [UInt8]) throws { key = try PrivateKey(bytes: secret) }

  /// The same wallet for the same number.
  init(_ number: Int) throws {
    try self.init(secret: sha256(Array("test wallet \(number)".utf8)))
  }
}

/// A node as a value, with wallets that have money, at a time that the test moves.
struct World {
  static let start: Int64 = 1_790_000_000_000
  static let interval: Int64 = 3000

  var state: NodeState
  var now: Int64
  let token: TronAddress

  /// 0 and 1 hold 10,000 TRX and 10,000 USDT; 2 holds TRX only; all others nothing.
  let wallets: [Wallet]

  init(witnesses: Int = 27, poolLimit: Int = 2000, edits: [LedgerEdit] = []) throws {
    wallets = try (0..<6).map(Wallet.init)
    var genesis = Genesis()
    for wallet in wallets[..<3] { genesis.edits.append(.setSun(wallet.address, 10_000_000_000)) }
    for wallet in wallets[..<2] {
      genesis.edits.append(.setMicroUSDT(wallet.address, 10_000_000_000))
    }
    genesis.edits += edits
    var configuration = DevnetConfiguration()
    configuration.witnessCount = witnesses
    configuration.poolLimit = poolLimit
    now = Self.start
    state = try DevnetNode.genesisState(genesis, configuration, nowMilliseconds: now)
    _ = try DevnetNode.produceInitialBlocks(&state, nowMilliseconds: now)
    token = state.rules.token.address
  }

  var head: Block { state.chain.head }

  /// Waits for the next slot and produces its block.
  @discardableResult
  mutating func produce(slots: Int64 = 1) throws -> [NodeState.Event] {
    now = state.chain.schedule.start(ofSlot: state.lastSlot + slots)
    return try state.produce(slot: state.lastSlot + slots, nowMilliseconds: now)
  }

  /// The answer to a broadcast: `nil` when it was taken.
  mutating func broadcast(_ transaction: NodeTransaction) -> Refusal? {
    let signature = Result { () throws(Refusal) in try SignatureCheck.verify(transaction) }
    do throws(Refusal) {
      try state.broadcast(transaction, signature: signature, nowMilliseconds: now)
      return nil
    } catch {
      return error
    }
  }

  /// Broadcasts what must be taken.
  mutating func send(
    _ transaction: NodeTransaction, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let refusal = broadcast(transaction)
    try #require(refusal == nil, "\(refusal?.message ?? "")", sourceLocation: sourceLocation)
  }

  /// Broadcasts, produces a block and gives what the transaction did.
  mutating func mine(_ transaction: NodeTransaction) throws -> Execution {
    try send(transaction)
    try produce()
    return try #require(execution(transaction.id))
  }

  func execution(_ id: TransactionID) -> Execution? {
    guard let location = state.chain.location(id) else { return nil }
    return state.chain.block(location.number)?.transactions[location.index].execution
  }

  func sun(_ wallet: Wallet) -> Int64 { state.ledger.accounts[wallet.address]?.balance ?? 0 }

  func micro(_ wallet: Wallet) -> Int64 { state.ledger.holding(of: wallet.address).balance }
}

// MARK: - Transactions

extension World {
  /// What a test may want to be different about a transaction.
  struct Terms {
    var reference: BlockReference?
    var expiration: Int64?
    var timestamp: Int64?
    var feeLimit: Int64 = 50_000_000
    var memo: [UInt8] = []
    var permissionID: Int64 = 0
    var signer: Wallet?
    var signature: (([UInt8]) -> [[UInt8]])?
    var contracts: (([RawTransaction.Contract]) -> [RawTransaction.Contract])?
  }

  /// A signed transfer of USDT.
  func usdt(
    from sender: Wallet, to recipient: TronAddress, _ micro: UInt64, _ terms: Terms = Terms()
  ) throws -> NodeTransaction {
    let call = TransferCall(recipient: recipient, amount: UInt256(micro))
    return try self.call(from: sender, call.data, terms)
  }

  /// A signed call of the USDT contract.
  func call(
    from sender: Wallet, _ data: [UInt8], _ terms: Terms = Terms(), value: Int64 = 0
  ) throws -> NodeTransaction {
    let contract = RawTransaction.Contract.trigger(
      RawTransaction.TriggerParts(
        owner: sender.address.bytes, contract: token.bytes, data: data, callValue: value))
    return try sign(contract, by: sender, terms)
  }

  /// A signed transfer of TRX.
  func trx(
    from sender: Wallet, to recipient: TronAddress, _ sun: Int64, _ terms: Terms = Terms()
  ) throws -> NodeTransaction {
    let contract = RawTransaction.Contract.transfer(
      owner: sender.address.bytes, recipient: recipient.bytes, amount: sun)
    return try sign(contract, by: sender, terms)
  }

  func sign(
    _ contract: RawTransaction.Contract, by owner: Wallet, _ terms: Terms
  ) throws -> NodeTransaction {
    let reference = terms.reference ?? state.chain.solid.id.reference
    var contract = contract
    contract.permissionID = terms.permissionID
    var raw = RawTransaction()
    raw.referenceBytes = reference.bytes
    raw.referenceHash = reference.hash
    raw.expirationMilliseconds = terms.expiration ?? head.timestamp + 60_000
    raw.timestampMilliseconds = terms.timestamp ?? now
    raw.feeLimit = terms.feeLimit
    raw.memo = terms.memo
    raw.contracts = terms.contracts?([contract]) ?? [contract]
    let bytes = raw.encoded
    let hash = sha256(bytes)
    let signature = try Secp256k1.sign(hash, key: (terms.signer ?? owner).key)
    let signatures = terms.signature?(signature) ?? [signature]
    let signed = SignedTransaction(rawData: bytes, signatures: signatures)
    return NodeTransaction(try DecodedTransaction(transaction: signed.bytes))
  }
}
