import Tron

/// What is known of a recipient: that somebody looked at who it is, how thoroughly, and until when.
/// The evidence itself is kept elsewhere; here is only its hash.
public struct KYCRecord: Hashable, Codable, Sendable {
  /// Withdrawn before its time.
  public struct Revocation: Hashable, Codable, Sendable {
    /// Why.
    public var reason: String
    /// By whom.
    public var by: String
    /// When.
    public var at: UnixMilliseconds

    /// Collects the parts.
    public init(reason: String, by: String, at: UnixMilliseconds) {
      self.reason = reason
      self.by = by
      self.at = at
    }
  }

  /// Whom it is about.
  public var recipient: TronAddress
  /// How thoroughly, in the words of whoever looks: 1 to 32 printable characters.
  public var level: String
  /// From when on it does not count any more.
  public var expiresAt: UnixMilliseconds
  /// SHA-256 of the evidence, 64 hexadecimal digits.
  public var referenceHash: String
  /// Withdrawn; `nil` when it was not.
  public var revocation: Revocation?
  /// Counts the changes; every change is a compare-and-set on it.
  public var rev: Int64
  /// Who recorded it.
  public var by: String
  /// When it was recorded.
  public var at: UnixMilliseconds
  /// The change that led here, until it is in the audit log; see ``KYCRegister/settleLog()``.
  public var unlogged: AuditEntry?

  /// A new record.
  public init(
    recipient: TronAddress, level: String, expiresAt: UnixMilliseconds, referenceHash: String,
    by: String, at: UnixMilliseconds
  ) {
    self.recipient = recipient
    self.level = level
    self.expiresAt = expiresAt
    self.referenceHash = referenceHash
    self.by = by
    self.at = at
    rev = 1
  }

  /// Why the recipient cannot be paid on it now; `nil` when it can.
  public func fault(at now: UnixMilliseconds) -> KYCFault? {
    if revocation != nil { return .revoked }
    return now >= expiresAt ? .expired : nil
  }

  enum CodingKeys: String, CodingKey {
    case recipient, level, expiresAt = "expires_at", referenceHash = "reference_hash", revocation
    case rev, by, at
  }
}

/// Why a recipient has no active record.
public enum KYCFault: String, CaseIterable, Sendable {
  /// There is none.
  case missing = "kyc_record_missing"
  /// It was withdrawn.
  case revoked = "kyc_record_revoked"
  /// Its time is over.
  case expired = "kyc_record_expired"
}

/// The records of some recipients as of one moment.
public struct KYCStanding: Sendable {
  private let records: [TronAddress: KYCRecord]
  private let now: UnixMilliseconds

  /// Nobody has a record.
  public static let nobody = KYCStanding([], at: UnixMilliseconds(0))

  /// What was read.
  public init(_ records: [KYCRecord], at now: UnixMilliseconds) {
    self.records = Dictionary(
      records.map { ($0.recipient, $0) }, uniquingKeysWith: { first, _ in first })
    self.now = now
  }

  /// Why a recipient has no active record; `nil` when it has one.
  public func fault(of recipient: TronAddress) -> KYCFault? {
    guard let record = records[recipient] else { return .missing }
    return record.fault(at: now)
  }

  /// Why a payout has to wait for a record before a transfer may be formed of it; `nil` when it need
  /// not.
  public func hold(of payout: Payout) -> KYCFault? {
    switch payout.state {
    case .accepted, .scheduled: return hold(of: payout.request)
    case .prepared, .assigned, .paid, .failed, .cancelled: return nil
    }
  }

  /// Why a request may not be paid now; `nil` when it may, or needs no record.
  public func hold(of request: PayoutRequest) -> KYCFault? {
    request.router == .kyc ? fault(of: request.recipient) : nil
  }
}
