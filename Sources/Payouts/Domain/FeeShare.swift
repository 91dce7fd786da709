import Tron

extension Sun {
  /// The part of one of several that pay this together. The parts add up to the whole exactly: what
  /// does not divide is spread over the first ones.
  func share(of index: Int, among count: Int) -> Sun {
    guard count > 1 else { return self }
    let (part, rest) = value.quotientAndRemainder(dividingBy: Int64(count))
    return Sun(part + (Int64(index) < rest ? 1 : 0))
  }
}

extension PayoutOutcome {
  /// The outcome of a transfer as one of its members has it: with its share of the fee.
  func share(of index: Int, among count: Int) -> PayoutOutcome {
    switch self {
    case .paid(var payment):
      payment.fee = payment.fee.share(of: index, among: count)
      return .paid(payment)
    case .failed(var failure):
      failure.fee = failure.fee?.share(of: index, among: count)
      return .failed(failure)
    case .cancelled: return self
    }
  }
}
