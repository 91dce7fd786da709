import Payouts

extension Variables {
  private static let guardians: [Role] = [.ingest, .signer, .confirmer, .payoutctl]

  static let breakerConsecutiveFailures = Setting(
    "BREAKER_CONSECUTIVE_FAILURES", guardians, .integer(1...1000), default: .text("5"),
    example: "5", "transfers that fail on the chain one after the other and open the breaker")
  static let breakerFailureRate = Setting(
    "BREAKER_FAILURE_RATE_PERCENT", guardians, .integer(1...100), default: .text("50"),
    example: "50", "part of the transfers that ended within the window and failed that opens it")
  static let breakerMinimumTransfers = Setting(
    "BREAKER_MINIMUM_TRANSFERS", guardians, .integer(1...100_000), default: .text("20"),
    example: "20", "a rate of fewer transfers than this opens nothing")
  static let breakerWindow = Setting(
    "BREAKER_WINDOW_SECONDS", guardians, .seconds(10...3600), default: .text("300"),
    example: "300", "how far back transfers count")
  static let breakerPause = Setting(
    "BREAKER_PAUSE_SECONDS", guardians, .seconds(1...86_400), default: .text("60"),
    example: "60", "how long the breaker is open before it lets a few transfers through")
  static let breakerTrials = Setting(
    "BREAKER_TRIALS", guardians, .integer(1...100), default: .text("3"), example: "3",
    "how many it lets through then")
  static let foreignSpendGrace = Setting(
    "FOREIGN_SPEND_GRACE_SECONDS", [.confirmer], .seconds(0...3600), default: .text("90"),
    example: "90", "how long a transaction of our wallet may be unknown before it opens the breaker"
  )

  static let guards: [Variable] = [
    breakerConsecutiveFailures.variable, breakerFailureRate.variable,
    breakerMinimumTransfers.variable, breakerWindow.variable, breakerPause.variable,
    breakerTrials.variable, foreignSpendGrace.variable,
  ]
}

extension BreakerPolicy {
  /// From the variables that every process which obeys or moves the breaker reads.
  init(_ reader: SettingsReader) throws(SettingFaults) {
    self.init(
      consecutiveFailures: try reader.required(Variables.breakerConsecutiveFailures),
      failureRatePercent: try reader.required(Variables.breakerFailureRate),
      minimumTransfers: try reader.required(Variables.breakerMinimumTransfers),
      window: try reader.required(Variables.breakerWindow),
      pause: try reader.required(Variables.breakerPause),
      trials: try reader.required(Variables.breakerTrials))
  }
}
