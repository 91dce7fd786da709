import Foundation
import Testing
import Tron

/// Against transactions that others published, from a file that is not part of the project.
///
/// `TRON_PUBLISHED_VECTORS` names it. It has the form of Tests/Vectors/tron-peer.json; where the
/// values come from is written in it.
@Suite(.enabled(if: PublishedVectors.path != nil, "TRON_PUBLISHED_VECTORS names no file"))
struct PublishedVectorTests {
  private let vectors: PublishedVectors

  init() throws { vectors = try PublishedVectors.load() }

  @Test("Every published transaction hashes to its published id, raw and signed")
  func transactions() throws {
    #expect(!vectors.transactions.isEmpty)
    for vector in vectors.transactions {
      let raw = try DecodedTransaction(rawDataOrTransaction: hex(vector.rawDataHex))
      let signed = try DecodedTransaction(rawDataOrTransaction: hex(vector.transactionHex))
      #expect(raw.txid.hex == vector.txID, "\(vector.name)")
      #expect(signed.txid == raw.txid)
      #expect(hexString(signed.rawData) == vector.rawDataHex)
      #expect(raw.contracts.first?.owner?.base58 == vector.ownerBase58)
      #expect(raw.contracts.first?.type.name == vector.type)
      let asNodesHold = try DecodedTransaction(asNodesHold: hex(vector.transactionHex))
      #expect(asNodesHold.txid == raw.txid, "a node finds the id of \(vector.name) again")
    }
  }

  @Test("Every published address is read from and written to its published text")
  func addresses() throws {
    #expect(!vectors.addresses.isEmpty)
    for vector in vectors.addresses + vectors.addressPairs {
      let address = try TronAddress(base58: vector.base58)
      #expect(address.hex == vector.hex)
      #expect(address.base58 == vector.base58)
      guard let key = vector.publicKeyUncompressed else { continue }
      #expect(try TronAddress(publicKey: hex(key)) == address)
    }
  }

  @Test("Every published header has its published bytes, block id and reference")
  func blocks() throws {
    #expect(!vectors.blockIDs.isEmpty)
    for vector in vectors.blockIDs {
      let header = vector.header
      let parent = try #require(BlockID(hex: header.parentHash))
      let data = BlockHeaderData(
        number: BlockNumber(header.number), timestamp: UnixMilliseconds(header.timestamp),
        transactionTrieRoot: try hex(header.txTrieRoot), parent: parent,
        witnessAddress: try hex(header.witnessAddress), version: header.version)
      #expect(hexString(data.bytes) == vector.headerRawHex)
      #expect(data.id.hex == vector.blockID)
      #expect(hexString(data.id.reference.bytes) == vector.refBlockBytes)
      #expect(data.id.number.referenceBytes == data.id.reference.bytes)
      #expect(hexString(data.id.reference.hash) == vector.refBlockHash)
    }
  }
}

struct PublishedVectors: Decodable {
  var transactions: [Transaction]
  var addresses: [Vectors.AddressVector]
  var addressPairs: [Vectors.AddressVector]
  var blockIDs: [Block]

  enum CodingKeys: String, CodingKey {
    case transactions, addresses, addressPairs, blockIDs = "blockIds"
  }

  struct Transaction: Decodable {
    var name: String
    var type: String
    var ownerBase58: String
    var txID: String
    var rawDataHex: String
    var transactionHex: String
  }

  struct Block: Decodable {
    var header: Header
    var headerRawHex: String
    var blockID: String
    var refBlockBytes: String
    var refBlockHash: String
  }

  struct Header: Decodable {
    var number: Int64
    var timestamp: Int64
    var txTrieRoot: String
    var parentHash: String
    var witnessAddress: String
    var version: Int32
  }

  static var path: String? {
    ProcessInfo.processInfo.environment["TRON_PUBLISHED_VECTORS"].flatMap { $0.isEmpty ? nil : $0 }
  }

  static func load() throws -> PublishedVectors {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let file = URL(filePath: try #require(path))
    return try decoder.decode(PublishedVectors.self, from: Data(contentsOf: file))
  }
}
