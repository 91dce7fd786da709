import Tron

/// In JSON the bytes of an attempt are hexadecimal text.
extension Attempt {
  /// Reads what `encode(to:)` wrote.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    number = try values.decode(Int.self, forKey: .number)
    epoch = try values.decode(Int64.self, forKey: .epoch)
    owner = try values.decode(TronAddress.self, forKey: .owner)
    rawData = try Self.bytes(.rawData, of: values)
    txid = try values.decode(TransactionID.self, forKey: .txid)
    referenceBlock = try values.decode(BlockNumber.self, forKey: .referenceBlock)
    expiration = try values.decode(UnixMilliseconds.self, forKey: .expiration)
    signature =
      values.contains(.signature) ? try Self.bytes(.signature, of: values) : nil
    armed = try values.decodeIfPresent(Bool.self, forKey: .armed) ?? false
    included = try values.decodeIfPresent(BlockNumber.self, forKey: .included)
    death = try values.decodeIfPresent(DeathProof.self, forKey: .death)
  }

  /// Writes a single value or the coded keys.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(number, forKey: .number)
    try values.encode(epoch, forKey: .epoch)
    try values.encode(owner, forKey: .owner)
    try values.encode(hexString(rawData), forKey: .rawData)
    try values.encode(txid, forKey: .txid)
    try values.encode(referenceBlock, forKey: .referenceBlock)
    try values.encode(expiration, forKey: .expiration)
    try values.encodeIfPresent(signature.map { hexString($0) }, forKey: .signature)
    try values.encode(armed, forKey: .armed)
    try values.encodeIfPresent(included, forKey: .included)
    try values.encodeIfPresent(death, forKey: .death)
  }

  private static func bytes(
    _ key: CodingKeys, of values: KeyedDecodingContainer<CodingKeys>
  ) throws -> [UInt8] {
    let text = try values.decode(String.self, forKey: key)
    guard let bytes = Tron.bytes(hex: text) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: values, debugDescription: "not hexadecimal")
    }
    return bytes
  }
}
