import Foundation
import Payouts
import Testing

@Suite("A fleet of two of every worker, killed at any port call, over a hostile chain")
struct SimulationTests {
  @Test(
    "pays every payout exactly once or reports it as not paid",
    arguments: seeds.prefix(max(1, seeds.count / 2)))
  func paysExactlyOnce(seed: UInt64) async throws {
    let world = try World(seed: seed)
    await world.run(steps: 4_000, patience: 60_000)
    let outcome = world.outcome()
    #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.prefix(3))")
    let isOver = outcome.keys.allSatisfy { $0.isFinal }
    #expect(isOver, "seed \(seed) left \(outcome): \(world.stuck)")
    #expect(world.kills > 0, "seed \(seed) killed nobody")
    var chain = AuditChain()
    for block in world.auditLog { try chain.take(block) }
  }

  @Test("does so when the store falls back as well", arguments: seeds)
  func survivesFallbacks(seed: UInt64) async throws {
    let world = try World(seed: 5_000 + seed, fallsBack: true)
    await world.run(steps: 4_000, patience: 120_000)
    let outcome = world.outcome()
    #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.prefix(3))")
    let isOver = outcome.keys.allSatisfy { $0.isFinal }
    #expect(isOver, "seed \(seed) left \(outcome): \(world.stuck)")
    #expect(world.fallbacks > 0, "seed \(seed): the store never fell back")
  }

  @Test("notices a spend that is not its own, and only that", arguments: seeds.prefix(5))
  func noticesForeignSpend(seed: UInt64) async throws {
    let world = try World(seed: seed, payouts: 4, hasBreaker: true)
    await world.run(steps: 500, patience: 60_000)
    #expect(world.violations.isEmpty, "seed \(seed): \(world.violations.prefix(3))")
    #expect(world.breakerCause != .foreignSpend)
    try await world.spendForeign(patience: 20_000)
    #expect(world.breakerCause == .foreignSpend, "seed \(seed)")
  }

  @Test("nets payouts of a window")
  func nets() async throws {
    var netted = 0
    for seed in UInt64(1001)...1005 {
      let world = try World(seed: seed)
      await world.run(steps: 4_000, patience: 60_000)
      netted += world.netted
    }
    #expect(netted >= 5, "only \(netted) transfers of several payouts")
  }

  /// SIMULATION_SEEDS=1000 looks further than a test run has time for.
  static let seeds: [UInt64] = {
    let count = ProcessInfo.processInfo.environment["SIMULATION_SEEDS"].flatMap(UInt64.init) ?? 40
    return Array(1...count)
  }()
}
