import Payouts
import Tron

// How the domain's simple types are stored: units as int64, names, addresses and hashes as text.

extension USDTAmount: BSONInteger {
  var integer: Int64 { micro }
  init?(integer: Int64) { self.init(micro: integer) }
}

extension Sun: BSONInteger {
  var integer: Int64 { value }
  init?(integer: Int64) { self.init(integer) }
}

extension BlockNumber: BSONInteger {
  var integer: Int64 { value }
  init?(integer: Int64) { self.init(integer) }
}

extension UnixMilliseconds: BSONInteger {
  var integer: Int64 { value }
  init?(integer: Int64) { self.init(integer) }
}

extension BSONText where Self: Identifier {
  var storedText: String { text }
  init?(storedText: String) { self.init(storedText) }
}

extension PayoutID: BSONText {}
extension TransferID: BSONText {}
extension BatchID: BSONText {}
extension TenantID: BSONText {}
extension RequestID: BSONText {}
extension WriteToken: BSONText {}

extension WindowID: BSONText {
  var storedText: String { text }
  init?(storedText: String) { self.init(storedText) }
}

extension TraceContext: BSONText {
  var storedText: String { traceparent }
  init?(storedText: String) { self.init(traceparent: storedText) }
}

/// A trace as it is read back: for people only, so that a damaged one must not make the money of its
/// document unreadable.
struct ShownTrace: BSONReadable {
  let trace: TraceContext?

  init(_ element: BSONElement) throws(BSONFault) {
    do { trace = try TraceContext(element) } catch { trace = nil }
  }
}

extension BSONText where Self: Hash256 {
  var storedText: String { hex }
  init?(storedText: String) { self.init(hex: storedText) }
}

extension TransactionID: BSONText {}
extension BlockID: BSONText {}

extension TronAddress: BSONText {
  var storedText: String { base58 }
  init?(storedText: String) {
    do { try self.init(base58: storedText) } catch { return nil }
  }
}

extension BSONText where Self: RawRepresentable<String> {
  var storedText: String { rawValue }
  init?(storedText: String) { self.init(rawValue: storedText) }
}

extension RouterType: BSONText {}
extension Priority: BSONText {}
extension BatchType: BSONText {}
extension PayoutState: BSONText {}
extension Failure.Reason: BSONText {}
extension Lane: BSONText {}
extension TransferState: BSONText {}
extension Hold.Reason: BSONText {}
extension DeathProof.Kind: BSONText {}
