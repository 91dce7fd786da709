/// An amount of USDT in micro-USDT (10⁻⁶ USDT), the token's own smallest unit.
///
/// Every amount inside the system is this integer; no floating point touches money.
public struct USDTAmount: Hashable, Comparable, Codable, Sendable {
  /// Micro-USDT; 1 USDT is 1,000,000.
  public var micro: Int64

  /// Wraps a count of micro-USDT.
  public init(micro: Int64) { self.micro = micro }

  /// Nothing.
  public static let zero = USDTAmount(micro: 0)

  /// By value.
  public static func < (left: USDTAmount, right: USDTAmount) -> Bool { left.micro < right.micro }

  /// The sum, or `nil` when it does not fit 63 bits.
  public func adding(_ other: USDTAmount) -> USDTAmount? {
    let (sum, overflow) = micro.addingReportingOverflow(other.micro)
    return overflow ? nil : USDTAmount(micro: sum)
  }

  /// Reads a bare integer.
  public init(from decoder: any Decoder) throws {
    micro = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(micro)
  }
}

/// An amount of TRX in sun (10⁻⁶ TRX).
public struct Sun: Hashable, Comparable, Codable, Sendable {
  /// Sun; 1 TRX is 1,000,000.
  public var value: Int64

  /// Wraps a count of sun.
  public init(_ value: Int64) { self.value = value }

  /// Nothing.
  public static let zero = Sun(0)

  /// By value.
  public static func < (left: Sun, right: Sun) -> Bool { left.value < right.value }

  /// Reads a bare integer.
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// The height of a block; the genesis block is 0.
public struct BlockNumber: Hashable, Comparable, Codable, Sendable {
  /// Height.
  public var value: Int64

  /// Wraps a height.
  public init(_ value: Int64) { self.value = value }

  // LIMIT: a hundred thousand years of blocks; sums of such numbers cannot overflow.
  /// Whether a chain can ever be that high; what others say may be any number.
  public var isPlausible: Bool { (0..<1 << 40).contains(value) }

  /// Its low 16 bits, as a transaction quotes its reference block (`ref_block_bytes`).
  public var referenceBytes: [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  /// By value.
  public static func < (left: BlockNumber, right: BlockNumber) -> Bool { left.value < right.value }

  /// Reads a bare integer.
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}

/// An instant in milliseconds since 1970-01-01T00:00:00Z, the unit of every time on TRON.
public struct UnixMilliseconds: Hashable, Comparable, Codable, Sendable {
  /// Milliseconds since 1970.
  public var value: Int64

  /// Wraps a count of milliseconds.
  public init(_ value: Int64) { self.value = value }

  /// By value.
  public static func < (left: UnixMilliseconds, right: UnixMilliseconds) -> Bool {
    left.value < right.value
  }

  /// Whether it lies between 1970 and the year 9999; what others say may be any number.
  public var isPlausible: Bool { (0..<253_402_300_800_000).contains(value) }

  /// This instant moved by a number of seconds (negative moves back).
  public func advanced(seconds: Int64) -> UnixMilliseconds {
    UnixMilliseconds(value + seconds * 1000)
  }

  /// This instant moved by a number of milliseconds (negative moves back).
  public func advanced(milliseconds: Int64) -> UnixMilliseconds {
    UnixMilliseconds(value + milliseconds)
  }

  /// Reads a bare integer.
  public init(from decoder: any Decoder) throws {
    value = try decoder.singleValueContainer().decode(Int64.self)
  }

  /// Writes a bare integer.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
