import ArgumentParser
import Foundation
import MongoStore
import Payouts
import Tron

/// `payoutctl kyc`: the KYC records of recipients, in the store itself.
struct KYCCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kyc",
    abstract: "Add, revoke or list the KYC records that PayoutRouterKYC asks for.",
    subcommands: [KYCAddCommand.self, KYCRevokeCommand.self, KYCListCommand.self])

  static func row(_ record: KYCRecord, at now: UnixMilliseconds) -> [String] {
    let status: String =
      switch record.fault(at: now) {
      case nil: "active"
      case .revoked: "revoked"
      case .expired, .missing: "expired"
      }
    return [
      record.recipient.base58, status, record.level, record.expiresAt.iso8601, record.by,
      record.revocation?.reason ?? "",
    ]
  }

  static func show(_ records: [KYCRecord], json: Bool) throws {
    if json { return try Console.print(json: records) }
    let now = UnixMilliseconds(Int64(Date().timeIntervalSince1970 * 1000))
    Console.print(
      table: ["recipient", "status", "level", "expires", "by", "revoked because"],
      records.map { row($0, at: now) })
  }
}

/// Records a recipient, in place of what was recorded before.
struct KYCAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Record a recipient, in place of what was recorded before.")

  @Argument(help: "The recipient's address.") var recipient: String
  @Option(help: "How thoroughly somebody looked: 1 to 32 characters.") var level: String
  @Option(help: "Until when it counts: an instant like 2027-01-01T00:00:00Z.") var expires: String
  @Option(help: "SHA-256 of the evidence: 64 lower-case hexadecimal digits.")
  var referenceHash: String
  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let access = try OperatorAccess(try SystemAccess())
    // The same rules as the API's.
    let body = JSONValue.object([
      JSONMember("recipient_address", .string(recipient)), JSONMember("level", .string(level)),
      JSONMember("expires_at", .string(expires)),
      JSONMember("reference_hash", .string(referenceHash)),
    ])
    let asked: KYCRequest
    do { asked = try KYCRequest(body) } catch {
      throw CommandFailure("the record is not valid: \(JSONText(.object(error.details)).text)")
    }
    let record = KYCRecord(
      recipient: asked.recipient, level: asked.level, expiresAt: asked.expiresAt,
      referenceHash: asked.referenceHash, by: access.who, at: UnixMilliseconds(0))
    try KYCCommand.show(
      [try await access.register.add(record, by: access.actor).record], json: json)
  }
}

/// Withdraws a record: payouts to the recipient that have no transfer yet are held.
struct KYCRevokeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Withdraw a record; payouts to the recipient that have no transfer yet are held.")

  @Argument(help: "The recipient's address.") var recipient: String
  @Option(help: "Why; kept in the audit log.") var reason: String
  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let access = try OperatorAccess(try SystemAccess())
    let reason = try BreakerCommand.checked(reason)
    let record = try await access.register.revoke(
      try TronAddress(base58: recipient), reason: reason, by: access.actor)
    guard let record else { throw CommandFailure("there is no KYC record of \(recipient)") }
    try KYCCommand.show([record], json: json)
  }
}

/// All records, by address.
struct KYCListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Show all records, by address.")

  @Flag(help: "Print one JSON document.") var json = false

  func run() async throws {
    let store = try SystemAccess().store()
    var all: [KYCRecord] = []
    while true {
      let page = try await store.kycRecords(after: all.last?.recipient, limit: 1_000)
      all += page
      if page.count < 1_000 { break }
    }
    try KYCCommand.show(all, json: json)
  }
}
