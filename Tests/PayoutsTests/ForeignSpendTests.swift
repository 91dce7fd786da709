import Testing
import Tron

@testable import Payouts

@Suite("Transactions of our wallets that nobody explains")
struct ForeignSpendTests {
  private static func wallet(_ byte: UInt8) throws -> TronAddress {
    try TronAddress(accountBytes: sha256([byte])[0..<20])
  }

  private static func block(at time: Int64, by owner: TronAddress, _ seed: UInt8) throws
    -> ChainBlock
  {
    let id = try #require(BlockID(bytes: sha256([seed])))
    return ChainBlock(
      id: id, parent: id, time: UnixMilliseconds(time),
      transactions: [ChainTransaction(txid: TransactionID(hashing: [seed]), owner: owner)])
  }

  private static func registered(_ wallet: TronAddress, at: Int64?) -> Wallet {
    Wallet(
      address: wallet, routers: [.v0], updatedAt: UnixMilliseconds(0),
      registeredAt: at.map { UnixMilliseconds($0) })
  }

  @Test("What a wallet did before it was registered is not looked into")
  func beforeRegistration() throws {
    let ours = try Self.wallet(1)
    var contents = ConfirmerState.Contents()
    contents.take([Self.registered(ours, at: 1_000)])
    for (time, seed) in [(999, 1), (1_000, 2)] as [(Int64, UInt8)] {
      contents.noteForeign(
        try Self.block(at: time, by: ours, seed), owners: [ours], at: UnixMilliseconds(5_000))
    }
    #expect(Set(contents.foreign.pending.keys) == [TransactionID(hashing: [2])])
    contents.take([Self.registered(ours, at: nil)])
    contents.noteForeign(
      try Self.block(at: 1, by: ours, 3), owners: [ours], at: UnixMilliseconds(5_000))
    #expect(contents.foreign.pending.count == 2, "without a time everything is")
  }

  @Test("A wallet that the view of the chain did not look for waits until a view does")
  func otherOwners() throws {
    let (ours, new) = (try Self.wallet(1), try Self.wallet(2))
    var contents = ConfirmerState.Contents()
    contents.take([Self.registered(ours, at: nil), Self.registered(new, at: nil)])
    let block = try Self.block(at: 1, by: new, 1)
    contents.noteForeign(block, owners: [ours], at: UnixMilliseconds(5))
    #expect(contents.foreign.pending.isEmpty)
    contents.noteForeign(block, owners: [ours, new], at: UnixMilliseconds(5))
    #expect(contents.foreign.pending.count == 1)
  }

  @Test("None is dropped, however many there are: no more blocks are read meanwhile")
  func full() throws {
    let owner = try Self.wallet(1)
    var foreign = ForeignCandidates()
    func some(_ range: Range<Int>) -> [ChainTransaction] {
      range.map { number in
        let bytes = withUnsafeBytes(of: number) { Array($0) }
        return ChainTransaction(txid: TransactionID(hashing: bytes), owner: owner)
      }
    }
    foreign.note(some(0..<9_999), at: UnixMilliseconds(1))
    #expect(!foreign.isFull)
    foreign.note(some(9_999..<10_500), at: UnixMilliseconds(1))
    #expect(foreign.isFull && foreign.pending.count == 10_500)
    foreign.explained(Set(some(0..<600).map(\.txid)))
    #expect(!foreign.isFull)
  }
}

@Suite("How far the journal was read")
struct JournalReadingTests {
  private static let now = UnixMilliseconds(10_000_000)
  private static var allowance: Int64 { JournalReading.clockAllowance.milliseconds }

  @Test("To its end is now; short of it is the last record's time, less what clocks may differ by")
  func times() {
    var reading = JournalReading()
    reading.lagMeasured(7, at: Self.now)
    #expect(reading.readAt == nil, "nothing was read yet")
    reading.read(UnixMilliseconds(9_000_000))
    reading.lagMeasured(7, at: Self.now)
    #expect(reading.readAt == UnixMilliseconds(9_000_000 - Self.allowance))
    reading.lagMeasured(0, at: Self.now)
    #expect(reading.readAt == Self.now)
    reading.read(UnixMilliseconds(9_500_000))
    reading.lagMeasured(3, at: Self.now.advanced(seconds: 5))
    #expect(reading.readAt == Self.now, "it never goes back")
    reading.read(UnixMilliseconds(99_000_000))
    reading.lagMeasured(3, at: Self.now.advanced(seconds: 5))
    #expect(reading.readAt == Self.now.advanced(seconds: 5), "a record from the future")
  }

  @Test("All partitions must be known, and the slowest counts")
  func partitions() {
    var contents = ConfirmerState.Contents()
    #expect(contents.journalReadAt == nil)
    contents.reading[0] = JournalReading()
    contents.reading[1] = JournalReading()
    contents.reading[0]?.lagMeasured(0, at: Self.now)
    #expect(contents.journalReadAt == nil)
    contents.reading[1]?.read(UnixMilliseconds(5_000_000))
    contents.reading[1]?.lagMeasured(1, at: Self.now)
    #expect(contents.journalReadAt == UnixMilliseconds(5_000_000 - Self.allowance))
  }
}
