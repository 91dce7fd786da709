import Tron

extension LedgerEdit {
  /// Writes the edit as ``init(json:)`` reads it.
  func write(to writer: inout JSONWriter) {
    writer.object { object in
      switch self {
      case .setSun(let address, let value): object.edit("trx_sun", address, value)
      case .setMicroUSDT(let address, let value): object.edit("usdt_micro", address, value)
      case .setStakedEnergy(let address, let value): object.edit("energy", address, value)
      case .setStakedBandwidth(let address, let value): object.edit("bandwidth", address, value)
      case .setBlacklisted(let address, let flag):
        object.edit("blacklisted", address, flag ? 1 : 0)
      case .setTokenPaused(let flag): object.edit("paused", nil, flag ? 1 : 0)
      case .setEnergyFee(let value): object.edit("energy_fee", nil, value)
      }
    }
  }

  /// `nil` when the JSON is no edit.
  init?(json: JSONValue) {
    guard let value = json["value"]?.integer else { return nil }
    let address = (json["address"]?.text).flatMap { try? TronAddress(base58: $0) }
    switch (json["set"]?.text, address) {
    case ("trx_sun", let address?): self = .setSun(address, value)
    case ("usdt_micro", let address?): self = .setMicroUSDT(address, value)
    case ("energy", let address?): self = .setStakedEnergy(address, value)
    case ("bandwidth", let address?): self = .setStakedBandwidth(address, value)
    case ("blacklisted", let address?): self = .setBlacklisted(address, value != 0)
    case ("paused", nil): self = .setTokenPaused(value != 0)
    case ("energy_fee", nil): self = .setEnergyFee(value)
    default: return nil
    }
  }
}

extension JSONWriter {
  fileprivate mutating func edit(_ name: StaticString, _ address: TronAddress?, _ value: Int64) {
    key("set")
    string("\(name)")
    if let address { member("address", string: address.base58) }
    member("value", integer: value)
  }
}
