import HTTPTypes
import Hummingbird
import Payouts

/// Writes a page of payouts: the specification's model, and what we add to `pagination`.
enum ListAnswer {
  /// Everything that a page says.
  struct Page {
    var payouts: [PayoutView]
    var count: PayoutCount
    var limit: Int
    /// Payouts of the list in front of this page.
    var position: Int
    /// The cursor of the next page; `nil` on the last one.
    var next: String?
    var filters: [JSONMember]
  }

  static func response(_ page: Page) -> Response {
    var text = JSONText(capacity: 1024 * (page.payouts.count + 1))
    text.beginObject()
    text.name("payouts")
    text.beginArray()
    for payout in page.payouts { PayoutAnswer.write(payout, into: &text) }
    text.endArray()
    text.name("pagination")
    pagination(page, into: &text)
    text.name("filters")
    text.value(.object(page.filters))
    text.endObject()
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }

  private static func pagination(_ page: Page, into text: inout JSONText) {
    text.beginObject()
    text.rawMember("total", String(page.count.total))
    text.rawMember("limit", String(page.limit))
    text.rawMember("offset", String(page.position))
    text.rawMember("has_next", page.next == nil ? "false" : "true")
    text.rawMember("has_previous", page.position > 0 ? "true" : "false")
    text.member("next_cursor", page.next)
    text.rawMember("total_is_exact", page.count.isExact ? "true" : "false")
    text.endObject()
  }
}
