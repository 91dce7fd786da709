import Hummingbird
import Payouts
import Tron

/// `GET /payouts`.
struct ListPayouts: Sendable {
  let lists: any PayoutListStore
  let transfers: any TransferStore
  let key: CursorKey
  let facts: FactsCache
  let kyc: KYCGate

  /// Answers a page of the payouts that the caller may see.
  func respond(to request: Request, call: Call) async throws -> Response {
    let caller = try call.authenticated()
    do {
      let query = try PayoutListQuery(request.uri.query, scope: caller.scope)
      let cursor = try await cursor(of: query)
      let page = try await lists.page(
        PayoutPageRequest(
          filter: query.filter, before: cursor?.last, offset: query.offset, limit: query.limit,
          countBound: cursor == nil ? PayoutListQuery.countBound : nil))
      let position = cursor?.position ?? query.offset
      let count = cursor?.count ?? page.count ?? PayoutCount(total: 0, isExact: false)
      let next = try await next(page, query: query, position: position, count: count)
      return ListAnswer.response(
        ListAnswer.Page(
          payouts: try await views(page.payouts), count: count, limit: query.limit,
          position: position, next: next, filters: query.given))
    } catch let refusal as Refusal {
      throw APIError(refusal)
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  private func cursor(of query: PayoutListQuery) async throws -> ListCursor? {
    guard let text = query.cursor else { return nil }
    return try ListCursor(text, for: query.filter, key: await key.value())
  }

  private func next(
    _ page: PayoutPage, query: PayoutListQuery, position: Int, count: PayoutCount
  ) async throws(StoreError) -> String? {
    guard page.hasMore, let last = page.last else { return nil }
    let cursor = ListCursor(last: last, position: position + query.limit, count: count)
    return cursor.text(for: query.filter, key: try await key.value())
  }

  /// With their transfers, read together, while these say more than the payouts themselves.
  private func views(_ payouts: [Payout]) async throws(StoreError) -> [PayoutView] {
    let ids = Set(payouts.filter { $0.state == .assigned }.compactMap(\.transferID))
    let found = ids.isEmpty ? [] : try await transfers.transfers(Array(ids))
    let byID = Dictionary(found.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let standing = try await kyc.standing(ofWaiting: payouts)
    let head = facts.last?.head?.latest.number
    return payouts.map { payout in
      PayoutView(
        payout, transfer: payout.transferID.flatMap { byID[$0] }, head: head,
        hold: standing.hold(of: payout))
    }
  }
}
