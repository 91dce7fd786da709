import ArgumentParser
import Foundation
import KafkaLog
import Payouts
import Service

/// `payoutctl replay`: appends records of a topic once more, while the fleet runs.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Append records of a topic again, for the fleet to read.",
    discussion: """
      A message is a hint: what it speaks of is looked up, and what has moved on is left alone. So
      any topic may be replayed from any point at any time; at worst it costs time. --dry-run says,
      by kind of message, what would come of it, and appends nothing.

      --from and --to take an offset, or a time such as 2026-01-31T12:00:00Z; --to is not included.
      The range is fixed at the start, so what is appended is not read again. Ctrl-C ends it after the
      page at hand; it then says where the state was left. With --state FILE it goes on there when
      the same command is given again, also after it was killed.
      """)

  @Option(help: "The topic, without the configured prefix, such as payouts.requested.")
  var topic: String
  @Option(help: "The first record; the oldest when left out.") var from: String?
  @Option(help: "The first record that is left out; none when left out.") var to: String?
  @Option(help: "One partition; all when left out.") var partition: Int32?
  @Flag(help: "Append nothing, say what would happen.") var dryRun = false
  @Option(help: "Remembers how far it came, to go on after an interruption.") var state: String?
  @Flag(help: "Print one JSON document at the end.") var json = false

  func run() async throws {
    guard let topic = Topic.all.first(where: { $0.name == topic }) else {
      let names = Topic.all.map(\.name).joined(separator: ", ")
      throw CommandFailure("--topic: there is no topic \(self.topic); there are \(names)")
    }
    let access = try SystemAccess()
    let first = try ReplayPoint(from, option: "from")
    let last = try ReplayPoint(to, option: "to")
    let kafka = try access.kafka()
    let request = ReplayState.Request(
      topic: topic.name, prefix: kafka.topicPrefix, from: from, to: to, partition: partition,
      dryRun: dryRun)
    let file = state.map(ReplayFile.init(path:))
    let plan: ReplayState
    if let begun = try file?.read(for: request) {
      plan = begun
    } else {
      plan = try await .begin(
        request, of: topic, from: first, to: last, admin: try access.admin())
    }
    let store = try access.store()
    let log = dryRun ? nil : try access.producer()
    var replay = Replay(
      topic: topic, state: plan, settings: kafka,
      preview: ReplayPreview(
        payouts: store, transfers: store,
        kyc: KYCGate(store: store, clock: SystemClock(), facts: store)), log: log, file: file)
    let summary: ReplaySummary
    do {
      summary = try await replay.run()
    } catch {
      await log?.close()
      throw error
    }
    await log?.close()
    if json { try Console.print(json: summary) } else { summary.show() }
    guard replay.wasInterrupted else { return }
    let left = file ?? ReplayFile(path: "replay-\(topic.name).state")
    try left.write(replay.state)
    Console.warn(
      "interrupted with \(replay.state.remaining) records left; to go on: payoutctl replay"
        + " \(request.words) --state \(left.path)")
    throw ExitCode(130)
  }
}
