import Payouts
import Testing
import Tron

/// Every order in which a creator, its late writes and two sweepers can take their steps, and every
/// moment at which the creator can die or give up: a batch of two payouts, one document each.
@Suite("Batches: every interleaving")
struct BatchInterleavingTests {
  @Test("All of a batch is accepted or nothing, whatever the order of steps")
  func allOrNothing() throws {
    let search = try Search(rule: .decidesFirst)
    search.run()
    #expect(search.violations.isEmpty, "\(search.violations.prefix(3))")
    // The search did meet both ends, and the races that matter.
    #expect(search.visited.contains { $0.answer == .created })
    #expect(search.visited.contains { $0.answer == .refused && $0.decision == .aborted })
    #expect(search.visited.contains { $0.answer == .unknown && $0.decision == .committed })
  }

  @Test("A sweeper that deletes without deciding first, or a commit without looking, is noticed")
  func defects() throws {
    for rule in [Rule.deletesUndecided, .discardsInDoubt] {
      let search = try Search(rule: rule)
      search.run()
      #expect(!search.violations.isEmpty, "\(rule)")
    }
  }
}

/// What is searched: the rules as they are, or with a seeded defect.
private enum Rule {
  case decidesFirst
  /// A sweeper takes old prepared payouts without a decision for abandoned.
  case deletesUndecided
  /// A creator whose commit is in doubt discards its payouts.
  case discardsInDoubt
}

private enum Stored: Hashable { case absent, prepared, accepted }
private enum Decision: Hashable { case committed, aborted }
private enum Answer: Hashable { case created, refused, unknown }

private enum Creator: Hashable {
  case insert(Int), decide, admit(Int), discard(Int), gone
}

private enum Sweeper: Hashable {
  case begin, read(Set<Int>), decide(Set<Int>), act(Set<Int>, Decision), gone
}

private struct World: Hashable {
  var payouts: [Stored] = [.absent, .absent]
  var decision: Decision?
  var creator = Creator.insert(0)
  /// Writes of tries that were given up and may still arrive.
  var lateInserts: Set<Int> = []
  var hasLateCommit = false
  var sweepers: [Sweeper] = [.begin, .begin]
  var answer: Answer?
}

private final class Search {
  let rule: Rule
  private let batch: Batch
  private(set) var visited: Set<World> = []
  private(set) var violations: [String] = []

  init(rule: Rule) throws {
    self.rule = rule
    batch = Batch(
      id: BatchID("b"), tenant: TenantID("t"), requestID: RequestID("r"), payoutIDs: [],
      totalAmount: .zero, router: .v0, priority: .normal, batchType: .immediate,
      idempotency: nil, createdAt: UnixMilliseconds(0), estimatedCompletion: nil)
  }

  func run() {
    var waiting = [World()]
    while let world = waiting.popLast(), violations.count < 10 {
      guard visited.insert(world).inserted else { continue }
      check(world)
      waiting += successors(of: world)
    }
  }

  private func successors(of world: World) -> [World] {
    var next = creatorSteps(world)
    for index in world.lateInserts { next.append(world.arrived(index)) }
    if world.hasLateCommit { next.append(world.committedLate()) }
    for index in world.sweepers.indices {
      if let after = sweeperStep(world, index) { next.append(after) }
    }
    return next
  }

  private func creatorSteps(_ world: World) -> [World] {
    var dead = world
    dead.creator = .gone
    switch world.creator {
    case .gone: return []
    case .insert(let index):
      var done = world
      done.insert(index)
      done.creator = index == 0 ? .insert(1) : .decide
      var twice = done
      twice.lateInserts.insert(index)
      var givenUp = world
      givenUp.lateInserts.insert(index)
      givenUp.creator = .discard(0)
      givenUp.answer = .refused
      return [dead, done, twice, givenUp]
    case .decide: return [dead] + decisions(world)
    case .admit(let index):
      var done = world
      done.admit(index)
      done.creator = index == 0 ? .admit(1) : .gone
      if index == 1 { done.answer = .created }
      return [dead, done]
    case .discard(let index):
      var done = world
      done.discard(index)
      done.creator = index == 0 ? .discard(1) : .gone
      return [dead, done]
    }
  }

  private func decisions(_ world: World) -> [World] {
    var done = world
    done.decision = world.decision ?? .committed
    done.creator = done.decision == .committed ? .admit(0) : .discard(0)
    if done.decision == .aborted { done.answer = .refused }
    var inDoubt = world
    inDoubt.hasLateCommit = true
    inDoubt.creator = rule == .discardsInDoubt ? .discard(0) : .gone
    inDoubt.answer = .unknown
    return [done, inDoubt]
  }

  /// One step of a sweeper; what it does is up to the code under test.
  private func sweeperStep(_ world: World, _ index: Int) -> World? {
    var next = world
    switch world.sweepers[index] {
    case .gone: return nil
    case .begin:
      let prepared = Set(world.payouts.indices.filter { world.payouts[$0] == .prepared })
      next.sweepers[index] = prepared.isEmpty ? .gone : .read(prepared)
    case .read(let prepared):
      next.sweepers[index] = after(BatchRecovery(decision(world.decision)), prepared)
    case .decide(let prepared):
      next.decision = world.decision ?? .aborted
      next.sweepers[index] = after(BatchRecovery(decision(next.decision)), prepared)
    case .act(var prepared, let standing):
      guard let payout = prepared.min() else {
        next.sweepers[index] = .gone
        break
      }
      prepared.remove(payout)
      if standing == .committed { next.admit(payout) } else { next.discard(payout) }
      next.sweepers[index] = .act(prepared, standing)
    }
    return next
  }

  private func after(_ recovery: BatchRecovery, _ prepared: Set<Int>) -> Sweeper {
    switch recovery {
    case .decide: rule == .deletesUndecided ? .act(prepared, .aborted) : .decide(prepared)
    case .admit: .act([0, 1], .committed)
    case .discard: .act(prepared, .aborted)
    }
  }

  private func decision(_ decision: Decision?) -> BatchDecision? {
    switch decision {
    case .committed: .committed(batch)
    case .aborted: .aborted(at: UnixMilliseconds(0))
    case nil: nil
    }
  }

  private func check(_ world: World) {
    let isCommitted = world.decision == .committed
    if isCommitted, world.payouts.contains(.absent) { note("a committed payout is lost", world) }
    if !isCommitted, world.payouts.contains(.accepted) { note("accepted, not committed", world) }
    if world.answer == .created, !isCommitted { note("told created, and is not", world) }
    if world.answer == .refused, isCommitted { note("told refused, and is not", world) }
    var end = world
    end.creator = .gone
    end.lateInserts = []
    end.hasLateCommit = false
    end.sweepers = [.begin]
    while let next = sweeperStep(end, 0) { end = next }
    let wanted: Stored = end.decision == .committed ? .accepted : .absent
    if end.payouts.contains(where: { $0 != wanted }) { note("left behind", end) }
  }

  private func note(_ what: String, _ world: World) { violations.append("\(what): \(world)") }
}

extension World {
  fileprivate mutating func insert(_ index: Int) {
    if payouts[index] == .absent { payouts[index] = .prepared }
  }
  fileprivate mutating func admit(_ index: Int) {
    if payouts[index] == .prepared { payouts[index] = .accepted }
  }
  fileprivate mutating func discard(_ index: Int) {
    if payouts[index] == .prepared { payouts[index] = .absent }
  }
  fileprivate func arrived(_ index: Int) -> World {
    var world = self
    world.insert(index)
    world.lateInserts.remove(index)
    return world
  }
  fileprivate func committedLate() -> World {
    var world = self
    world.decision = decision ?? .committed
    world.hasLateCommit = false
    return world
  }
}
