import Foundation
import Payouts
import Testing
import Tron

@Suite("What the API says of a payout")
struct AdmissionViewTests {
  private static func payout(_ state: PayoutState) throws -> Payout {
    let request = PayoutRequest(
      recipient: try TronAddress(base58: "TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"),
      amount: USDTAmount(micro: 5_500_000), reason: "r", router: .v0)
    var payout = Payout(
      id: PayoutID("p"), tenant: TenantID("t"), requestID: RequestID("r"), request: request,
      idempotency: nil, createdAt: UnixMilliseconds(0), estimatedCompletion: UnixMilliseconds(90))
    payout.state = state
    payout.transferID = TransferID("t")
    return payout
  }

  private static func transfer(_ state: TransferState, included: Bool = false) throws -> Transfer {
    let payout = try payout(.assigned)
    var transfer = Transfer(
      id: TransferID("t"), members: [payout.id], recipient: payout.request.recipient,
      amount: payout.request.amount, router: .v0, lane: .normal, partition: 0,
      createdAt: UnixMilliseconds(0))
    transfer.state = state
    var attempt = Attempt(
      number: 1, epoch: 1, owner: payout.request.recipient, rawData: [],
      txid: TransactionID(hashing: []), referenceBlock: BlockNumber(1),
      expiration: UnixMilliseconds(1))
    attempt.armed = state == .armed
    attempt.included = included ? BlockNumber(5) : nil
    transfer.attempts = [attempt]
    return transfer
  }

  @Test(
    "The status detail is a function of both states",
    arguments: [
      (.ready, "ready"), (.planned, "planned"), (.armed, "armed"), (.failing, "failing"),
      (.voiding, "voiding"), (.held, "held"), (.paid, "settling"), (.failed, "settling"),
      (.cancelled, "settling"),
    ] as [(TransferState, String)])
  func detail(state: TransferState, detail: String) throws {
    let transfer = try Self.transfer(state)
    for payoutState in PayoutState.allCases {
      let expected = payoutState == .assigned ? detail : payoutState.rawValue
      #expect(statusDetail(try Self.payout(payoutState), transfer: transfer) == expected)
      #expect(statusDetail(try Self.payout(payoutState), transfer: nil) == payoutState.rawValue)
    }
  }

  @Test("Every reason to hold is told", arguments: Hold.Reason.allCases)
  func held(reason: Hold.Reason) throws {
    var transfer = try Self.transfer(.held)
    transfer.hold = Hold(reason: reason, since: UnixMilliseconds(1))
    let view = PayoutView(try Self.payout(.assigned), transfer: transfer)
    #expect(view.statusDetail == "held:\(reason.rawValue)")
    #expect(view.estimatedCompletion == nil)
    #expect(view.failure == nil)
  }

  @Test("A transaction is told once it may be on its way, its block once it was seen there")
  func transaction() throws {
    let payout = try Self.payout(.assigned)
    #expect(PayoutView(payout, transfer: try Self.transfer(.planned)).txid == nil)
    let armed = PayoutView(payout, transfer: try Self.transfer(.armed), head: BlockNumber(9))
    #expect(armed.txid != nil)
    #expect(armed.blockNumber == nil)
    #expect(armed.confirmations == nil)
    let included = PayoutView(
      payout, transfer: try Self.transfer(.armed, included: true), head: BlockNumber(9))
    #expect(included.statusDetail == "included")
    #expect(included.confirmations == 4)
    let behind = PayoutView(
      payout, transfer: try Self.transfer(.armed, included: true), head: BlockNumber(4))
    #expect(behind.confirmations == 0)
  }

  @Test("A failure is 2006 when no block took a transaction, 2008 when the chain refused it")
  func failureCodes() throws {
    var payout = try Self.payout(.failed)
    for reason in Failure.Reason.allCases {
      payout.outcome = .failed(Failure(reason: reason, message: "m", at: UnixMilliseconds(1)))
      let code = PayoutView(payout).failure?.code
      #expect(code == (reason == .expired ? .networkError : .transactionFailed))
    }
  }

  @Test("Instants are written as an independent formatter writes them")
  func instants() {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    var random = SeededRandom(seed: 4)
    let edges: [Int64] = [
      0, -1, 951_782_399_999, 951_782_400_000, 1_709_164_800_000, 4_107_542_400_000,
      -11_644_473_600_000, 253_402_300_799_999,
    ]
    let others = (0..<3000).map { _ in
      Int64.random(in: -2_000_000_000_000...253_402_300_799_999, using: &random)
    }
    for value in edges + others {
      let seconds = (Double(value) / 1000).rounded(.down)
      let whole = ISO8601DateFormatter().string(from: Date(timeIntervalSince1970: seconds))
      let milliseconds = value - Int64(seconds) * 1000
      let padding = String(repeating: "0", count: 3 - String(milliseconds).count)
      let expected = whole.dropLast() + ".\(padding)\(milliseconds)Z"
      #expect(UnixMilliseconds(value).iso8601 == expected)
    }
  }
}

@Suite("Trace contexts")
struct AdmissionTraceTests {
  private static let trace = "0af7651916cd43dd8448eb211c80319c"
  private static let span = "b7ad6b7169203331"

  @Test(
    "A valid traceparent is read, any other is as good as none",
    arguments: [
      ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", true),
      ("01-\(trace)-\(span)-01-extra", true), ("cc-\(trace)-\(span)-01", true),
      ("00-\(trace)-\(span)-01-extra", false), ("ff-\(trace)-\(span)-01", false),
      ("00-\(trace.uppercased())-\(span)-01", false), ("00-\(trace)-\(span)", false),
      ("00-\(String(repeating: "0", count: 32))-\(span)-01", false),
      ("00-\(trace)-\(String(repeating: "0", count: 16))-01", false), ("", false),
      ("00-\(trace)-\(span)-1", false), ("0-\(trace)-\(span)-01", false), ("a-b-c-d", false),
    ])
  func parsing(text: String, isValid: Bool) {
    #expect((TraceContext(traceparent: text) != nil) == isValid)
  }

  @Test("A child keeps the trace and has a span of its own")
  func child() throws {
    let parent = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01"))
    #expect(parent.child(spanID: 0xAB).traceparent == "00-\(Self.trace)-00000000000000ab-01")
    let own = TraceContext(traceID: (0, 0), spanID: 0)
    #expect(TraceContext(traceparent: own.traceparent) == own)
  }
}

@Suite("Client-given payout ids")
struct AdmissionIDTests {
  @Test(
    "Only what can be one of ours is looked for",
    arguments: [
      ("payout_01kdv2g2h00000000000000000", true), ("payout_zzzzzzzzzzzzzzzzzzzzzzzzzz", true),
      ("payout_01kdv2g2h0000000000000000", false), ("payout_01kdv2g2h000000000000000000", false),
      ("payout_01KDV2G2H00000000000000000", false), ("payout_01kdv2g2h0000000000000000u", false),
      ("batch__01kdv2g2h00000000000000000", false), ("", false), ("batch", false),
      ("payout_01kdv2g2h000000000000000é", false),
    ])
  func shape(text: String, isOurs: Bool) {
    #expect((PayoutID(clientText: text)?.text == text) == isOurs)
  }
}
