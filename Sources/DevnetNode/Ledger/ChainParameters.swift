/// Prices and limits that a proposal can change on the real chain; sun, energy and milliseconds.
struct ChainParameters: Equatable, Sendable {
  /// Sun per energy burned.
  var energyFee: Int64 = 100
  /// Sun per byte of bandwidth burned.
  var transactionFee: Int64 = 1000
  /// Free bandwidth of an account per day.
  var freeNetLimit: Int64 = 600
  /// Sun for a memo.
  var memoFee: Int64 = 1_000_000
  /// Sun for a second signature (no account here has two keys, so it is only shown).
  var multiSignFee: Int64 = 1_000_000
  /// Highest `fee_limit` of a transaction, in sun.
  var maximumFeeLimit: Int64 = 15_000_000_000
  /// Sun instead of bandwidth when a TRX transfer creates its recipient.
  var createAccountFee: Int64 = 100_000
  /// Sun on top when a TRX transfer creates its recipient.
  var createNewAccountFee: Int64 = 1_000_000
  /// Energy of a USDT transfer to somebody who holds USDT, surcharge included.
  var energyToHolder: Int64 = 64_285
  /// Energy of a USDT transfer to somebody who holds none, surcharge included.
  var energyToNewHolder: Int64 = 130_285
  /// Energy of any other call that changes the contract.
  var energyOfOtherCall: Int64 = 99_764
  /// Energy of a call that only reads.
  var energyOfRead: Int64 = 4_062
  /// Energy that a call uses before it reverts.
  var energyBeforeRevert: Int64 = 26_000
  /// Dynamic energy factor of the contract in ten-thousandths: 34000 makes every step cost 4.4
  /// times its base.
  var energyFactor: Int64 = 34_000

  /// The part of a use of energy that is the dynamic surcharge.
  func penalty(of energy: Int64) -> Int64 {
    energy - Int64(UInt128(energy) * 10_000 / UInt128(10_000 + energyFactor))
  }
}
