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

  /// The journal partition that the transfer lives in for ever (rule R1).
  public func partition(of partitions: Int32) -> Int32 {
    let hash = sha256(Array(text.utf8))[0..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int32(hash % UInt64(max(1, partitions)))
  }
}
