import Payouts
import Synchronization
import Testing
import Tron

@testable import Service

@Suite struct RandomIdentifiersTests {
  final class SteppingClock: WallClock {
    let time: Mutex<Int64>
    init(_ time: Int64) { self.time = Mutex(time) }
    func now() -> UnixMilliseconds { UnixMilliseconds(time.withLock { $0 }) }
  }

  @Test("An identifier is its prefix and 26 characters of base32 that begin with the time")
  func form() {
    // The time part of the example in the ULID specification.
    let identifiers = RandomIdentifiers(clock: SteppingClock(1_469_918_176_385))
    #expect(identifiers.payoutID().text.hasPrefix("payout_01aryz6s41"))
    #expect(identifiers.batchID().text.hasPrefix("batch_01aryz6s41"))
    #expect(identifiers.requestID().text.hasPrefix("req_01aryz6s41"))
    #expect(identifiers.payoutID().text.count == "payout_".count + 26)
    let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz")
    #expect(identifiers.payoutID().text.dropFirst(7).allSatisfy(alphabet.contains))
  }

  @Test("Identifiers rise, also within a millisecond and when the clock goes back")
  func monotonic() {
    let clock = SteppingClock(1_469_918_176_385)
    let identifiers = RandomIdentifiers(clock: clock)
    var last = identifiers.payoutID()
    for step in 0..<5000 {
      clock.time.withLock { $0 += step % 7 == 0 ? -1000 : (step % 3 == 0 ? 1 : 0) }
      let next = identifiers.payoutID()
      #expect(last < next)
      last = next
    }
  }

  @Test("Many tasks never get the same identifier")
  func unique() async {
    let identifiers = RandomIdentifiers(clock: SystemClock())
    let all = await withTaskGroup(of: [PayoutID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<2000).map { _ in identifiers.payoutID() } } }
      return await group.reduce(into: Set<PayoutID>()) { $0.formUnion($1) }
    }
    #expect(all.count == 16_000)
  }

  @Test("The step within a millisecond cannot be guessed")
  func unguessable() {
    let identifiers = RandomIdentifiers(clock: SteppingClock(1))
    let steps = (0..<50).map { _ in identifiers.payoutID().text.suffix(8) }
    #expect(Set(steps).count == 50)
  }
}
