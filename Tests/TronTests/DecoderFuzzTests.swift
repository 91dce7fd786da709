import Testing
import Tron

/// No bytes make a decoder trap; a decoder that returns keeps the bytes that it was given.
@Suite struct DecoderFuzzTests {
  @Test("Random bytes never trap")
  func randomBytes() {
    var random = SeededRandom(seed: 21)
    for _ in 0..<10_000 {
      let length = Int.random(in: 0...120, using: &random)
      decodeEverything(random.bytes(length))
    }
  }

  @Test("Every truncation of every transaction never traps")
  func truncations() throws {
    for vector in try Vectors.load().transactions {
      let bytes = try hex(vector.transactionHex)
      for length in 0..<bytes.count { decodeEverything(Array(bytes[0..<length])) }
    }
  }

  @Test("Transactions with several spoiled bytes never trap")
  func spoiledBytes() throws {
    var random = SeededRandom(seed: 22)
    for vector in try Vectors.load().transactions {
      for source in [try hex(vector.transactionHex), try hex(vector.rawDataHex)] {
        for _ in 0..<100 {
          var bytes = source
          for _ in 0..<Int.random(in: 1...6, using: &random) {
            bytes[Int.random(in: bytes.indices, using: &random)] =
              UInt8(truncatingIfNeeded: random.next())
          }
          decodeEverything(bytes)
        }
      }
    }
  }

  @Test("A length that promises more than there is does not trap and takes no memory")
  func hugeLengths() throws {
    for field in [UInt8(0x0a), 0x12, 0x22, 0x52, 0x5a] {
      for length in ["ffffffff07", "ffffffff0f", "ffffffffffffffff7f", "ffffffffffffffffff01"] {
        decodeEverything([field] + (try hex(length)) + [1, 2, 3])
      }
    }
  }

  private enum Form: CaseIterable {
    case rawData, transaction, either

    func decode(_ bytes: [UInt8]) throws(TransactionError) -> DecodedTransaction {
      switch self {
      case .rawData: try DecodedTransaction(rawData: bytes)
      case .transaction: try DecodedTransaction(transaction: bytes)
      case .either: try DecodedTransaction(rawDataOrTransaction: bytes)
      }
    }
  }

  private func decodeEverything(_ bytes: [UInt8]) {
    for form in Form.allCases {
      do throws(TransactionError) {
        let decoded = try form.decode(bytes)
        #expect(decoded.txid == TransactionID(hashing: decoded.rawData))
      } catch {
        #expect(error.code == .malformed)
      }
    }
    do throws(TransactionError) {
      let transfer = try TransferTransaction(strictly: bytes)
      #expect(transfer.rawData == bytes)
    } catch {
      #expect(!error.message.isEmpty)
    }
    if let call = TransferCall(strictly: bytes) { #expect(call.data == bytes) }
    if let call = TransferCall(tolerantly: bytes) { #expect(call.data.count == 68) }
    let log = ContractLog(address: bytes, topics: [TransferEvent.topic, bytes, bytes], data: bytes)
    #expect(TransferEvent(log) == nil)
  }
}
