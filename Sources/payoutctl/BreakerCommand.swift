import ArgumentParser
import Foundation
import Payouts

/// `payoutctl breaker`: the circuit breaker, in the store itself.
struct BreakerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "breaker",
    abstract: "Open, close or show the circuit breaker; works while the API is away.",
    subcommands: [BreakerOpenCommand.self, BreakerCloseCommand.self, BreakerStatusCommand.self])

  static func checked(_ reason: String) throws -> String {
    guard (1...Breaker.maximumReason).contains(reason.unicodeScalars.count) else {
      throw CommandFailure("--reason has 1 to \(Breaker.maximumReason) characters")
    }
    return reason
  }

  static func show(_ breaker: Breaker, json: Bool) throws {
    if json { return try Console.print(json: breaker) }
    let isNew = breaker.rev == 0
    Console.print(rows: [
      ("state", breaker.state.rawValue), ("cause", breaker.cause?.rawValue),
      ("reason", isNew ? nil : breaker.reason), ("since", isNew ? nil : breaker.since.iso8601),
      ("by", isNew ? nil : breaker.by),
      ("trials", breaker.state == .halfOpen ? String(breaker.trials.count) : nil),
    ])
  }
}

/// Nothing is admitted and nothing new is planned from now on, until somebody closes it.
struct BreakerOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Admit nothing and plan nothing new until somebody closes it.")

  @Option(help: "Why; kept in the audit log.") var reason: String
  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let access = try OperatorAccess(try SystemAccess())
    let event = BreakerEvent.openedByHand(
      reason: try BreakerCommand.checked(reason), by: access.who)
    try BreakerCommand.show(
      try await access.breaker.apply(event, by: access.actor).breaker, json: json)
  }
}

/// Everything goes on.
struct BreakerCloseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Let everything go on, whatever opened it.")

  @Option(help: "Why it is safe; kept in the audit log.") var reason: String
  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let access = try OperatorAccess(try SystemAccess())
    let event = BreakerEvent.closedByHand(
      reason: try BreakerCommand.checked(reason), by: access.who)
    try BreakerCommand.show(
      try await access.breaker.apply(event, by: access.actor).breaker, json: json)
  }
}

/// Whether it is open, why, and since when.
struct BreakerStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show whether it is open, why, and since when.")

  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    try BreakerCommand.show(try await SystemAccess().store().breaker(), json: json)
  }
}
