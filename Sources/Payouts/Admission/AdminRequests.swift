import Tron

/// `POST /admin/breaker`: what an administrator wants of the circuit breaker.
public struct BreakerRequest: Hashable, Sendable {
  /// What is to be done.
  public enum Action: String, CaseIterable, Sendable {
    case open, close
  }

  /// What is to be done.
  public var action: Action
  /// Why.
  public var reason: String

  /// Reads a body.
  public init(_ body: JSONValue) throws(Refusal) {
    guard let members = body.members else { throw .notAnObject(body) }
    var scan = FieldScan(members)
    let action: Action? = scan.choice("action")
    let reason = scan.words("reason", lengths: 1...Breaker.maximumReason)
    scan.faultUnknownFields()
    if let refusal = Refusal(scan.faults) { throw refusal }
    guard let action, let reason else { throw Refusal(.internalError) }
    self.action = action
    self.reason = reason
  }
}

/// `POST /admin/kyc`: a recipient whom somebody looked at.
public struct KYCRequest: Hashable, Sendable {
  /// Whom it is about.
  public var recipient: TronAddress
  /// How thoroughly.
  public var level: String
  /// Until when.
  public var expiresAt: UnixMilliseconds
  /// SHA-256 of the evidence.
  public var referenceHash: String

  /// Reads a body.
  public init(_ body: JSONValue) throws(Refusal) {
    guard let members = body.members else { throw .notAnObject(body) }
    var scan = FieldScan(members)
    let recipient = scan.anyAddress("recipient_address")
    let level = scan.words("level", lengths: 1...32)
    let expiresAt = scan.instant("expires_at")
    let referenceHash = scan.hash("reference_hash")
    scan.faultUnknownFields()
    if let refusal = Refusal(scan.faults) { throw refusal }
    guard let recipient, let level, let expiresAt, let referenceHash else {
      throw Refusal(.internalError)  // a missing value always left a fault
    }
    self.recipient = recipient
    self.level = level
    self.expiresAt = expiresAt
    self.referenceHash = referenceHash
  }
}

/// `POST /admin/kyc/{recipient_address}/revoke`.
public struct RevocationRequest: Hashable, Sendable {
  /// Why.
  public var reason: String

  /// Reads a body.
  public init(_ body: JSONValue) throws(Refusal) {
    guard let members = body.members else { throw .notAnObject(body) }
    var scan = FieldScan(members)
    let reason = scan.words("reason", lengths: 1...Breaker.maximumReason)
    scan.faultUnknownFields()
    if let refusal = Refusal(scan.faults) { throw refusal }
    guard let reason else { throw Refusal(.internalError) }
    self.reason = reason
  }
}

/// The parameters of `GET /admin/kyc`.
public struct KYCListQuery: Hashable, Sendable {
  /// Where the page before ended.
  public var after: TronAddress?
  /// How many.
  public var limit: Int

  /// Reads a query string.
  public init(_ query: String?) throws(Refusal) {
    var parameters = QueryParameters(query, known: ["after", "limit"])
    limit = parameters.integer("limit", in: PayoutListQuery.limits) ?? 20
    if let text = parameters["after"] {
      do { after = try TronAddress(base58: text) } catch {
        parameters.fault("after", "not_an_address", "must be next_after of the page before")
      }
    }
    if let refusal = Refusal(parameters.faults) { throw refusal }
  }
}

/// The parameters of `GET /admin/audit-log`.
public struct AuditLogQuery: Hashable, Sendable {
  /// Where the page before ended.
  public var after: Int64
  /// How many blocks.
  public var limit: Int

  /// Reads a query string.
  public init(_ query: String?) throws(Refusal) {
    var parameters = QueryParameters(query, known: ["after", "limit"])
    // LIMIT: a block has at most a thousand entries.
    limit = parameters.integer("limit", in: 1...50) ?? 20
    after = Int64(parameters.integer("after", in: 0...Int(Int32.max)) ?? 0)
    if let refusal = Refusal(parameters.faults) { throw refusal }
  }
}

extension FieldScan {
  /// Visible words that must be there.
  fileprivate mutating func words(_ field: String, lengths: ClosedRange<Int>) -> String? {
    guard let words = text(field, lengths: lengths, required: true) else { return nil }
    guard words.unicodeScalars.allSatisfy(\.isPrintable) else {
      fault(field, "not_printable", "must have printable characters only")
      return nil
    }
    return words
  }

  /// The address of any account.
  fileprivate mutating func anyAddress(_ field: String) -> TronAddress? {
    guard let text = text(field, lengths: 0...100, required: true) else { return nil }
    do { return try TronAddress(base58: text) } catch {
      let known = RecipientFault(error)
      fault(field, code: .invalidAddress, known.reason, known.message)
      return nil
    }
  }

  /// An instant with its time zone.
  fileprivate mutating func instant(_ field: String) -> UnixMilliseconds? {
    guard let text = text(field, lengths: 0...64, required: true) else { return nil }
    guard text.utf8.count > 10, let instant = DateText(text) else {
      fault(
        field, "not_a_date", "must be an instant with a time zone like 2025-10-12T15:30:00Z")
      return nil
    }
    return instant.start
  }

  /// 64 lower-case hexadecimal digits.
  fileprivate mutating func hash(_ field: String) -> String? {
    guard let text = text(field, lengths: 64...64, required: true) else { return nil }
    guard text.utf8.allSatisfy({ Self.digits.contains($0) }) else {
      fault(field, "not_hexadecimal", "must be 64 lower-case hexadecimal digits")
      return nil
    }
    return text
  }

  private static let digits = Set("0123456789abcdef".utf8)
}
