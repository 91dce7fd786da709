import ArgumentParser
import Foundation
import MongoStore
import Payouts
import Service
import Tron

/// `payoutctl limits`: what is reserved, and whether that is what the payouts add up to.
struct LimitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "limits",
    abstract: "Compare the counters of limits with the payouts.",
    subcommands: [LimitsCheckCommand.self, LimitsRepairCommand.self])
}

/// Which days, and how the answer looks.
struct LimitsOptions: ParsableArguments {
  @Option(help: "The UTC day, as 2025-10-12; yesterday and today without it.") var day: String?
  @Flag(help: "Print one JSON document.") var json = false

  func days(now: UTCDay) throws -> (from: UTCDay, through: UTCDay) {
    guard let day else { return (now.advanced(days: -1), now) }
    guard let asked = UTCDay(text: day) else {
      throw ValidationError("--day must be a day like 2025-10-12")
    }
    return (asked, asked)
  }
}

struct LimitsCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Report every difference between counters and payouts; exit 1 if there is any.",
    discussion: "Changes nothing. What changes while it is looked at is reported as unknown.")

  @OptionGroup var options: LimitsOptions

  func run() async throws {
    let report = try await LimitsReport.make(options, heals: false)
    try report.show(json: options.json)
    if report.counters.contains(where: \.differs) { throw ExitCode(1) }
  }
}

struct LimitsRepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "End reservations that a crash left pending, and heal every difference.",
    discussion: "May run at any time and any number of times; every Ingest does the same.")

  @OptionGroup var options: LimitsOptions
  @Option(
    help: """
      End groups that have been pending for so many seconds. Less than 120 only when no Ingest that \
      made them can still be inserting.
      """) var pendingSeconds: Int = 120

  func run() async throws {
    guard (0...86_400).contains(pendingSeconds) else {
      throw ValidationError("--pending-seconds must be 0 to 86400")
    }
    let report = try await LimitsReport.make(
      options, heals: true, pendingAge: .seconds(pendingSeconds))
    try report.show(json: options.json)
  }
}

private struct LimitsReport: Encodable {
  struct Counter: Encodable {
    var counter: String
    var usedMicro: Int64
    var differs: Bool
    var tooMuchMicro: Int64
    var differencesMicro: [String: Int64]
    var unknownHours: [Int]
    var groupsEnded: Int
    var groupsPending: Int
  }

  var counters: [Counter]

  static func make(
    _ options: LimitsOptions, heals: Bool, pendingAge: Duration = LimitRepair.pendingAge
  ) async throws -> LimitsReport {
    let store = try SystemAccess().store()
    let clock = SystemClock()
    let days = try options.days(now: UTCDay(clock.now()))
    let repair = LimitRepair(
      counters: store.limits, reservations: store, clock: clock, pendingAge: pendingAge)
    let findings = try await repair.run(from: days.from, through: days.through, heals: heals)
    var used: [CounterID: Int64] = [:]
    for ids in findings.map(\.counter).chunks(of: 100) {
      for counter in try await store.limits.counters(ids) { used[counter.id] = counter.sum }
    }
    return LimitsReport(counters: findings.map { Counter($0, used: used[$0.counter] ?? 0) })
  }

  func show(json: Bool) throws {
    if json { return try Console.print(json: self) }
    Console.print(
      table: ["COUNTER", "USED USDT", "PENDING", "ENDED", "STATE"],
      counters.map { counter in
        [
          counter.counter, USDTAmount(micro: counter.usedMicro).decimalText,
          "\(counter.groupsPending)",
          "\(counter.groupsEnded)", counter.state,
        ]
      })
  }
}

extension LimitsReport.Counter {
  fileprivate init(_ finding: LimitFinding, used: Int64) {
    self.init(
      counter: finding.counter.text, usedMicro: used, differs: finding.differs,
      tooMuchMicro: finding.total,
      differencesMicro: Dictionary(
        uniqueKeysWithValues: finding.differences.map { (String($0.key), $0.value) }),
      unknownHours: finding.unknownHours, groupsEnded: finding.groupsEnded,
      groupsPending: finding.groupsPending)
  }

  fileprivate var state: String {
    if differs { return "differs by \(USDTAmount(micro: tooMuchMicro).decimalText) USDT" }
    return unknownHours.isEmpty ? "agrees" : "agrees but for hours in use: look again"
  }
}

extension Array {
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
