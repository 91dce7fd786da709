import HTTPTypes
import Hummingbird
import Payouts
import Tron

/// Writes what administrators are answered.
enum AdminAnswer {
  static func breaker(_ breaker: Breaker) -> Response {
    var text = JSONText(capacity: 256)
    text.beginObject()
    text.member("state", breaker.state.rawValue)
    text.member("cause", breaker.cause?.rawValue)
    text.member("reason", breaker.rev == 0 ? nil : breaker.reason)
    text.member("since", breaker.rev == 0 ? nil : breaker.since.iso8601)
    text.member("by", breaker.rev == 0 ? nil : breaker.by)
    text.rawMember("trials", String(breaker.trials.count))
    text.endObject()
    return response(text)
  }

  static func kyc(
    _ record: KYCRecord, at now: UnixMilliseconds, status: HTTPResponse.Status = .ok,
    headers: HTTPFields = [:]
  ) -> Response {
    var text = JSONText(capacity: 512)
    write(record, at: now, into: &text)
    return response(text, status: status, headers: headers)
  }

  static func kyc(
    _ records: [KYCRecord], next: TronAddress?, at now: UnixMilliseconds
  ) -> Response {
    var text = JSONText(capacity: 512 * (records.count + 1))
    text.beginObject()
    text.name("records")
    text.beginArray()
    for record in records { write(record, at: now, into: &text) }
    text.endArray()
    text.member("next_after", next?.base58)
    text.endObject()
    return response(text)
  }

  static func auditLog(_ blocks: [AuditBlock]) -> Response {
    var text = JSONText(capacity: 1024 * (blocks.count + 1))
    text.beginObject()
    text.name("blocks")
    text.beginArray()
    for block in blocks { write(block, into: &text) }
    text.endArray()
    text.rawMember("next_after", blocks.last.map { String($0.number) })
    text.endObject()
    return response(text)
  }

  private static func write(
    _ record: KYCRecord, at now: UnixMilliseconds, into text: inout JSONText
  ) {
    text.beginObject()
    text.member("recipient_address", record.recipient.base58)
    text.member("status", status(record.fault(at: now)))
    text.member("level", record.level)
    text.member("expires_at", record.expiresAt.iso8601)
    text.member("reference_hash", record.referenceHash)
    text.member("recorded_at", record.at.iso8601)
    text.member("recorded_by", record.by)
    text.member("revoked_at", record.revocation?.at.iso8601)
    text.member("revoked_by", record.revocation?.by)
    text.member("revocation_reason", record.revocation?.reason)
    text.endObject()
  }

  private static func status(_ fault: KYCFault?) -> String {
    switch fault {
    case nil: "active"
    case .revoked: "revoked"
    case .expired, .missing: "expired"
    }
  }

  private static func write(_ block: AuditBlock, into text: inout JSONText) {
    text.beginObject()
    text.rawMember("number", String(block.number))
    text.member("at", block.at.iso8601)
    text.member("writer", block.writer)
    text.rawMember("dropped", String(block.dropped))
    text.member("previous", block.previous)
    text.member("hash", block.hash)
    text.name("entries")
    text.beginArray()
    for entry in block.entries { write(entry, into: &text) }
    text.endArray()
    text.endObject()
  }

  private static func write(_ entry: AuditEntry, into text: inout JSONText) {
    text.beginObject()
    text.member("kind", entry.kind.rawValue)
    text.member("action", entry.action)
    text.member("at", entry.at.iso8601)
    text.member("who", entry.actor.who)
    text.member("role", entry.actor.role)
    text.member("from", entry.actor.from)
    text.member("request_id", entry.actor.requestID?.text)
    text.name("subjects")
    text.beginArray()
    for subject in entry.subjects { text.string(subject) }
    text.endArray()
    text.member("note", entry.note)
    text.rawMember("count", String(entry.count))
    text.endObject()
  }

  private static func response(
    _ text: JSONText, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
  ) -> Response {
    var headers = headers
    headers[.contentType] = "application/json"
    headers[.cacheControl] = "no-store"
    return Response(
      status: status, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }
}
