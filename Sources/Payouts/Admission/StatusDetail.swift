/// How far a payout is, finer than its status: one word, or `held:` and the reason.
///
/// A pure function of what is stored:
///
/// | payout | transfer | detail |
/// |---|---|---|
/// | prepared (shown to nobody), accepted, scheduled, paid, failed, cancelled | any | the payout's own state |
/// | assigned | not seen yet | `assigned` |
/// | assigned | ready, planned, failing, voiding | the transfer's state |
/// | assigned | held | `held:` and the reason |
/// | assigned | armed | `included` once seen in a block, else `armed` |
/// | assigned | paid, failed, cancelled | `settling`: the transfer ended, the payout follows |
public func statusDetail(_ payout: Payout, transfer: Transfer?) -> String {
  switch payout.state {
  case .prepared, .accepted, .scheduled, .paid, .failed, .cancelled:
    return payout.state.rawValue
  case .assigned: break
  }
  guard let transfer else { return payout.state.rawValue }
  switch transfer.state {
  case .ready, .planned, .failing, .voiding: return transfer.state.rawValue
  case .held: return transfer.hold.map { "held:\($0.reason.rawValue)" } ?? "held"
  case .armed: return transfer.current?.included == nil ? "armed" : "included"
  case .paid, .failed, .cancelled: return "settling"
  }
}
