import Tron

/// What a client asks of a list, as its query string says.
public struct PayoutListQuery: Hashable, Sendable {
  // LIMIT: by the contract.
  /// How many payouts a page may have.
  public static let limits = 1...100
  // LIMIT: an offset costs as much as what it leaves out; a cursor reaches everything.
  /// How many payouts an offset may leave out.
  public static let offsets = 0...10_000
  // LIMIT: counting costs as much as what is counted.
  /// How far `total` is counted.
  public static let countBound = 10_000
  private static let defaultLimit = 20

  /// Of which payouts.
  public var filter: PayoutFilter
  /// How many.
  public var limit: Int
  /// How many to leave out.
  public var offset: Int
  /// Where the page before ended, as it came.
  public var cursor: String?
  /// The filters as the client wrote them, by name, for the answer.
  public var given: [JSONMember]

  private static let filterNames = ["status", "router_type", "start_date", "end_date"]

  /// Reads a query string; everything wrong with it comes in one refusal.
  public init(_ query: String?, scope: PayoutScope) throws(Refusal) {
    var parameters = QueryParameters(
      query, known: Set(Self.filterNames + ["limit", "offset", "cursor"]))
    filter = PayoutFilter(scope: scope)
    filter.status = parameters.choice("status")
    filter.router = parameters.choice("router_type")
    limit = parameters.integer("limit", in: Self.limits) ?? Self.defaultLimit
    offset =
      parameters.integer("offset", in: Self.offsets, beyond: "; follow next_cursor instead") ?? 0
    filter.from = parameters.instant("start_date")?.start
    filter.until = parameters.instant("end_date")?.end
    if let from = filter.from, let until = filter.until, from >= until {
      parameters.fault("start_date", "after_end", "must not be after end_date")
    }
    cursor = parameters["cursor"]
    if cursor != nil, parameters["offset"] != nil {
      parameters.fault("offset", "with_cursor", "must not be given together with a cursor")
    }
    given = Self.filterNames.compactMap { name in
      parameters[name].map { JSONMember(name, .string($0)) }
    }
    if let refusal = Refusal(parameters.faults) { throw refusal }
  }
}

extension QueryParameters {
  fileprivate mutating func instant(_ name: String) -> DateText? {
    guard let text = self[name] else { return nil }
    if let instant = DateText(text) { return instant }
    fault(
      name, "not_a_date",
      "must be a day like 2025-10-12 or an instant with a time zone like 2025-10-12T15:30:00Z")
    return nil
  }
}
