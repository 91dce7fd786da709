import Foundation
import Logging
import Payouts
import Testing

@testable import Service

@Suite struct HealthTests {
  let clock = InstantClock()
  let sink = CollectingSink()

  @Test("The process is ready when every component is")
  func ready() {
    let health = HealthRegistry(logger: sink.logger(), clock: clock)
    health.ready("store")
    #expect(health.isReady)
    health.notReady("broker", "no broker")
    #expect(!health.isReady)
    #expect(health.components.map(\.name) == ["broker", "store"])
    #expect(health.components[0].reason == "no broker")
    health.remove("broker")
    #expect(health.isReady)
  }

  @Test("A change is logged once, a return with how long it took")
  func transitions() {
    let health = HealthRegistry(logger: sink.logger(), clock: clock)
    health.ready("store")
    for reason in ["refused", "refused", "timed out"] { health.notReady("store", reason) }
    clock.advance(.milliseconds(12_340))
    health.ready("store")
    health.ready("store")
    let changes = sink.lines
    #expect(changes.count == 2)
    #expect(changes[0].contains(#""level":"warning""#) && changes[0].contains("refused"))
    #expect(changes[1].contains(#""away_seconds":"12.3""#) && changes[1].contains(#""info""#))
  }

  @Test("Starting and stopping are seen in readiness and not in the log, faults meanwhile are")
  func planned() {
    let health = HealthRegistry(logger: sink.logger(), clock: clock)
    health.idle("consumer", "starting")
    #expect(!health.isReady && sink.lines.isEmpty)
    health.ready("consumer")
    health.idle("consumer", "stopping")
    #expect(!health.isReady && sink.lines.isEmpty)
    health.notReady("consumer", "no broker")
    #expect(sink.lines.count == 1)
    health.ready("consumer")
    #expect(sink.lines.count == 2)
  }

  @Test("A new reason does not make a component's absence younger")
  func since() throws {
    let health = HealthRegistry(logger: sink.logger(), clock: clock)
    health.notReady("store", "refused")
    let since = try #require(health.components.first?.since)
    health.notReady("store", "timed out")
    #expect(health.components.first?.since == since)
    #expect(health.components.first?.reason == "timed out")
  }

  @Test("A loop that is not heard of in time is stalled, one that ended is not")
  func watchdog() {
    let watchdog = Watchdog(grace: .seconds(120), clock: clock)
    watchdog.beat("a", nextWithin: .seconds(60))
    watchdog.beat("b")
    watchdog.beat("c")
    watchdog.end("c")
    clock.advance(.seconds(121))
    #expect(watchdog.stalled == ["b"])
    clock.advance(.seconds(60))
    #expect(watchdog.stalled == ["a", "b"])
    watchdog.beat("a")
    watchdog.beat("b")
    #expect(watchdog.stalled.isEmpty)
  }
}
