import ArgumentParser
import Foundation
import KafkaLog
import MongoStore
import Payouts
import Service
import Tron

/// `payoutctl status`: what waits where.
struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show what waits where: payouts, transfers, lag, limits, breaker, chain, wallets.",
    discussion: "Limits are those of this environment; give it the variables of Ingest.")

  @Flag(help: "Print one JSON document.") var json = false

  struct Report: Encodable {
    var epoch: Int64
    var payouts: [String: Int]
    var transfers: [String: Int]
    var lag: [String: Int64]
    var head: ChainHead?
    var wallets: [Wallet]
    var breaker: Breaker
    var limits: [LimitUse]
  }

  /// What is reserved of a router's limits in this UTC day and hour.
  struct LimitUse: Encodable {
    struct Part: Encodable {
      var usedMicro: Int64
      /// `nil` when there is none.
      var limitMicro: Int64?
    }

    var router: RouterType
    var day: Part
    var hour: Part

    /// A router without a limit is not counted.
    init?(_ limits: AmountLimits?, _ counter: LimitCounter, at now: UnixMilliseconds) {
      guard let limits, !limits.isOff else { return nil }
      router = counter.id.router
      day = Part(usedMicro: counter.sum, limitMicro: limits.daily?.micro)
      hour = Part(
        usedMicro: counter.hour(UTCDay.hour(of: now)), limitMicro: limits.hourly?.micro)
    }
  }

  func run() async throws {
    let access = try SystemAccess()
    let store = try access.store()
    let payouts: [PayoutState: Int] = try await store.count(in: PayoutState.allCases)
    let transfers: [TransferState: Int] = try await store.count(in: TransferState.allCases)
    let report = Report(
      epoch: try await store.epoch(),
      payouts: Dictionary(uniqueKeysWithValues: payouts.map { ($0.key.rawValue, $0.value) }),
      transfers: Dictionary(uniqueKeysWithValues: transfers.map { ($0.key.rawValue, $0.value) }),
      lag: try await lag(try access.admin()), head: try await store.chainHead(),
      wallets: try await store.wallets(), breaker: try await store.breaker(),
      limits: try await limits(access, store))
    if json { try Console.print(json: report) } else { show(report) }
  }

  /// Records that the workers of each group have not finished with.
  private func lag(_ admin: KafkaAdmin) async throws -> [String: Int64] {
    let groups: [(String, [Topic])] =
      [("batcher", [.requested]), ("confirmer", [.signed])]
      + Lane.allCases.map { ($0.group, [.ready($0)]) }
    var lag: [String: Int64] = [:]
    for (role, topics) in groups {
      lag[role] = try await admin.lag(role: role, topics: topics).values.reduce(0, +)
    }
    return lag
  }

  private func limits(_ access: SystemAccess, _ store: MongoStore) async throws -> [LimitUse] {
    let now = SystemClock().now()
    let ids = RouterType.allCases.map { CounterID(day: UTCDay(now), router: $0) }
    let counters = try await store.limits.counters(ids)
    return ids.compactMap { id in
      LimitUse(
        access.settings.limits[id.router],
        // Nothing was reserved yet.
        counters.first { $0.id == id } ?? LimitCounter(id: id), at: now)
    }
  }

  private func show(_ report: Report) {
    func line(_ title: String, _ text: String) {
      print("\(title.padding(toLength: 12, withPad: " ", startingAt: 0))\(text)")
    }
    func counts(_ values: [String: some BinaryInteger]) -> String {
      let parts = values.filter { $0.value != 0 }.sorted { $0.key < $1.key }
      return parts.isEmpty ? "none" : parts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }
    line("epoch", "\(report.epoch)")
    line("payouts", counts(report.payouts))
    line("transfers", counts(report.transfers))
    line("lag", counts(report.lag))
    if let head = report.head {
      line(
        "chain",
        "head \(head.latest.number.value), solidified \(head.solidified.number.value),"
          + " energy \(head.energyPrice.value) sun")
    } else {
      line("chain", "not seen yet: is a Confirmer running?")
    }
    let breaker = report.breaker
    line(
      "breaker",
      breaker.state.rawValue + (breaker.cause.map { " (\($0.rawValue)): \(breaker.reason)" } ?? ""))
    for use in report.limits {
      func part(_ part: LimitUse.Part) -> String {
        let limit = part.limitMicro.map { " of \(USDTAmount(micro: $0).decimalText)" } ?? ""
        return USDTAmount(micro: part.usedMicro).decimalText + limit + " USDT"
      }
      line("limits", "\(use.router.rawValue): day \(part(use.day)), hour \(part(use.hour))")
    }
    for wallet in report.wallets {
      let routers = wallet.routers.map(\.rawValue).joined(separator: ", ")
      let funds = wallet.funds.map {
        "\(decimal($0.usdt.micro)) USDT, \(decimal($0.trx.value)) TRX, \($0.energy) energy"
          + " as of block \($0.asOf.value)"
      }
      line("wallet", "\(wallet.address) (\(routers)): \(funds ?? "funds not read yet")")
    }
  }

  /// Millionths as a decimal number.
  private func decimal(_ millionths: Int64) -> String {
    let digits = String(millionths.magnitude)
    let padded = String(repeating: "0", count: max(0, 7 - digits.count)) + digits
    return (millionths < 0 ? "-" : "") + padded.dropLast(6) + "." + padded.suffix(6)
  }
}
