import ArgumentParser
import MongoStore
import Payouts
import Tron

/// `payoutctl windows`: what waits for which window, and what netting will save.
struct WindowsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "windows",
    abstract: "Show open windows: payouts, recipients, transfers, what netting saves.",
    discussion: """
      Transfers are counted as the Batcher would form them, so give this command the Batcher's \
      NETTING variables. Energy is a range: about 65,000 for each saved transfer if its recipient \
      holds USDT, and what the chain charges at worst if not. TRX is what burning it would cost at \
      today's price.
      """)

  @Flag(help: "Print one JSON document.") var json = false

  struct Row: Encodable {
    var window: String
    var closesAt: String
    var payouts: Int
    var recipients: Int
    var transfers: Int
    var amountMicro: Int64
    var savedTransfers: Int
    var energySavedLeast: Int64
    var energySavedMost: Int64
    var sunSavedLeast: Int64?
    var sunSavedMost: Int64?
  }

  func run() async throws {
    let access = try SystemAccess()
    let store = try access.store()
    let head = try await store.chainHead()
    var count = WindowPreview.Count(netting: access.settings.netting.policy)
    var position: ScheduledPosition?
    repeat {
      let page = try await store.scheduled(
        endingBy: nil, after: position, limit: NettingPolicy.pageSize)
      for payout in page { count.add(payout) }
      position =
        page.count < NettingPolicy.pageSize ? nil : page.last.flatMap(ScheduledPosition.init)
    } while position != nil
    let rows = count.windows.map { Self.row($0, head) }
    if json { try Console.print(json: rows) } else { show(rows) }
  }

  private static func row(_ preview: WindowPreview, _ head: ChainHead?) -> Row {
    let energy = preview.energySaved(head)
    let burn = preview.burnSaved(head)
    return Row(
      window: preview.window.text, closesAt: preview.window.end.iso8601,
      payouts: preview.payouts, recipients: preview.recipients, transfers: preview.transfers,
      amountMicro: preview.amountMicro, savedTransfers: preview.saved,
      energySavedLeast: energy.lowerBound, energySavedMost: energy.upperBound,
      sunSavedLeast: burn?.lowerBound, sunSavedMost: burn?.upperBound)
  }

  private func show(_ rows: [Row]) {
    guard !rows.isEmpty else { return print("no payout waits for a window") }
    Console.print(
      table: ["window", "payouts", "recipients", "transfers", "USDT", "energy saved", "TRX saved"],
      rows.map { row in
        [
          row.window, "\(row.payouts)", "\(row.recipients)", "\(row.transfers)",
          Self.millionths(row.amountMicro), "\(row.energySavedLeast)-\(row.energySavedMost)",
          Self.range(row.sunSavedLeast, row.sunSavedMost),
        ]
      })
  }

  private static func range(_ least: Int64?, _ most: Int64?) -> String {
    guard let least, let most else { return "unknown" }
    return "\(millionths(least))-\(millionths(most))"
  }

  private static func millionths(_ value: Int64) -> String {
    let digits = String(value)
    let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    return padded.dropLast(6) + "." + padded.suffix(6)
  }
}
