import Hummingbird
import Payouts

/// `GET /payouts/batch/{batch_id}`.
struct GetBatch: Sendable {
  let batches: any BatchStore
  let payouts: any PayoutStore
  let transfers: any TransferStore
  let kyc: KYCGate

  /// Answers a batch that the caller may see. Somebody else's does not exist, nor does one that was
  /// aborted.
  func respond(
    to request: Request, id text: Substring, call: Call
  ) async throws -> Response {
    let caller = try call.authenticated()
    guard let id = BatchID(clientText: text) else { throw Self.notFound }
    do {
      guard case .committed(let batch) = try await batches.decisions(on: [id])[id],
        caller.mayRead(batch)
      else { throw Self.notFound }
      let members = try await payouts.payouts(batch.payoutIDs)
      let underWay = members.filter { $0.state == .assigned }.compactMap(\.transferID)
      let standing = try await kyc.standing(ofWaiting: members)
      let view = BatchView(
        batch, payouts: members, transfers: try await transfers.transfers(underWay),
        isHeld: members.contains { standing.hold(of: $0) != nil })
      return VersionedAnswer.response(BatchAnswer.body(view), to: request.headers)
    } catch let error as StoreError {
      throw APIError(error)
    }
  }

  private static let notFound = APIError(
    Refusal(
      .payoutNotFound, message: "Batch not found",
      details: [JSONMember("resource", .string("batch"))]))
}
