import CoreMetrics
import Foundation
import Logging
import Payouts
import Testing
import Tron

@testable import Service

@Suite struct StageEventReporterTests {
  let sink = CollectingSink()
  let metrics = PrometheusMetrics()

  private func observe(_ events: StageEvent...) {
    withMetricsFactory(metrics) {
      let reporter = StageEventReporter(logger: sink.logger(), clock: InstantClock())
      for event in events { reporter.observe(event) }
    }
  }

  private func lastLine() throws -> [String: String] {
    try JSONDecoder().decode(
      [String: String].self, from: Data(try #require(sink.lines.last).utf8))
  }

  private func transfer() throws -> Transfer {
    Transfer(
      id: TransferID("tr_1"), members: [PayoutID("payout_1"), PayoutID("payout_2")],
      recipient: try TronAddress(base58: TronNetwork.mainnet.usdtContract),
      amount: USDTAmount(micro: 5_500_000), router: .v0, lane: .high, partition: 3,
      createdAt: UnixMilliseconds(1_000))
  }

  @Test("A paid transfer is one line with its ids, its block and its fee, and four metrics")
  func paid() throws {
    var transfer = try transfer()
    transfer.state = .paid
    let txid = TransactionID(hashing: [1])
    transfer.payment = Payment(
      txid: txid, blockNumber: BlockNumber(77), blockTime: UnixMilliseconds(60_000),
      fee: Sun(345_000), confirmedAt: UnixMilliseconds(61_500))
    observe(.paid(transfer))
    let line = try lastLine()
    #expect(line["level"] == "info" && line["transfer_id"] == "tr_1")
    #expect(line["payout_id"] == "payout_1,payout_2" && line["block"] == "77")
    #expect(line["fee_sun"] == "345000" && line["txid"] == "\(txid)")
    let text = metrics.exposition()
    #expect(text.contains("transfers_paid_total{lane=\"high\"} 1\n"))
    #expect(text.contains("paid_micro_usdt_total 5500000\n"))
    #expect(text.contains("paid_fees_sun_total 345000\n"))
    #expect(text.contains("transfer_age_seconds_sum{event=\"paid\"} 60.5\n"))
  }

  @Test("Forming, planning, arming, holding, repeating and failing are told with their ids")
  func life() throws {
    let transfer = try transfer()
    observe(
      .transfersFormed([transfer, transfer]), .planned([transfer]), .armed([transfer]),
      .held(transfer, .insufficientUSDT), .readyAgain(transfer), .failed(transfer))
    #expect(sink.lines.count == 7)
    #expect(sink.lines.allSatisfy { $0.contains(#""transfer_id":"tr_1""#) })
    let text = metrics.exposition()
    for sample in [
      "transfers_formed_total{lane=\"high\"} 2", "transfers_planned_total{lane=\"high\"} 1",
      "transfers_armed_total{lane=\"high\"} 1",
      "transfers_held_total{reason=\"insufficient_usdt\"} 1", "transfers_ready_again_total 1",
      "transfers_failed_total{reason=",
    ] { #expect(text.contains(sample)) }
  }

  @Test("What needs a person is an error, what needs attention a warning")
  func levels() throws {
    let id = TransferID("tr_1")
    let cases: [(StageEvent, String, String)] = [
      (.refusedToSign(id, attempt: 1, reason: "amount"), "error", "signing_refused_total 1"),
      (.nodeFault(node: "a:1", reason: "fork"), "error", "node_faults_total{node=\"a:1\"} 1"),
      (.attemptRestored(id, attempt: 1), "warning", "attempts_restored_total 1"),
      (.notArmed(id, attempt: 1, reason: "epoch"), "warning", "attempts_not_armed_total 1"),
      (
        .deadLetter(topic: "payouts.requested", partition: 1, offset: 9, reason: "not JSON"),
        "warning", "dead_letters_total{topic=\"payouts.requested\"} 1"
      ),
      (.included(id, attempt: 1, block: BlockNumber(5)), "debug", "attempts_included_total 1"),
      (.swept(stage: "signer", what: "hints", count: 4), "info", "what=\"hints\"} 4"),
    ]
    for (event, level, sample) in cases {
      observe(event)
      #expect(try lastLine()["level"] == level)
      #expect(metrics.exposition().contains(sample), "\(sample)")
    }
  }

  @Test("Broadcasts are counted by code and node; only unusual answers are worth a line")
  func broadcasts() throws {
    let id = TransferID("tr_1")
    func answer(_ code: String) -> StageEvent {
      .broadcast(id, attempt: 1, node: "n:80", code: code, message: "m")
    }
    observe(answer("SUCCESS"), answer("DUP_TRANSACTION_ERROR"), answer("SIGERROR"))
    #expect(sink.lines.filter { $0.contains(#""level":"info""#) }.count == 1)
    let text = metrics.exposition()
    #expect(text.contains("broadcasts_total{code=\"SIGERROR\",node=\"n:80\"} 1\n"))
    let silence = StageEvent.broadcastUnanswered(id, attempt: 1, node: "n:80", error: "timeout")
    observe(silence, silence, silence)
    #expect(metrics.exposition().contains("broadcasts_unanswered_total{node=\"n:80\"} 3\n"))
    #expect(sink.lines.filter { $0.contains("does not answer") }.count == 1)
  }

  @Test("Heights and what is watched are gauges and no lines")
  func gauges() {
    observe(
      .head(latest: BlockNumber(120), solidified: BlockNumber(101)),
      .watching(transfers: 7, armed: 3), .swept(stage: "signer", what: "hints", count: 0))
    let text = metrics.exposition()
    for sample in [
      "chain_head_height 120", "chain_solidified_height 101", "watched_transfers 7",
      "watched_armed_transfers 3",
    ] { #expect(text.contains(sample + "\n")) }
    #expect(sink.lines.isEmpty)
  }
}
