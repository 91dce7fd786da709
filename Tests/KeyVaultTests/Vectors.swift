import Foundation
import Tron

/// Test vectors made with independent implementations (Tests/Vectors/tron-peer.json).
struct Vectors: Decodable {
  var transactions: [Transaction]
  var addresses: [Address]
  var signatureAcceptance: [Signature]
  var keystores: [KeystoreVector]

  struct Transaction: Decodable, CustomStringConvertible {
    var name: String
    var txID: String
    var privateKey: String?
    var extraPrivateKeys: [String]?
    var signature: [String]
    var recoveredSignersHex: [String]
    var description: String { name }
  }

  struct Address: Decodable {
    var privateKey: String
    var publicKeyUncompressed: String
    var base58: String
  }

  struct Signature: Decodable, CustomStringConvertible {
    var txID: String
    var ownerHex: String
    var signature: String
    var javaTron: String
    var why: String
    var description: String { why }
  }

  struct KeystoreVector: Decodable {
    var password: String
    var privateKey: String
    var address: String
  }

  private static var file: URL {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Vectors/tron-peer.json")
  }

  static func load() throws -> Vectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Vectors.self, from: Data(contentsOf: file))
  }

  /// The keystores as the bytes of files, in the same order.
  static func keystoreFiles() throws -> [[UInt8]] {
    let root = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    guard let root = root as? [String: Any], let entries = root["keystores"] as? [[String: Any]]
    else { throw Unreadable() }
    return try entries.map { entry in
      guard let keystore = entry["keystore"] else { throw Unreadable() }
      return [UInt8](try JSONSerialization.data(withJSONObject: keystore))
    }
  }

  struct Unreadable: Error {}
}

extension Vectors.KeystoreVector {
  private enum Key: String, CodingKey { case password, privateKey, keystore }
  private enum InnerKey: String, CodingKey { case address }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    password = try container.decode(String.self, forKey: .password)
    privateKey = try container.decode(String.self, forKey: .privateKey)
    address = try container.nestedContainer(keyedBy: InnerKey.self, forKey: .keystore)
      .decode(String.self, forKey: .address)
  }
}

/// The bytes of hex text in a test.
func hex(_ text: String) throws -> [UInt8] {
  guard let bytes = bytes(hex: text) else { throw NotHex(text: text) }
  return bytes
}

struct NotHex: Error { var text: String }
