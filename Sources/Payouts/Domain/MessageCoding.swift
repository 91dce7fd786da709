import Foundation
import Tron

/// A record that is not what its topic carries; goes to `payouts.deadletter` with this reason.
public struct MalformedRecord: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence.
  public var reason: String

  /// Wraps a reason.
  public init(_ reason: String) { self.reason = reason }

  /// For logs and people.
  public var description: String { reason }
}

/// How every message becomes a record and back. Values are JSON; the header `type` names the
/// message, `version` its form.
public enum LogMessages {
  /// The present form of every message.
  public static let version = "1"

  /// A new payout, whole.
  public static func requested(_ payout: Payout, traceparent: String? = nil) -> OutgoingRecord {
    OutgoingRecord(
      topic: .requested, key: payout.id.text, value: payout.json,
      headers: headers(
        type: "payout", traceparent: traceparent ?? payout.trace?.traceparent))
  }

  /// A transfer that waits for the Signer.
  public static func ready(_ transfer: Transfer) -> OutgoingRecord {
    record(
      .ready(transfer.lane), key: transfer.id.text, type: "ready",
      value: ReadyHint(transferID: transfer.id), traceparent: transfer.trace?.traceparent)
  }

  /// A transfer that ends without a payment.
  public static func void(_ transfer: Transfer) -> OutgoingRecord {
    journal(.void(VoidRecord(transfer)), partition: transfer.partition, trace: transfer.trace)
  }

  /// An end for the world to know; keyed by payout.
  public static func settled(
    _ message: SettledMessage, trace: TraceContext? = nil
  ) -> OutgoingRecord {
    record(
      .settled, key: message.payoutID.text, type: "settled", value: message,
      traceparent: trace?.traceparent)
  }

  /// Something that could not be understood.
  public static func deadLetter(_ letter: DeadLetter) -> OutgoingRecord {
    record(
      .deadletter, key: "\(letter.topic)/\(letter.partition)/\(letter.offset)",
      type: "dead_letter", value: letter)
  }

  /// A journal record, in the partition that the transfer lives in for ever.
  public static func journal(
    _ entry: JournalRecord, partition: Int32, trace: TraceContext? = nil
  ) -> OutgoingRecord {
    switch entry {
    case .plan(let plan):
      record(
        .signed, partition: partition, key: plan.transferID.text, type: "plan", value: plan,
        traceparent: trace?.traceparent)
    case .void(let void):
      record(
        .signed, partition: partition, key: void.transferID.text, type: "void", value: void,
        traceparent: trace?.traceparent)
    case .settled(let settlement):
      record(
        .signed, partition: partition, key: settlement.transferID.text, type: "settled",
        value: settlement, traceparent: trace?.traceparent)
    case .epoch(let epoch):
      record(
        .signed, partition: partition, key: "epoch", type: "epoch", value: EpochMark(epoch: epoch))
    }
  }

  /// Reads a payout's announcement.
  public static func payout(_ record: IncomingRecord) throws(MalformedRecord) -> Payout {
    try expect(record, types: ["payout"])
    var payout: Payout = try decode(record)
    payout.trace = record.headers.last { $0.name == "traceparent" }
      .flatMap { TraceContext(traceparent: $0.value) }
    return payout
  }

  /// Reads a dead letter.
  public static func deadLetter(_ record: IncomingRecord) throws(MalformedRecord) -> DeadLetter {
    try expect(record, types: ["dead_letter"])
    return try decode(record)
  }

  /// Reads a hint.
  public static func hint(_ record: IncomingRecord) throws(MalformedRecord) -> TransferID {
    try expect(record, types: ["ready"])
    let hint: ReadyHint = try decode(record)
    return hint.transferID
  }

  /// Reads a journal record.
  public static func journal(_ record: IncomingRecord) throws(MalformedRecord) -> JournalRecord {
    switch try expect(record, types: ["plan", "void", "settled", "epoch"]) {
    case "plan":
      let plan: Plan = try decode(record)
      guard plan.attempt.signature?.count == 65 else {
        throw MalformedRecord("a plan without a 65-byte signature")
      }
      guard TransactionID(hashing: plan.attempt.rawData) == plan.attempt.txid else {
        throw MalformedRecord("a plan whose txid is not the hash of its bytes")
      }
      guard plan.attempt.referenceBlock.isPlausible, plan.attempt.expiration.isPlausible else {
        throw MalformedRecord("a plan with an impossible reference block or expiration")
      }
      return .plan(plan)
    case "void":
      return .void(try decode(record))
    case "settled":
      return .settled(try decode(record))
    default:
      let mark: EpochMark = try decode(record)
      return .epoch(mark.epoch)
    }
  }

  private struct EpochMark: Codable {
    var epoch: Int64
  }

  private static func record(
    _ topic: Topic, partition: Int32? = nil, key: String, type: String, value: some Encodable,
    traceparent: String? = nil
  ) -> OutgoingRecord {
    OutgoingRecord(
      topic: topic, partition: partition, key: key, value: encode(value),
      headers: headers(type: type, traceparent: traceparent))
  }

  private static func headers(type: String, traceparent: String?) -> [RecordHeader] {
    var headers = [RecordHeader("type", type), RecordHeader("version", version)]
    if let traceparent { headers.append(RecordHeader("traceparent", traceparent)) }
    return headers
  }

  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch {
      // Our own message types hold only text, integers and lists of them, which always encode.
      preconditionFailure("a message type that cannot be encoded: \(type(of: value))")
    }
  }

  @discardableResult
  private static func expect(
    _ record: IncomingRecord, types: Set<String>
  ) throws(MalformedRecord) -> String {
    guard let type = record.headers.last(where: { $0.name == "type" })?.value else {
      throw MalformedRecord("no header `type`")
    }
    guard types.contains(type) else {
      throw MalformedRecord("unexpected type `\(type.prefix(40))`")
    }
    let version = record.headers.last { $0.name == "version" }?.value
    guard version == Self.version else { throw MalformedRecord("unknown version") }
    return type
  }

  private static func decode<Value: Decodable>(
    _ record: IncomingRecord
  ) throws(MalformedRecord) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(record.value))
    } catch {
      throw MalformedRecord("the value is not a \(Value.self): \(Self.brief(error))")
    }
  }

  /// Where decoding failed, without the contents.
  private static func brief(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, _): "`\(key.stringValue)` is missing"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "not JSON"
        : "`\(context.codingPath.map(\.stringValue).joined(separator: "."))` is not as expected"
    case let error as AddressError: "an address: \(error.rawValue)"
    default: "unreadable"
    }
  }
}
