import Foundation
import Tron

/// Test vectors made with independent implementations (Tests/Vectors/tron-peer.json).
struct Vectors: Decodable {
  var transactions: [Transaction]
  var invalidAddresses: [InvalidAddress]

  struct InvalidAddress: Decodable { var input: String }

  struct Transaction: Decodable, CustomStringConvertible {
    var name: String
    var type: String
    var ownerBase58: String
    var txID: String
    var rawData: RawData
    var rawDataHex: String
    var transactionHex: String
    var signature: [String]
    var privateKey: String
    var extraPrivateKeys: [String]?
    var recoveredSignersHex: [String]
    var trc20: Transfer?
    var description: String { name }

    /// Whether `tx build` can make it: no memo, no permission id, nothing above the address.
    var isPlainTransfer: Bool {
      trc20?.toWordUpper12.allSatisfy { $0 == "0" } == true && rawData.data == nil
        && rawData.contract[0].permissionId == nil
    }
  }

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

  struct Contract: Decodable { var permissionId: Int32? }

  private static var file: URL {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/tron-peer.json")
  }

  static func load() throws -> Vectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: Data(contentsOf: file))
  }

  /// The keystores as files, with their passwords and keys.
  static func keystores() throws -> [(json: [UInt8], password: String, privateKey: String)] {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    guard let root = root as? [String: Any], let entries = root["keystores"] as? [[String: Any]]
    else { throw Unreadable() }
    return try entries.map { entry in
      guard let keystore = entry["keystore"], let password = entry["password"] as? String,
        let key = entry["private_key"] as? String
      else { throw Unreadable() }
      return ([UInt8](try JSONSerialization.data(withJSONObject: keystore)), password, key)
    }
  }

  struct Unreadable: Error {}
}
