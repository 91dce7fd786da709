import HTTPTypes
import Hummingbird
import Payouts
import Tron

/// Writes a payout: the specification's model with explicit nulls, and what we add to it.
enum PayoutAnswer {
  static func response(
    _ view: PayoutView, status: HTTPResponse.Status, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body(view).bytes)))
  }

  /// Where a payout is read.
  static func location(_ id: PayoutID) -> String { "\(RouteTable.prefix)/payouts/\(id.text)" }

  static func body(_ view: PayoutView) -> JSONText {
    var text = JSONText(capacity: 1024)
    write(view, into: &text)
    return text
  }

  /// The same as a part of a longer text.
  static func write(_ view: PayoutView, into text: inout JSONText) {
    let payout = view.payout
    text.beginObject()
    text.member("payout_id", payout.id.text)
    text.member("status", payout.state.status.rawValue)
    request(payout, into: &text)
    chain(view, into: &text)
    text.member("estimated_completion", view.estimatedCompletion?.iso8601)
    text.member("created_at", payout.createdAt.iso8601)
    text.member("confirmed_at", view.confirmedAt?.iso8601)
    text.member("request_id", payout.requestID.text)
    text.member("status_detail", view.statusDetail)
    failure(view.failure, into: &text)
    text.endObject()
  }

  /// The body less what grows for ever: of a payout that is final, nothing changes any more but the
  /// number of blocks since. `nil` when that is the body itself.
  static func news(_ view: PayoutView) -> JSONText? {
    guard view.payout.outcome != nil, view.confirmations != nil else { return nil }
    var view = view
    view.confirmations = nil
    return body(view)
  }

  private static func request(_ payout: Payout, into text: inout JSONText) {
    let request = payout.request
    text.member("recipient_address", request.recipient.base58)
    text.rawMember("amount_usdt", request.amount.decimalText)
    text.member("reason", request.reason)
    text.member("router_type", request.router.rawValue)
    text.member("priority", request.priority.rawValue)
    text.member("batch_type", request.batchType.rawValue)
    text.member("batch_id", payout.batchID?.text)
    text.member("session_id", request.sessionID)
    text.member("node_id", request.nodeID)
    text.rawMember("custom_data", request.customData)
    text.member("client_reference", request.clientReference)
  }

  private static func chain(_ view: PayoutView, into text: inout JSONText) {
    text.member("txid", view.txid?.hex)
    text.rawMember("confirmations", view.confirmations.map(String.init))
    text.rawMember("block_number", view.blockNumber.map { String($0.value) })
    text.member("block_timestamp", view.blockTime?.iso8601)
    text.rawMember("fee_trx", view.fee?.trxText)
  }

  private static func failure(
    _ failure: PayoutView.FailureView?, into text: inout JSONText
  ) {
    guard let failure else { return text.member("failure", nil) }
    text.name("failure")
    text.beginObject()
    text.member("code", failure.code.text)
    text.member("message", failure.message)
    text.rawMember("retryable", failure.retryable ? "true" : "false")
    text.member("at", failure.at.iso8601)
    text.endObject()
  }
}

extension JSONText {
  /// A member that is a string or null.
  mutating func member(_ name: String, _ text: String?) {
    self.name(name)
    if let text { string(text) } else { raw("null") }
  }

  /// A member whose text is JSON already, or null.
  mutating func rawMember(_ name: String, _ text: String?) {
    self.name(name)
    raw(text ?? "null")
  }
}
