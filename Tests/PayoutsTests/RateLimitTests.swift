import Payouts
import Testing
import Tron

@Suite("Rate limits")
struct RateLimitTests {
  static let start = UnixMilliseconds(1_767_225_600_000)

  private func window(
    _ kind: RateLimitClass = .createPayout, _ subject: String = "alice", seconds: Int64 = 0
  ) -> RateWindow {
    RateWindow(kind, subject: subject, at: Self.start.advanced(seconds: seconds))
  }

  @Test(
    "The limits are the specification's, and cancelling is as creating",
    arguments: [
      (.createPayout, 10), (.getPayout, 60), (.listPayouts, 30), (.createBatch, 5),
      (.getBatch, 30), (.stats, 20), (.health, 120), (.cancel, 10),
    ] as [(RateLimitClass, Int)])
  func limits(kind: RateLimitClass, limit: Int) {
    #expect(kind.limit == limit)
  }

  @Test("A window is a minute of the clock")
  func minutes() {
    #expect(window(seconds: 0) == window(seconds: 59))
    #expect(window(seconds: 59) != window(seconds: 60))
    #expect(window().endSeconds == 1_767_225_660)
  }

  @Test("Class, minute and subject each make another window")
  func names() {
    let all = [
      window(), window(.cancel), window(.createPayout, "bob"), window(.createPayout, "Alice"),
      window(seconds: 60),
    ]
    #expect(Set(all.map(\.id)).count == all.count)
    #expect(window().id == "create_payout 29453760 alice")
  }

  @Test("A window grants as many as its limit, and the next minute begins anew")
  func counting() {
    var counts = RateWindowCounts()
    let granted = (0..<12).map { _ in counts.claim(window()) }
    #expect(granted.map(\.isGranted) == Array(repeating: true, count: 10) + [false, false])
    #expect(granted.map(\.count) == Array(1...10) + [10, 10])
    let others = [window(.createPayout, "bob"), window(seconds: 60)].map { counts.claim($0) }
    #expect(others.map(\.isGranted) == [true, true])
  }

  @Test("What the store said is where counting alone goes on from")
  func observing() {
    var counts = RateWindowCounts()
    counts.observed(9, in: window())
    counts.observed(4, in: window())
    let before = counts.refusal(window())
    let last = counts.claim(window())
    let after = counts.refusal(window())
    let refused = counts.claim(window())
    #expect(before == nil)
    #expect(last == RateClaim(isGranted: true, count: 10))
    #expect(after == RateClaim(isGranted: false, count: 10))
    #expect(!refused.isGranted)
  }

  @Test("Memory is bounded: beyond it strangers are let through, and old minutes are forgotten")
  func bounded() {
    var counts = RateWindowCounts(capacity: 2)
    for subject in ["a", "b", "c"] { counts.observed(10, in: window(.createPayout, subject)) }
    let known = ["a", "b", "c"].map { counts.refusal(window(.createPayout, $0)) != nil }
    let stranger = counts.claim(window(.createPayout, "c"))
    #expect(known == [true, true, false])
    #expect(stranger.isGranted)
    counts.observed(10, in: window(.createPayout, "d", seconds: 180))
    let old = counts.refusal(window(.createPayout, "a"))
    let new = counts.refusal(window(.createPayout, "d", seconds: 180))
    #expect(old == nil && new != nil)
  }

  @Test("What the headers say")
  func standing() {
    let now = Self.start.advanced(milliseconds: 29_500)
    let granted = RateLimitStanding(
      RateClaim(isGranted: true, count: 3), in: window(), at: now)
    #expect(granted.isGranted && granted.limit == 10 && granted.remaining == 7)
    #expect(granted.resetSeconds == 1_767_225_660)
    #expect(granted.retryAfterSeconds == 31)
    let refused = RateLimitStanding(
      RateClaim(isGranted: false, count: 9), in: window(), at: now)
    #expect(!refused.isGranted && refused.remaining == 0)
    let late = Self.start.advanced(milliseconds: 59_999)
    #expect(
      RateLimitStanding(RateClaim(isGranted: true, count: 1), in: window(), at: late)
        .retryAfterSeconds == 1)
  }

  @Test("After a failure the store is left alone for a second, then asked by one")
  func gate() {
    let start = ContinuousClock.now
    var gate = RateLimitGate()
    func expect(_ isSo: Bool, _ comment: Comment) { #expect(isSo, comment) }
    expect(gate.mayAsk(now: start) && gate.isOpen, "open at first")
    gate.began()
    expect(gate.failed(now: start), "news")
    expect(!gate.failed(now: start), "said once")
    expect(!gate.mayAsk(now: start + .milliseconds(999)), "left alone")
    expect(!gate.mayAsk(now: start + .seconds(5)), "the first call has not ended")
    gate.ended()
    expect(gate.mayAsk(now: start + .seconds(5)), "one looks again")
    expect(!gate.mayAsk(now: start + .seconds(5)), "one is enough")
    expect(!gate.isOpen, "not before it has answered")
    expect(gate.answered(), "news")
    expect(!gate.answered(), "said once")
    expect(gate.mayAsk(now: start + .seconds(5)) && gate.isOpen, "open again")
  }
}
