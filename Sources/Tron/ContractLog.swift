/// An event that a contract emitted, as a receipt carries it.
public struct ContractLog: Hashable, Sendable {
  /// The contract, 20 bytes without the address prefix.
  public var address: [UInt8]
  /// Up to four topics of 32 bytes; the first names the event.
  public var topics: [[UInt8]]
  /// The rest of the event, ABI-encoded.
  public var data: [UInt8]

  /// Collects the parts.
  public init(address: [UInt8], topics: [[UInt8]], data: [UInt8]) {
    self.address = address
    self.topics = topics
    self.data = data
  }
}
