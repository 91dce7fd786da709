import ArgumentParser
import Foundation
import KafkaLog
import Payouts

/// `payoutctl replay`: appends records of a topic once more, while the fleet runs.
struct ReplayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Append records of a topic again, for the fleet to read.",
    discussion: """
      A message is a hint: what it speaks of is looked up, and what has moved on is left alone. So
      any topic may be replayed from any point at any time; at worst it costs time. --dry-run says,
      by kind of message, what would come of it, and appends nothing.

      --from and --to take an offset, or a time such as 2026-01-31T12:00:00Z; --to is not included.
      The range is fixed at the start, so what is appended is not read again. With --state FILE an
      interrupted replay goes on where it was when the same command is given again.
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
    let file = state.map(ReplayFile.init(path:))
    let begun = try file?.read()
    let plan: ReplayState
    if let begun {
      guard begun.topic == topic.name, begun.dryRun == dryRun else {
        throw CommandFailure(
          "--state: \(state ?? "") is of another replay (\(begun.topic)); remove it to begin anew")
      }
      plan = begun
    } else {
      plan = try await ReplayState(
        topic: topic, from: try from.map { try ReplayPoint($0, option: "from") },
        to: try to.map { try ReplayPoint($0, option: "to") }, partition: partition,
        dryRun: dryRun, admin: try access.admin())
    }
    let store = try access.store()
    let log = dryRun ? nil : try access.producer()
    var replay = Replay(
      topic: topic, state: plan, settings: try access.kafka(),
      preview: ReplayPreview(payouts: store, transfers: store), log: log, file: file)
    let summary: ReplaySummary
    do {
      summary = try await replay.run()
    } catch {
      await log?.close()
      throw error
    }
    await log?.close()
    if json { try Console.print(json: summary) } else { summary.show() }
  }
}

/// The file of `--state`.
struct ReplayFile {
  var path: String

  func read() throws -> ReplayState? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(ReplayState.self, from: data)
    } catch {
      throw CommandFailure("--state: \(path) is not the state of a replay")
    }
  }

  func write(_ state: ReplayState) throws {
    try JSONEncoder().encode(state).write(to: URL(filePath: path), options: .atomic)
  }

  func remove() throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }
}
