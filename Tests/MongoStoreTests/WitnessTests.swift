import Foundation
import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct WitnessTests {
  @Test func `another driver finds the documents that the schema describes`() async throws {
    let python = try requireEnvironment("PYTHON_WITNESS", "a Python that has pymongo")
    let uri = try requireEnvironment("MONGO_URI", "the address of a MongoDB server for tests")
    let name = newDatabaseName()
    let store = try MongoStore.open(uri: uri, database: name)
    try await fill(store)
    let (status, output) = try run(python, ["\(witness)", uri, name])
    #expect(status == 0, "\(output)")
    #expect(output.contains("every document is as the schema says"))
    try await store.updateRaw(.transfers, id: "full", "$set", "amount_micro", BSONDouble(value: 1))
    let (badStatus, badOutput) = try run(python, ["\(witness)", uri, name])
    #expect(badStatus == 1)
    #expect(badOutput == "transfers full.amount_micro: float instead of Int64\n")
    try await store.dropDatabase()
    await store.close()
  }

  private var witness: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("pymongo_witness.py").path
  }

  private func fill(_ store: MongoStore) async throws {
    try await store.createIndexes()
    _ = try await store.startFirstEpoch(at: UnixMilliseconds(1), journalPartitions: 12)
    try await store.write(sampleHead())
    let wallet = try sampleWallet(1)
    try await store.register(wallet: wallet, routers: [.v0, .kyc], at: UnixMilliseconds(1))
    try await store.write(funds: sampleFunds(asOf: 1), of: wallet, at: UnixMilliseconds(1))
    try await store.register(wallet: sampleWallet(2), routers: [], at: UnixMilliseconds(1))
    let outcomes: [PayoutOutcome] = [
      .paid(try samplePayment()), .failed(sampleFailure()), .cancelled(at: UnixMilliseconds(1)),
    ]
    let full = try outcomes.enumerated().map { try fullPayout("full\($0)", outcome: $1) }
    let settled = try samplePayout("settled")
    _ = try await store.insert(full + [settled, samplePayout("fresh")])
    let transfer = TransferID("t")
    try await store.assign([
      PayoutAssignment(payout: settled.id, rev: 1, transfer: transfer, isWithdrawn: true)
    ])
    try await store.settle([
      PayoutSettlement(payout: settled.id, transfer: transfer, outcome: outcomes[0])
    ])
    let batch = try sampleBatch("batch", key: "k")
    _ = try await store.prepare(batch.payouts)
    _ = try await store.decide(.committed(batch.batch), on: batch.batch.id)
    _ = try await store.decide(.aborted(at: UnixMilliseconds(1)), on: BatchID("aborted"))
    let fresh = try sampleTransfer("fresh")
    try await store.insert([fresh, try fullTransfer("full")])
    _ = try await store.compareAndSet([
      TransferChange(from: fresh, to: try fresh.planned(seed: "fresh"))
    ])
    try await store.close([TransferID("full")])
    // Far ahead, so that the server does not remove it.
    let later = UnixMilliseconds(4_102_444_800_000)
    _ = try await store.claim([RateWindow(.stats, subject: "alice", at: later)])
    _ = try await store.secret(.listCursor, orFirst: [UInt8](repeating: 7, count: 32))
    try await keepSums(store)
    let record = KYCRecord(
      recipient: try sampleRecipient(), level: "full", expiresAt: later,
      referenceHash: String(repeating: "0", count: 64), by: "carol", at: later)
    #expect(try await store.write(record, replacing: nil))
    let position = try #require(try await store.write(3, of: 7, replacing: nil))
    #expect(try await store.write(4, of: 7, replacing: nil) == nil)
    #expect(try await store.write(9, of: 7, replacing: position)?.offset == 9)
    #expect(try await store.write(10, of: 7, replacing: position) == nil)
    #expect(try await store.journalPositions().map(\.offset) == [9])
    try await store.write(AuditWriter(id: "ingest", flushed: later, alive: later))
    try await count(store.limits, later)
    try await count(store.signerLimits, later)
    _ = try await store.enter([TransactionID(hashing: [1])], at: later)
  }

  private func count(_ counters: any CounterStore, _ now: UnixMilliseconds) async throws {
    let id = CounterID(day: UTCDay(now), router: .v0, tenant: TenantID("alice"))
    try await counters.open(LimitCounter(id: id, hours: [3: 7]))
    var change = CounterChange(id)
    change.added = [3: 5, 4: 1]
    change.newGroups = [
      PayoutID("payout_g"): PendingGroup(
        at: now, amounts: [PayoutID("payout_g"): USDTAmount(micro: 6)])
    ]
    change.released = [PayoutID("payout_r"): now]
    #expect(try await counters.apply(change))
  }

  private func keepSums(_ store: MongoStore) async throws {
    let hour = HourSum.milliseconds
    _ = try await store.insert(
      (0..<40).map { number in
        try timedPayout(
          newYear.advanced(milliseconds: number * hour / 10), state: number < 30 ? .paid : .failed,
          router: number % 3 == 0 ? .kyc : .v0, micro: 10_000 * number)
      })
    for scope in [.all, .tenant(TenantID("alice")), .tenant(TenantID("bob"))] as [PayoutScope] {
      let until = newYear.advanced(milliseconds: 4 * hour)
      try await store.keep(store.sums(of: scope, from: newYear, until: until), of: scope)
    }
  }

  private func run(_ path: String, _ arguments: [String]) throws -> (Int32, String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
