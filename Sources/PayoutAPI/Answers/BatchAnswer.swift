import HTTPTypes
import Hummingbird
import Payouts
import Tron

/// Writes a batch: the specification's models of creation and of status in one, with explicit nulls,
/// and what we add.
enum BatchAnswer {
  static func response(
    _ view: BatchView, status: HTTPResponse.Status, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body(view).bytes)))
  }

  /// Where a batch is read.
  static func location(_ id: BatchID) -> String {
    "\(RouteTable.prefix)/payouts/batch/\(id.text)"
  }

  static func body(_ view: BatchView) -> JSONText {
    let batch = view.batch
    var text = JSONText(capacity: 640 + 40 * view.total)
    text.beginObject()
    text.member("batch_id", batch.id.text)
    text.member("status", view.status.rawValue)
    text.rawMember("total_payouts", String(view.total))
    text.rawMember("completed_payouts", String(view.completed))
    text.rawMember("failed_payouts", String(view.failed))
    text.rawMember("pending_payouts", String(view.pending))
    text.rawMember("cancelled_payouts", String(view.cancelled))
    text.rawMember("total_amount_usdt", batch.totalAmount.decimalText)
    text.rawMember("completed_amount_usdt", view.completedAmount.decimalText)
    text.member("router_type", batch.router.rawValue)
    text.member("priority", batch.priority.rawValue)
    text.member("batch_type", batch.batchType.rawValue)
    text.name("payout_ids")
    text.beginArray()
    for id in batch.payoutIDs { text.string(id.text) }
    text.endArray()
    text.member("estimated_completion", view.estimatedCompletion?.iso8601)
    text.member("created_at", batch.createdAt.iso8601)
    text.member("request_id", batch.requestID.text)
    text.endObject()
    return text
  }
}
