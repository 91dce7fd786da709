import CLibmongoc
import Foundation
import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct MappingTests {
  @Test(arguments: [
    PayoutOutcome.failed(sampleFailure()), .cancelled(at: UnixMilliseconds(83_000)),
  ])
  func `a payout with every field survives the way through BSON`(
    outcome: PayoutOutcome
  ) throws {
    let payout = try fullPayout("p1", outcome: outcome)
    #expect(try throughBSON(payout) == payout)
  }

  @Test func `a paid payout survives the way through BSON`() throws {
    let payout = try fullPayout("p1", outcome: .paid(samplePayment()))
    #expect(try throughBSON(payout) == payout)
  }

  @Test func `a payout without optional fields survives the way through BSON`() throws {
    let payout = try samplePayout("p1", batchType: .daily)
    #expect(try throughBSON(payout) == payout)
  }

  @Test(arguments: [nil, "k"])
  func `a decision about a batch survives the way through BSON`(key: String?) throws {
    let batch = try sampleBatch("b", key: key).batch
    for decision in [BatchDecision.committed(batch), .aborted(at: UnixMilliseconds(7))] {
      let document = try throughBSON(BatchDocument(id: batch.id, decision: decision))
      #expect(document.id == batch.id)
      #expect(document.decision == decision)
    }
  }

  @Test func `a transfer with every field survives the way through BSON`() throws {
    let transfer = try fullTransfer("t1")
    #expect(try throughBSON(transfer) == transfer)
  }

  @Test func `a fresh transfer survives the way through BSON`() throws {
    let transfer = try sampleTransfer("t1")
    #expect(try throughBSON(transfer) == transfer)
  }

  @Test func `every enumeration case of a transfer survives the way through BSON`() throws {
    for state in TransferState.allCases {
      for lane in Lane.allCases {
        var transfer = try sampleTransfer("t1").moved(to: state)
        transfer.lane = lane
        #expect(try throughBSON(transfer) == transfer)
      }
    }
  }

  @Test func `field names are the coding keys of the domain`() throws {
    let payout = try fullPayout("p1", outcome: .paid(samplePayment()))
    #expect(
      try storedNames(payout)
        == codingKeys(payout).subtracting(["id"]).union([
          "_id", "settled_at", "traceparent",
        ]))
    #expect(try storedNames(payout.request) == codingKeys(payout.request))
    #expect(
      try storedNames(#require(payout.idempotency)) == codingKeys(#require(payout.idempotency)))
    let transfer = try fullTransfer("t1")
    #expect(
      try storedNames(transfer)
        == codingKeys(transfer).subtracting(["id"]).union(["_id", "traceparent"]))
    #expect(try storedNames(transfer.attempts[0]) == codingKeys(transfer.attempts[0]))
    let death = try #require(transfer.attempts[0].death)
    #expect(try storedNames(death) == codingKeys(death))
    #expect(try storedNames(samplePayment()) == codingKeys(samplePayment()))
    #expect(try storedNames(sampleFailure()) == codingKeys(sampleFailure()))
    #expect(try storedNames(#require(transfer.hold)) == codingKeys(#require(transfer.hold)))
    #expect(try storedNames(sampleHead()) == codingKeys(sampleHead()).union(["_id"]))
    #expect(try storedNames(sampleHead().latest) == codingKeys(sampleHead().latest))
    let wallet = Wallet(
      address: try sampleWallet(1), routers: [.v0], funds: sampleFunds(asOf: 1),
      updatedAt: UnixMilliseconds(1))
    #expect(try storedNames(wallet) == codingKeys(wallet).subtracting(["address"]).union(["_id"]))
    #expect(try storedNames(sampleFunds(asOf: 1)) == codingKeys(sampleFunds(asOf: 1)))
  }
}

/// What is read back from the BSON of a record.
func throughBSON<Record: BSONRecord>(_ record: Record) throws -> Record {
  let document = BSONDocument(record.write(to:))
  return try Record(from: #require(BSONReader(document.pointer)))
}

private func storedNames(_ record: some BSONRecord) throws -> Set<String> {
  let document = BSONDocument(record.write(to:))
  let json = try #require(bson_as_relaxed_extended_json(document.pointer, nil))
  defer { bson_free(json) }
  return try names(Data(String(cString: json).utf8))
}

private func codingKeys(_ value: some Encodable) throws -> Set<String> {
  try names(JSONEncoder().encode(value))
}

private func names(_ json: Data) throws -> Set<String> {
  Set(try #require(JSONSerialization.jsonObject(with: json) as? [String: Any]).keys)
}

func sampleHead() -> ChainHead {
  ChainHead(
    latest: ChainHead.Block(
      number: BlockNumber(100), id: sampleBlockID(100), time: UnixMilliseconds(100_000)),
    solidified: ChainHead.Block(
      number: BlockNumber(81), id: sampleBlockID(81), time: UnixMilliseconds(81_000)),
    energyPrice: Sun(100), bandwidthPrice: Sun(1_000), transferEnergy: 130_285,
    updatedAt: UnixMilliseconds(100_500))
}

func sampleFunds(asOf: Int64, micro: Int64 = 1) -> Wallet.Funds {
  Wallet.Funds(
    usdt: USDTAmount(micro: micro), trx: Sun(2), energy: 3, asOf: BlockNumber(asOf))
}
