import Secp256k1
import Tron

/// What the Signer does for every transfer, from its parts to the signature.
struct TransferWork {
  private let key: PrivateKey
  private let contract: TronAddress
  private let recipient: TronAddress

  init(key: PrivateKey) throws {
    self.key = key
    contract = try TronAddress(base58: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t")
    recipient = try TronAddress(base58: "TCAwBcG3A9wgMHeNRk3Am1tY6Ts8H6rteE")
  }

  func buildAndSign(_ count: Int) throws -> UInt64 {
    var checksum: UInt64 = 1
    for index in 0..<count {
      let signature = try Secp256k1.sign(transfer(index).txid.bytes, key: key)
      checksum &+= UInt64(signature[0])
    }
    return checksum
  }

  func buildAndHash(_ count: Int) throws -> UInt64 {
    var checksum: UInt64 = 1
    for index in 0..<count {
      checksum &+= UInt64(try transfer(index).txid.bytes[0])
    }
    return checksum
  }

  private func transfer(_ index: Int) throws -> TransferTransaction {
    try TransferTransaction(
      owner: key.address, contract: contract, recipient: recipient,
      amount: USDTAmount(micro: 1_000_000 + Int64(index)),
      terms: TransactionTerms(
        referenceBytes: [0xb4, 0x00], referenceHash: [0xe8, 8, 0xf2, 0xb5, 0x48, 0xd8, 0xd5, 0x19],
        expiration: UnixMilliseconds(1_790_000_060_000 + Int64(index)),
        timestamp: UnixMilliseconds(1_790_000_000_000 + Int64(index)), feeLimit: Sun(30_000_000)))
  }
}
