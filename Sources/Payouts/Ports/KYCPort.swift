import Tron

/// The `kyc` collection: one document a recipient.
public protocol KYCStore: Sendable {
  /// The records of these recipients that exist, in no order.
  func kycRecords(_ recipients: [TronAddress]) async throws(StoreError) -> [KYCRecord]
  /// A page of all records, by recipient, after `after`.
  func kycRecords(
    after: TronAddress?, limit: Int
  ) async throws(StoreError) -> [KYCRecord]
  /// Some of the records whose last change is not in the audit log, or is not known to be.
  func kycUnlogged(limit: Int) async throws(StoreError) -> [KYCRecord]
  /// Writes a record (majority, journaled) if that of its recipient is still `old`; `nil` stands for
  /// none. False when it moved on.
  func write(_ record: KYCRecord, replacing old: KYCRecord?) async throws(StoreError) -> Bool
}

/// The payouts that a KYC record decides about.
public protocol KYCPayoutStore: Sendable {
  /// A page of payouts of `PayoutRouterKYC` that are `accepted`, by id, after `after`.
  func acceptedForKYC(after: PayoutID?, limit: Int) async throws(StoreError) -> [Payout]
}
