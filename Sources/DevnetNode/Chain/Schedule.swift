/// Slots of block production: which time belongs to which witness.
///
/// Block times are always the genesis time plus a whole number of intervals; the witness of slot s
/// is s mod n. (The real chain also skips two slots every six hours for maintenance; this one does
/// not.)
struct Schedule: Equatable, Sendable {
  let genesisMilliseconds: Int64
  let intervalMilliseconds: Int64
  let witnessCount: Int

  /// The slot that a time lies in.
  func slot(at milliseconds: Int64) -> Int64 {
    (milliseconds - genesisMilliseconds) / intervalMilliseconds
  }

  /// When a slot begins.
  func start(ofSlot slot: Int64) -> Int64 {
    genesisMilliseconds.addingClamped(slot.multipliedClamped(by: intervalMilliseconds))
  }

  /// Whose slot it is.
  func witness(ofSlot slot: Int64) -> Int { Int(slot % Int64(witnessCount)) }
}

/// The number of the solidified block, by the rule of the real chain: of the witnesses' latest
/// blocks, sorted, the one at index ⌊n × 0.3⌋, so that at least 70 % of the witnesses have built on
/// it.
func solidifiedNumber(latestNumbers: [Int64]) -> Int64 {
  guard !latestNumbers.isEmpty else { return 0 }
  return latestNumbers.sorted()[latestNumbers.count * 3 / 10]
}
