import HTTPTypes
import Hummingbird
import Payouts

/// Writes statistics: exactly the specification's members.
enum StatisticsAnswer {
  static func response(
    _ statistics: PayoutStatistics, query: StatisticsQuery, breaker: Breaker.State
  ) -> Response {
    var text = JSONText(capacity: 768)
    text.beginObject()
    text.member("period", query.period.rawValue)
    text.member("router_type", query.router?.rawValue ?? "all")
    text.rawMember("total_payouts", String(statistics.total.count))
    text.rawMember("total_amount_usdt", statistics.total.amount.decimalText)
    text.rawMember("success_rate", statistics.successRate?.decimalText)
    text.rawMember("average_amount_usdt", statistics.averageAmount?.decimalText)
    text.name("payouts_by_router")
    text.beginObject()
    for (router, sum) in statistics.byRouter {
      text.name(router.rawValue)
      text.beginObject()
      text.rawMember("count", String(sum.count))
      text.rawMember("amount_usdt", sum.amount.decimalText)
      text.endObject()
    }
    text.endObject()
    text.member("circuit_breaker_status", breaker.rawValue)
    text.rawMember("daily_limit_usage", statistics.dailyUsage.decimalText)
    text.rawMember("hourly_limit_usage", statistics.hourlyUsage.decimalText)
    text.member("generated_at", statistics.asOf.iso8601)
    text.endObject()
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: text.bytes)))
  }
}
