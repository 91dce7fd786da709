import Hummingbird
import Payouts

/// `GET /payouts/{payout_id}`.
struct GetPayout: Sendable {
  let payouts: any PayoutStore
  let batches: any BatchStore
  let transfers: any TransferStore
  let facts: FactsCache
  let kyc: KYCGate

  /// Answers a payout that the caller may see. Somebody else's does not exist.
  func respond(
    to request: Request, id text: Substring, call: Call
  ) async throws -> Response {
    let caller = try call.authenticated()
    guard let id = PayoutID(clientText: text) else { throw Self.notFound }
    do {
      guard let found = try await payouts.payouts([id]).first, caller.mayRead(found),
        let payout = try await accepted(found)
      else {
        throw Self.notFound
      }
      let transfer = try await transfer(of: payout)
      let standing = try await kyc.standing(ofWaiting: [payout])
      let view = PayoutView(
        payout, transfer: transfer, head: facts.last?.head?.latest.number,
        hold: standing.hold(of: payout))
      return VersionedAnswer.response(
        PayoutAnswer.body(view), tagged: PayoutAnswer.news(view), to: request.headers)
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  /// The payout if it is accepted: one that is still prepared is as soon as its batch is committed.
  private func accepted(_ payout: Payout) async throws(StoreError) -> Payout? {
    guard !payout.state.isAdmitted else { return payout }
    guard let batch = payout.batchID,
      case .committed? = try await batches.decisions(on: [batch])[batch]
    else { return nil }
    return payout.admitted
  }

  /// The transfer, while it says more than the payout itself.
  private func transfer(of payout: Payout) async throws(StoreError) -> Transfer? {
    guard payout.state == .assigned, let id = payout.transferID else { return nil }
    return try await transfers.transfers([id]).first
  }

  private static let notFound = APIError(Refusal(.payoutNotFound))
}
