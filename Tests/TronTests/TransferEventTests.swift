import Testing
import Tron

@Suite struct TransferEventTests {
  private var random = SeededRandom(seed: 3)

  private mutating func event(value: UInt256) throws -> TransferEvent {
    try TransferEvent(
      contract: random.address(), sender: random.address(), recipient: random.address(),
      value: value)
  }

  @Test("A log of a Transfer reads back with contract, sender, recipient and value")
  mutating func roundTrip() throws {
    let event = try event(value: UInt256(12_340_000))
    #expect(event.log.address.count == 20)
    #expect(TransferEvent(event.log) == event)
    #expect(event.amount == USDTAmount(micro: 12_340_000))
  }

  @Test("A value beyond 63 bits is read, but is no amount of USDT")
  mutating func hugeValue() throws {
    let huge = try #require(UInt256(decimal: "9223372036854775808"))
    let event = try #require(TransferEvent(try event(value: huge).log))
    #expect(event.value == huge)
    #expect(event.amount == nil)
  }

  @Test("A log that differs in form is no Transfer event")
  mutating func otherLogs() throws {
    let log = try event(value: UInt256(1)).log
    let changes: [(inout ContractLog) -> Void] = [
      { $0.topics[0][31] ^= 1 },
      { $0.topics.removeLast() },
      { $0.topics.append($0.topics[2]) },
      { $0.topics = [] },
      { $0.topics[1].removeLast() },
      { $0.topics[2][11] = 0x41 },
      { $0.data.removeLast() },
      { $0.data.append(0) },
      { $0.address.append(0) },
      { $0.address = [] },
    ]
    for (index, change) in changes.enumerated() {
      var changed = log
      change(&changed)
      #expect(TransferEvent(changed) == nil, "change \(index)")
    }
  }
}
