import ArgumentParser
import Foundation
import MongoStore
import Payouts

/// `payoutctl audit-log`: who did what, when and from where.
struct AuditLogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit-log",
    abstract: "Read the audit log, and prove that nobody changed it.",
    subcommands: [AuditLogVerifyCommand.self, AuditLogTailCommand.self])
}

/// Walks the whole chain. Exit status 1 at the first break.
struct AuditLogVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Walk the chain from its first block; exit status 1 at the first break.",
    discussion: """
      The chain proves that nothing in it was changed, removed or put in another order. It cannot tell \
      whether its newest blocks were removed: note the last number and hash somewhere else now and \
      then, and give them as --anchor later.
      """)

  @Option(help: "A block that was noted earlier, as NUMBER:HASH; the chain must go through it.")
  var anchor: String?
  @Flag(help: "Print one JSON document.") var json = false

  private struct Report: Encodable {
    var isIntact: Bool
    var blocks: Int64
    var entries: Int64
    var dropped: Int64
    var last: AuditTip?
    var firstBreak: AuditChain.Break?

    enum CodingKeys: String, CodingKey {
      case isIntact = "intact", blocks, entries, dropped, last, firstBreak = "break"
    }
  }

  func run() async throws {
    let anchor = try anchor.map(Self.tip)
    let (chain, fault) = try await walk(try SystemAccess().store(), through: anchor)
    let report = Report(
      isIntact: fault == nil, blocks: chain.tip?.number ?? 0, entries: chain.entries,
      dropped: chain.dropped, last: chain.tip, firstBreak: fault)
    if json { try Console.print(json: report) } else { Self.show(report) }
    if fault != nil { throw ExitCode(1) }
  }

  private func walk(
    _ store: MongoStore, through anchor: AuditTip?
  ) async throws -> (AuditChain, AuditChain.Break?) {
    var chain = AuditChain(through: anchor)
    var after: Int64 = 0
    while true {
      let page = try await store.auditBlocks(after: after, limit: Self.pageSize)
      do throws(AuditChain.Break) {
        for block in page { try chain.take(block) }
        guard let last = page.last else {
          try chain.end()
          return (chain, nil)
        }
        after = last.number
      } catch {
        return (chain, error)
      }
    }
  }

  private static func tip(_ text: String) throws -> AuditTip {
    let parts = text.split(separator: ":")
    guard parts.count == 2, let number = Int64(parts[0]), number > 0, parts[1].count == 64 else {
      throw CommandFailure("--anchor is NUMBER:HASH, as verify prints them")
    }
    return AuditTip(number: number, hash: String(parts[1]))
  }

  private static func show(_ report: Report) {
    print("blocks   \(report.blocks), with \(report.entries) entries")
    if report.dropped > 0 {
      print("dropped  \(report.dropped) entries, by writers without a store")
    }
    if let last = report.last { print("last     \(last.number):\(last.hash)") }
    if let fault = report.firstBreak {
      print("BREAK    block \(fault.number) \(fault.problem)")
    } else {
      print("intact")
    }
  }

  // LIMIT: blocks of at most a thousand entries each that are in memory at once.
  private static let pageSize = 50
}

/// The newest entries.
struct AuditLogTailCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail", abstract: "Show the newest entries.")

  @Option(help: "How many blocks.") var blocks: Int64 = 20
  @Flag(help: "Print the blocks as one JSON document.") var json = false

  func run() async throws {
    guard (1...1_000).contains(blocks) else {
      throw CommandFailure("--blocks is a number from 1 to 1000")
    }
    let store = try SystemAccess().store()
    let last = try await store.auditTip(after: nil)?.number ?? 0
    let found = try await store.auditBlocks(after: max(0, last - blocks), limit: Int(blocks))
    if json { return try Console.print(json: found) }
    for block in found {
      for entry in block.entries { print(Self.line(entry)) }
      if block.dropped > 0 { print("\(block.at.iso8601)  \(block.dropped) entries were dropped") }
    }
  }

  private static func line(_ entry: AuditEntry) -> String {
    let actor = entry.actor
    let parts: [String?] = [
      entry.at.iso8601, entry.kind.rawValue, entry.action, entry.subjects.joined(separator: ","),
      actor.who.map { "by \($0)" + (actor.role.map { " (\($0))" } ?? "") },
      actor.from.map { "from \($0)" }, actor.requestID?.text, entry.note,
      entry.count == 1 ? nil : "\(entry.count) times",
    ]
    return parts.compactMap { $0 }.filter { !$0.isEmpty }.map(\.onOneLine).joined(separator: "  ")
  }
}

extension String {
  /// What others wrote must not move the cursor of a terminal.
  fileprivate var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
