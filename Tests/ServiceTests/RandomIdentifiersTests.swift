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
    #expect(identifiers.batchID().text.hasPrefix("batch_01aryz6s41"))
    #expect(identifiers.requestID().text.hasPrefix("req_01aryz6s41"))
    #expect(identifiers.batchID().text.count == "batch_".count + 26)
    let alphabet = Set("0123456789abcdefghjkmnpqrstvwxyz")
    #expect(identifiers.batchID().text.dropFirst(6).allSatisfy(alphabet.contains))
  }

  @Test("Identifiers rise, also within a millisecond and when the clock goes back")
  func monotonic() {
    let clock = SteppingClock(1_469_918_176_385)
    let identifiers = RandomIdentifiers(clock: clock)
    var last = identifiers.batchID()
    for step in 0..<5000 {
      clock.time.withLock { $0 += step % 7 == 0 ? -1000 : (step % 3 == 0 ? 1 : 0) }
      let next = identifiers.batchID()
      #expect(last < next)
      last = next
    }
  }

  @Test("Many tasks never get the same identifier")
  func unique() async {
    let identifiers = RandomIdentifiers(clock: SystemClock())
    let all = await withTaskGroup(of: [BatchID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<2000).map { _ in identifiers.batchID() } } }
      return await group.reduce(into: Set<BatchID>()) { $0.formUnion($1) }
    }
    #expect(all.count == 16_000)
  }

  @Test("The step within a millisecond cannot be guessed")
  func unguessable() {
    let identifiers = RandomIdentifiers(clock: SteppingClock(1))
    let steps = (0..<50).map { _ in identifiers.batchID().text.suffix(8) }
    #expect(Set(steps).count == 50)
  }

  @Test("A payout's id has exactly the time it is given, whatever the clock says")
  func payoutTime() {
    let identifiers = RandomIdentifiers(clock: SteppingClock(9_000_000_000_000))
    let time = UnixMilliseconds(1_469_918_176_385)
    let ids = Set((0..<1000).map { _ in identifiers.payoutID(at: time) })
    #expect(ids.count == 1000)
    #expect(ids.allSatisfy { $0.text.hasPrefix("payout_01aryz6s41") && $0.createdAt == time })
  }
}
