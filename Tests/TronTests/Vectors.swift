import Foundation
import Tron

/// Test vectors made with independent implementations (Tests/Vectors/tron-peer.json).
struct Vectors: Decodable {
  var transactions: [TransactionVector]
  var addresses: [AddressVector]
  var addressPairs: [AddressVector]
  var invalidAddresses: [InvalidAddress]
  var keccak256: [KeccakVector]

  struct AddressVector: Decodable {
    var base58: String
    var hex: String
    var publicKeyUncompressed: String?
  }

  struct InvalidAddress: Decodable, CustomStringConvertible {
    var input: String
    var why: String
    var description: String { why }
  }

  struct KeccakVector: Decodable, CustomStringConvertible {
    var label: String
    var inputHex: String
    var digest: String
    var description: String { label }
  }

  static func load() throws -> Vectors {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/tron-peer.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: Data(contentsOf: file))
  }
}

/// One transaction of the vectors.
struct TransactionVector: Decodable, CustomStringConvertible {
  var name: String
  var type: String
  var ownerBase58: String
  var txID: String
  var rawData: RawData
  var rawDataHex: String
  var transactionHex: String
  var signature: [String]
  var trc20: Transfer?

  var description: String { name }

  struct Transfer: Decodable {
    var contractBase58: String
    var toBase58: String
    var amount: String
    var toWordUpper12: String
  }

  struct RawData: Decodable {
    var contract: [Contract]
    var refBlockBytes: String
    var refBlockHash: String
    var expiration: Int64?
    var timestamp: Int64?
    var feeLimit: Int64?
    var data: String?
  }

  struct Contract: Decodable {
    var parameter: Parameter
    var type: String
    var permissionId: Int32?
  }

  struct Parameter: Decodable {
    var value: Value
    var typeUrl: String
  }

  struct Value: Decodable {
    var ownerAddress: String?
    var contractAddress: String?
    var toAddress: String?
    var data: String?
    var amount: Int64?
  }
}

/// The bytes of hex text in a test.
func hex(_ text: String) throws -> [UInt8] {
  guard let bytes = bytes(hex: text) else { throw NotHex(text: text) }
  return bytes
}

struct NotHex: Error { var text: String }
