/// The faults that bear on one call, decided when it arrived.
struct CallFaults: Sendable {
  /// The answer sees the chain as it was so many blocks ago.
  var staleBlocks: Int64 = 0
  /// A broadcast is answered with success and then lost.
  var losesBroadcast = false
  /// A broadcast is pooled, and forgotten before the next block.
  var doomsBroadcast = false
  /// A broadcast is not looked at but answered like this.
  var answerInstead: Refusal?
  /// A broadcast is pooled if it can be, and answered like this.
  var answerAfterwards: Refusal?
}
