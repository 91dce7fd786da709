import HTTPTypes
import Hummingbird
import Payouts

/// Writes errors: in the specification's envelope, or as RFC 9457 on request, with the same facts.
enum ErrorAnswer {
  static let problemType = "application/problem+json"

  static func response(_ error: APIError, call: Call) -> Response {
    let refusal = error.refusal
    var headers = error.headers
    headers[.contentType] = call.wantsProblem ? problemType : "application/json"
    let body = call.wantsProblem ? problem(refusal, call) : envelope(refusal, call)
    return Response(
      status: .init(code: refusal.code.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body.bytes)))
  }

  private static func envelope(_ refusal: Refusal, _ call: Call) -> JSONText {
    var text = JSONText(capacity: 384)
    text.beginObject()
    text.name("error")
    text.beginObject()
    text.name("code")
    text.string(refusal.code.text)
    text.name("message")
    text.string(refusal.message)
    facts(refusal, call, into: &text)
    text.endObject()
    text.endObject()
    return text
  }

  private static func problem(_ refusal: Refusal, _ call: Call) -> JSONText {
    var text = JSONText(capacity: 384)
    text.beginObject()
    text.name("type")
    text.string("urn:lucid:error:\(refusal.code.rawValue)")
    text.name("title")
    text.string(refusal.code.message)
    text.name("status")
    text.raw(String(refusal.code.status))
    text.name("detail")
    text.string(refusal.message)
    text.name("code")
    text.string(refusal.code.text)
    facts(refusal, call, into: &text)
    text.endObject()
    return text
  }

  private static func facts(_ refusal: Refusal, _ call: Call, into text: inout JSONText) {
    text.name("details")
    text.value(.object(refusal.details))
    text.name("request_id")
    text.string(call.id.text)
    text.name("timestamp")
    text.string(call.receivedAt.iso8601)
  }
}
