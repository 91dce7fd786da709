import Tron

/// One thing that somebody did, or was refused, as the audit log keeps it. Never a secret, a token
/// or custom data.
public struct AuditEntry: Hashable, Codable, Sendable {
  /// What it was about.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// A payout or a batch was accepted.
    case admission
    /// A caller could not be recognised, or may not do what only administrators may.
    case authenticationRefused = "authentication_refused"
    /// A payout or a batch was cancelled, or could not be.
    case cancel
    /// The circuit breaker changed.
    case breaker
    /// A KYC record changed.
    case kyc
  }

  /// What it was about.
  public var kind: Kind
  /// What was done: `created`, `opened`, `revoked`, …
  public var action: String
  /// When.
  public var at: UnixMilliseconds
  /// By whom, and from where.
  public var actor: AuditActor
  /// What it was done to: ids, addresses.
  public var subjects: [String]
  /// Few words: a reason.
  public var note: String?
  /// How many like this were seen together.
  public var count: Int64

  /// Collects the parts; text that is too long is cut.
  public init(
    _ kind: Kind, _ action: String, at: UnixMilliseconds, by actor: AuditActor,
    subjects: [String] = [], note: String? = nil, count: Int64 = 1
  ) {
    self.kind = kind
    self.action = action
    self.at = at
    self.actor = actor
    self.subjects = subjects.prefix(Self.maximumSubjects).map { $0.cut(to: Self.maximumText) }
    self.note = note?.cut(to: Self.maximumText)
    self.count = count
  }

  // LIMIT: so that a block of many entries stays far below what a document may hold.
  /// The most characters of a text.
  public static let maximumText = 200
  /// The most subjects of an entry.
  public static let maximumSubjects = 20

  enum CodingKeys: String, CodingKey {
    case kind, action, at, actor, subjects, note, count
  }
}

/// Who did something, and from where, as far as it is known.
public struct AuditActor: Hashable, Codable, Sendable {
  /// The tenant, the operating system's user, or the part of the system.
  public var who: String?
  /// The role that it had.
  public var role: String?
  /// The other end of the connection, or the machine.
  public var from: String?
  /// The HTTP call.
  public var requestID: RequestID?

  /// Collects the parts; text that is too long is cut.
  public init(
    who: String? = nil, role: String? = nil, from: String? = nil, requestID: RequestID? = nil
  ) {
    self.who = who?.cut(to: AuditEntry.maximumText)
    self.role = role
    self.from = from?.cut(to: AuditEntry.maximumText)
    self.requestID = requestID
  }

  /// A part of the system that acts by itself.
  public static func system(_ part: String) -> AuditActor {
    AuditActor(who: part, role: "system")
  }

  enum CodingKeys: String, CodingKey {
    case who, role, from, requestID = "request_id"
  }
}

extension String {
  /// The first so many characters, counted as Unicode scalars.
  fileprivate func cut(to maximum: Int) -> String {
    guard unicodeScalars.count > maximum else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.prefix(maximum)))
  }
}
