import Hummingbird
import Payouts
import Service
import Tron

/// `GET /health`: what a client may know of our health, from what was last seen.
struct Health: Sendable {
  // LIMIT: the Confirmer writes the head every few seconds; blocks come every three.
  private static let headMaximumAgeMilliseconds: Int64 = 60_000
  // LIMIT: the facts are read every two seconds; a reading that hangs tells of no fault.
  private static let factsMaximumAgeMilliseconds: Int64 = 10_000

  let network: String
  let facts: FactsCache
  let announcer: RequestAnnouncer
  let breaker: BreakerView
  let limits: AmountLimiter?

  /// 200 when healthy or degraded, 503 when nothing can be admitted.
  func response(now: UnixMilliseconds) -> Response {
    let known = facts.last
    let head = known?.head
    let hasStore =
      facts.fault == nil
      && known.map { now.value - $0.readAt.value <= Self.factsMaximumAgeMilliseconds } ?? false
    let hasTron = head.map { isFresh($0, now) } ?? false
    let hasBroker = announcer.isBrokerReachable
    var text = JSONText(capacity: 512)
    text.beginObject()
    text.member(
      "status", !hasStore ? "unhealthy" : hasTron && hasBroker ? "healthy" : "degraded")
    text.member("service", "tron-payment-service")
    text.member("version", Version.text)
    text.member("timestamp", now.iso8601)
    text.name("checks")
    text.beginObject()
    tron(head, isHealthy: hasTron, into: &text)
    store(isHealthy: hasStore, into: &text)
    text.name("kafka")
    text.beginObject()
    text.member("status", hasBroker ? "healthy" : "unhealthy")
    text.endObject()
    breaker(now, into: &text)
    text.endObject()
    text.endObject()
    return Response(
      status: hasStore ? .ok : .serviceUnavailable,
      headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }

  private func isFresh(_ head: ChainHead, _ now: UnixMilliseconds) -> Bool {
    now.value - head.updatedAt.value <= Self.headMaximumAgeMilliseconds
      && now.value - head.latest.time.value <= Self.headMaximumAgeMilliseconds
  }

  private func tron(_ head: ChainHead?, isHealthy: Bool, into text: inout JSONText) {
    text.name("tron")
    text.beginObject()
    text.member("status", isHealthy ? "healthy" : "unhealthy")
    text.member("network", network)
    text.rawMember("latest_block", head.map { String($0.latest.number.value) })
    text.endObject()
  }

  private func store(isHealthy: Bool, into text: inout JSONText) {
    text.name("mongo")
    text.beginObject()
    text.member("status", isHealthy ? "healthy" : "unhealthy")
    text.member("connection", isHealthy ? "active" : "inactive")
    text.endObject()
  }

  /// As last seen.
  private func breaker(_ now: UnixMilliseconds, into text: inout JSONText) {
    text.name("circuit_breaker")
    text.beginObject()
    text.member("status", breaker.last?.state.rawValue ?? "unknown")
    text.rawMember(
      "daily_limit_remaining", limits?.remainingToday(.v0, at: now)?.decimalText)
    text.endObject()
  }
}
