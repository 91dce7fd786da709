import Foundation
import Testing
import Tron

@testable import Payouts

@Suite("A payout as a message") struct PayoutMessageTests {
  /// Text that JSON has to escape, and text that it must not.
  private static let words = [
    "plain", "", "quote \" and \\ backslash", "line\nbreak\ttab\u{1}", "ünïcödé 🟢", "{\"a\":1}",
  ]

  private static func payout(_ seed: Int) throws -> Payout {
    func optional(_ bit: Int, _ text: String) -> String? { seed & (1 << bit) == 0 ? nil : text }
    let word = words[seed % words.count]
    let request = PayoutRequest(
      recipient: try TronAddress(base58: "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"),
      amount: USDTAmount(micro: Int64(seed) * 123_457 + 10_000), reason: word,
      router: RouterType.allCases[seed % 2], priority: Priority.allCases[seed % 4],
      batchType: BatchType.allCases[seed % 4], sessionID: optional(0, word),
      nodeID: optional(1, word), customData: optional(2, "{\"note\":\"\(seed)\"}"),
      clientReference: optional(3, "ref-\(seed)"))
    var payout = Payout(
      id: try #require(PayoutID(clientText: "payout_01kdv2g2h00000000000000000")),
      tenant: TenantID("tenant-\(seed)"), requestID: RequestID("req_\(seed)"), request: request,
      idempotency: optional(4, word).map { IdempotencyKey(key: $0, requestHash: "ab") },
      batchID: try optional(5, "").map { _ in
        try #require(BatchID(clientText: "batch_01kdv2g2h00000000000000000"))
      }, createdAt: UnixMilliseconds(Int64(seed)),
      estimatedCompletion: optional(6, "").map { _ in UnixMilliseconds(7) })
    payout.transferID = optional(7, "").map { _ in TransferID("transfer_\(seed)") }
    payout.rev = Int64(seed)
    payout.generation = seed
    if seed == 255 {
      payout.outcome = .cancelled(at: UnixMilliseconds(9))
    }
    return payout
  }

  @Test(arguments: 0..<256)
  func `is read back as what was written, and is what the general encoder writes`(
    _ seed: Int
  ) throws {
    let payout = try Self.payout(seed)
    let record = LogMessages.requested(payout, traceparent: "00-trace")
    let incoming = IncomingRecord(
      topic: .requested, partition: 0, offset: 0, timestamp: UnixMilliseconds(0),
      key: Array(record.key.utf8), value: record.value, headers: record.headers)
    #expect(try LogMessages.payout(incoming) == payout)
    #expect(record.headers.last == RecordHeader("traceparent", "00-trace"))

    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let general = try JSONSerialization.jsonObject(with: encoder.encode(payout)) as? NSDictionary
    let ours = try JSONSerialization.jsonObject(with: Data(record.value)) as? NSDictionary
    #expect(ours == general)
  }
}
