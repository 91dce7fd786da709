/// The active faults and their dice: given a path and a time, decides what goes wrong with a call.
struct FaultPlan: Sendable {
  /// LIMIT: faults at a time.
  static let ruleLimit = 1000

  private struct Active: Sendable {
    let id: Int64
    var rule: FaultRule
    let untilMilliseconds: Int64
    var random: SplitMix64
    var strikes: Int64 = 0
  }

  private var active: [Active] = []
  private var lastID: Int64 = 0

  /// Everything that was decided about one call.
  struct Decision: Sendable {
    var delayBefore = Duration.zero
    var delayAfter = Duration.zero
    var substituteBefore: FaultRule.Substitute?
    var substituteAfter: FaultRule.Substitute?
    var faults = CallFaults()
  }

  /// A fault as `GET /devnet/status` lists it.
  struct Summary: Sendable {
    let id: Int64
    let rule: FaultRule
    let strikes: Int64
  }

  /// The id of the new fault, or `nil` when there are too many.
  mutating func add(_ rule: FaultRule, nowMilliseconds: Int64) -> Int64? {
    prune(nowMilliseconds)
    guard active.count < Self.ruleLimit else { return nil }
    lastID += 1
    let until = rule.durationMilliseconds.map { nowMilliseconds.addingClamped($0) } ?? .max
    active.append(
      Active(
        id: lastID, rule: rule, untilMilliseconds: until,
        random: SplitMix64(seed: rule.seed)))
    return lastID
  }

  /// Whether it was there.
  mutating func remove(_ id: Int64) -> Bool {
    let count = active.count
    active.removeAll { $0.id == id }
    return active.count < count
  }

  mutating func removeAll() { active.removeAll() }

  mutating func list(nowMilliseconds: Int64) -> [Summary] {
    prune(nowMilliseconds)
    return active.map { Summary(id: $0.id, rule: $0.rule, strikes: $0.strikes) }
  }

  mutating func decide(path: String, nowMilliseconds: Int64) -> Decision {
    var decision = Decision()
    guard !active.isEmpty else { return decision }
    prune(nowMilliseconds)
    for index in active.indices where active[index].rule.matches(path) {
      guard active[index].random.chance(active[index].rule.probability) else { continue }
      strike(&active[index], &decision)
    }
    active.removeAll { $0.rule.remaining == 0 }
    return decision
  }

  private func strike(_ fault: inout Active, _ decision: inout Decision) {
    fault.strikes += 1
    fault.rule.remaining = fault.rule.remaining.map { $0 - 1 }
    switch fault.rule.effect {
    case .delay(let milliseconds, let jitter, let moment):
      let extra = jitter > 0 ? Int64.random(in: 0...jitter, using: &fault.random) : 0
      let delay = Duration.milliseconds(milliseconds.addingClamped(extra))
      if moment == .before { decision.delayBefore += delay } else { decision.delayAfter += delay }
    case .answer(let substitute, .before): decision.substituteBefore = substitute
    case .answer(let substitute, .after): decision.substituteAfter = substitute
    case .stale(let blocks):
      decision.faults.staleBlocks = max(decision.faults.staleBlocks, blocks)
    case .broadcastCode(let refusal, .before): decision.faults.answerInstead = refusal
    case .broadcastCode(let refusal, .after): decision.faults.answerAfterwards = refusal
    case .loseBroadcast: decision.faults.losesBroadcast = true
    case .dropFromPool: decision.faults.doomsBroadcast = true
    }
  }

  private mutating func prune(_ nowMilliseconds: Int64) {
    active.removeAll { $0.untilMilliseconds <= nowMilliseconds }
  }
}
