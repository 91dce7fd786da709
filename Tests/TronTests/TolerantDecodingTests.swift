import Foundation
import SwiftProtobuf
import Testing

@testable import Tron

/// Transactions as other wallets and other contracts write them.
@Suite struct TolerantDecodingTests {
  private let owner: TronAddress
  private let recipient: TronAddress
  private let plain: TransferTransaction

  init() throws {
    var random = SeededRandom(seed: 31)
    plain = try random.transfer()
    owner = plain.owner
    recipient = plain.recipient
  }

  private func raw(
    _ type: Int32, _ name: String, _ parameter: [UInt8],
    _ change: (inout WireRawTransaction) -> Void = { _ in }
  ) throws -> [UInt8] {
    var raw = try WireRawTransaction(serializedBytes: plain.rawData)
    raw.contract = [
      .with {
        $0.type = type
        $0.parameter = .with {
          $0.typeURL = "type.googleapis.com/protocol.\(name)"
          $0.value = Data(parameter)
        }
      }
    ]
    change(&raw)
    return try raw.serializedBytes()
  }

  @Test("Explicit zeros in the inner message are decoded and the original bytes are hashed")
  func explicitZeros() throws {
    let wire = try WireRawTransaction(serializedBytes: plain.rawData)
    let inner = [UInt8](wire.contract[0].parameter.value) + [0x18, 0, 0x28, 0, 0x30, 0]
    let bytes = try raw(31, "TriggerSmartContract", inner)
    let decoded = try DecodedTransaction(rawDataOrTransaction: bytes)
    #expect(decoded.txid == TransactionID(hashing: bytes))
    #expect(decoded.contracts[0].owner == owner)
    guard case .call(let call) = decoded.contracts[0].content else {
      Issue.record("not a call")
      return
    }
    #expect(call.transfer?.recipient == recipient)
    #expect(call.callValue == .zero)
    #expect(throws: TransactionError.self) { try TransferTransaction(strictly: bytes) }
  }

  @Test("A transfer of TRX and one of a TRC-10 token are understood")
  func otherTransfers() throws {
    let trx = WireTransferContract.with {
      $0.ownerAddress = Data(owner.bytes)
      $0.toAddress = Data(recipient.bytes)
      $0.amount = .max
    }
    let first = try DecodedTransaction(
      rawData: raw(1, "TransferContract", trx.serializedBytes())
    ).contracts[0]
    #expect(first.owner == owner)
    #expect(first.content == .transfer(recipient: recipient, amount: Sun(.max)))

    let asset = WireTransferAssetContract.with {
      $0.assetName = Data("1002000".utf8)
      $0.ownerAddress = Data(owner.bytes)
      $0.toAddress = Data(recipient.bytes)
      $0.amount = 5
    }
    let second = try DecodedTransaction(
      rawData: raw(2, "TransferAssetContract", asset.serializedBytes())
    ).contracts[0]
    #expect(second.owner == owner)
    #expect(
      second.content
        == .assetTransfer(asset: Array("1002000".utf8), recipient: recipient, amount: 5))
  }

  @Test(
    "A contract that is not understood still says its kind and its owner",
    arguments: [
      (Int32(54), "FreezeBalanceV2Contract", false), (10, "AccountUpdateContract", true),
      (19, "SetAccountIdContract", true), (57, "DelegateResourceContract", false),
      (999, "NobodyKnowsContract", false),
    ])
  func otherContracts(_ type: Int32, _ name: String, _ second: Bool) throws {
    // A name of 21 bytes that begin with `A` (0x41) must not be taken for the owner.
    let parameter = WireOwnedContract.with {
      $0.first = second ? Data("A name of 21 letters!".utf8) : Data(owner.bytes)
      $0.second = second ? Data(owner.bytes) : Data([1])
    }
    let decoded = try DecodedTransaction(
      rawDataOrTransaction: raw(type, name, parameter.serializedBytes()))
    let contract = decoded.contracts[0]
    #expect(contract.owner == owner)
    #expect(contract.content == .other)
    #expect(contract.type.name == (type == 999 ? nil : name))
    #expect(contract.typeURL.hasSuffix(name))
  }

  @Test("A parameter that contradicts its kind is kept as bytes and not interpreted")
  func contradictions() throws {
    for (name, parameter) in [
      ("TransferContract", [UInt8](plain.rawData[0..<3])), ("TriggerSmartContract", [0x0a, 0x7f]),
    ] {
      let contract = try DecodedTransaction(rawData: raw(31, name, parameter)).contracts[0]
      #expect(contract.owner == nil)
      #expect(contract.content == .other)
      #expect(contract.parameter == parameter)
    }
  }

  @Test("Memo, permission id, several contracts and unknown fields do not disturb decoding")
  func extras() throws {
    let wire = try WireRawTransaction(serializedBytes: plain.rawData)
    let parameter = [UInt8](wire.contract[0].parameter.value)
    let changes: [(inout WireRawTransaction) -> Void] = [
      { $0.data = Data("memo".utf8) },
      { $0.contract[0].permissionID = 2 },
      { $0.contract.append($0.contract[0]) },
      { $0.refBlockNum = 5 },
      { $0.scripts = Data([1]) },
      { $0.contract[0].provider = Data([1]) },
      { $0.contract[0].contractName = Data([1]) },
    ]
    for (index, change) in changes.enumerated() {
      let bytes = try raw(31, "TriggerSmartContract", parameter, change)
      let decoded = try DecodedTransaction(rawDataOrTransaction: bytes)
      #expect(decoded.txid == TransactionID(hashing: bytes), "change \(index)")
      #expect(decoded.contracts[0].owner == owner, "change \(index)")
      #expect(throws: TransactionError.self, "change \(index)") {
        try TransferTransaction(strictly: bytes)
      }
    }
    let unknown = plain.rawData + [0xfa, 0x01, 0x02, 0xab, 0xcd]
    #expect(try DecodedTransaction(rawDataOrTransaction: unknown).contracts[0].owner == owner)
    #expect(throws: TransactionError.self) { try TransferTransaction(strictly: unknown) }
  }

  @Test("Several signatures, long ones and results around the raw data are read past")
  func signedForms() throws {
    let signatures = [[UInt8](repeating: 1, count: 65), [UInt8](repeating: 2, count: 70)]
    let signed = SignedTransaction(rawData: plain.rawData, signatures: signatures)
    for bytes in [signed.bytes, signed.bytes(result: .success), signed.bytes + [0x38, 1]] {
      let decoded = try DecodedTransaction(rawDataOrTransaction: bytes)
      #expect(decoded.signatures == signatures)
      #expect(decoded.txid == plain.txid)
    }
  }

  @Test(
    "Bytes without any contract are not taken for a transaction",
    arguments: [[], [0x0a, 0x00], [0x0a, 0x02, 0x12, 0x34], [0x12, 0x01, 0x01]] as [[UInt8]])
  func noContract(_ bytes: [UInt8]) {
    #expect(throws: TransactionError.self) {
      try DecodedTransaction(rawDataOrTransaction: bytes)
    }
  }

  @Test("Values that no transaction can carry are refused when building")
  func outOfRange() throws {
    let terms = plain.terms
    #expect(throws: TransactionError.self) {
      try TransferTransaction(
        owner: owner, contract: owner, recipient: recipient, amount: USDTAmount(micro: -1),
        terms: terms)
    }
    let builders: [() throws -> TransactionTerms] = [
      { try self.terms(bytes: [1]) }, { try self.terms(hash: [1]) },
      { try self.terms(expiration: -1) }, { try self.terms(timestamp: -1) },
      { try self.terms(feeLimit: -1) },
    ]
    for (index, build) in builders.enumerated() {
      #expect(throws: TransactionError.self, "builder \(index)") { try build() }
    }
  }

  private func terms(
    bytes: [UInt8] = [1, 2], hash: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8], expiration: Int64 = 1,
    timestamp: Int64 = 1, feeLimit: Int64 = 1
  ) throws -> TransactionTerms {
    try TransactionTerms(
      referenceBytes: bytes, referenceHash: hash, expiration: UnixMilliseconds(expiration),
      timestamp: UnixMilliseconds(timestamp), feeLimit: Sun(feeLimit))
  }
}
