import Tron

extension TransferID {
  /// The transfer of these payouts: every copy and every retry derives the same (rule B1).
  ///
  /// - Parameters:
  ///   - members: the payouts; their order does not matter.
  ///   - generation: how many transfers these payouts were members of before.
  public init(members: [PayoutID], generation: Int) {
    let text = members.map(\.text).sorted().joined(separator: "\n") + "\n\(generation)"
    self.init("transfer_" + hexString(sha256(Array(text.utf8))[0..<16]))
  }
}

/// Which partition of the journal a transfer lives in for ever (rule R1).
///
/// It follows from what is paid to whom by whom, not from the transfer: every transfer that could ever
/// name one payout is in one partition, so the order of its records decides between them (rule C2).
public enum JournalPartition {
  /// - Parameter partitions: how many the journal has.
  public static func of(
    router: RouterType, recipient: TronAddress, partitions: Int32
  ) -> Int32 {
    let text = "\(router.rawValue)\n\(recipient.base58)"
    let hash = sha256(Array(text.utf8))[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int32(hash % UInt64(max(1, partitions)))
  }
}
