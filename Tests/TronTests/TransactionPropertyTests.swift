import Testing

@testable import Tron

/// Properties that hold for every transaction, tried on seeded random ones.
@Suite struct TransactionPropertyTests {
  @Test("The writer and the generated code write the same bytes")
  func writerEqualsGeneratedCode() throws {
    var random = SeededRandom(seed: 1)
    for _ in 0..<2_000 {
      let length = Int.random(in: 0...300, using: &random)
      let transaction = ContractCallTransaction(
        owner: try random.address(), contract: try random.address(), data: random.bytes(length),
        terms: try random.terms())
      #expect(transaction.rawData == (try wireBytes(transaction)))
    }
  }

  @Test("The writer and the generated code write the same signed transaction and header")
  func otherMessagesEqualGeneratedCode() throws {
    var random = SeededRandom(seed: 2)
    for count in 0..<200 {
      let signed = SignedTransaction(
        rawData: random.bytes(count + 1),
        signatures: (0..<count % 4).map { random.bytes(64 + $0) })
      let wire = WireTransaction.with {
        $0.rawData = .init(signed.rawData)
        $0.signature = signed.signatures.map { .init($0) }
      }
      #expect(signed.bytes == (try wire.serializedBytes()))
      var withResult = wire
      withResult.ret = [.with { $0.contractRet = 10 }]
      #expect(signed.bytes(result: .outOfEnergy) == (try withResult.serializedBytes()))
      try expectEqualHeader(&random)
    }
  }

  private func expectEqualHeader(_ random: inout SeededRandom) throws {
    let header = BlockHeaderData(
      number: BlockNumber(random.int64()), timestamp: UnixMilliseconds(random.int64()),
      transactionTrieRoot: random.bytes(32), parent: try #require(BlockID(bytes: random.bytes(32))),
      witnessAddress: random.bytes(21), version: Int32(truncatingIfNeeded: random.int64()))
    let wire = WireBlockHeaderRaw.with {
      $0.number = header.number.value
      $0.timestamp = header.timestamp.value
      $0.txTrieRoot = .init(header.transactionTrieRoot)
      $0.parentHash = .init(header.parent.bytes)
      $0.witnessAddress = .init(header.witnessAddress)
      $0.version = header.version
    }
    #expect(header.bytes == (try wire.serializedBytes()))
  }

  @Test("What is built reads back strictly as the same transfer")
  func roundTrip() throws {
    var random = SeededRandom(seed: 4)
    for _ in 0..<500 {
      let transfer = try random.transfer()
      #expect(try TransferTransaction(strictly: transfer.rawData) == transfer)
      let decoded = try DecodedTransaction(rawDataOrTransaction: transfer.rawData)
      #expect(decoded.txid == transfer.txid)
      let signed = SignedTransaction(rawData: transfer.rawData, signatures: [random.bytes(65)])
      let back = try DecodedTransaction(rawDataOrTransaction: signed.bytes)
      #expect(back.rawData == signed.rawData)
      #expect(back.signatures == signed.signatures)
    }
  }

  @Test("A flipped bit is refused or makes another transfer that is written as exactly those bytes")
  func flippedBits() throws {
    var random = SeededRandom(seed: 5)
    for _ in 0..<3 {
      let original = try random.transfer()
      for index in original.rawData.indices {
        for bit in 0..<8 {
          var mutated = original.rawData
          mutated[index] ^= 1 << bit
          guard let read = strictly(mutated) else { continue }
          #expect(read != original, "byte \(index), bit \(bit)")
          #expect(read.rawData == mutated, "byte \(index), bit \(bit)")
        }
      }
    }
  }

  @Test("Any other byte in any place is refused or makes another transfer")
  func replacedBytes() throws {
    var random = SeededRandom(seed: 6)
    let original = try random.transfer()
    for index in original.rawData.indices {
      for byte in UInt8.min...UInt8.max where byte != original.rawData[index] {
        var mutated = original.rawData
        mutated[index] = byte
        guard let read = strictly(mutated) else { continue }
        #expect(read != original && read.rawData == mutated, "byte \(index) = \(byte)")
      }
    }
  }

  @Test("Truncated, extended and shortened bytes are never read as the same transfer")
  func changedLength() throws {
    var random = SeededRandom(seed: 8)
    for _ in 0..<20 {
      let original = try random.transfer()
      for length in 0..<original.rawData.count {
        #expect(strictly(Array(original.rawData[0..<length])) != original)
      }
      for index in original.rawData.indices {
        var shorter = original.rawData
        shorter.remove(at: index)
        if let read = strictly(shorter) { #expect(read.rawData == shorter) }
        var longer = original.rawData
        longer.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
        if let read = strictly(longer) { #expect(read.rawData == longer) }
      }
    }
  }

  private func strictly(_ rawData: [UInt8]) -> TransferTransaction? {
    do {
      return try TransferTransaction(strictly: rawData)
    } catch {
      return nil
    }
  }
}
