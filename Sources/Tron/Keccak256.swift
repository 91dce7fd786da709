/// Keccak-256 of bytes, 32 bytes: the hash of contracts, addresses and keystores on TRON.
///
/// This is Keccak as it was submitted, with padding 0x01; SHA3-256 pads with 0x06 and differs.
public func keccak256(_ bytes: some ContiguousSequence) -> [UInt8] {
  bytes.withContiguousBytes { input in
    var state = KeccakState()
    var offset = 0
    while input.count - offset >= KeccakState.rate {
      state.absorb(UnsafeRawBufferPointer(rebasing: input[offset..<offset + KeccakState.rate]))
      offset += KeccakState.rate
    }
    var last = [UInt8](repeating: 0, count: KeccakState.rate)
    for index in 0..<input.count - offset { last[index] = input[offset + index] }
    last[input.count - offset] ^= 0x01
    last[KeccakState.rate - 1] ^= 0x80
    last.withUnsafeBytes { state.absorb($0) }
    return state.digest
  }
}

/// The 1600 bits of Keccak-f as 25 lanes; lane (x, y) is at `x + 5 * y`.
private struct KeccakState {
  /// Bytes taken in per permutation, for a capacity of 512 bits.
  static let rate = 136

  private var lanes = [UInt64](repeating: 0, count: 25)

  var digest: [UInt8] {
    lanes[0..<4].flatMap { lane in (0..<8).map { UInt8(truncatingIfNeeded: lane >> (8 * $0)) } }
  }

  mutating func absorb(_ block: UnsafeRawBufferPointer) {
    for index in 0..<Self.rate / 8 {
      lanes[index] ^= UInt64(
        littleEndian: block.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    for constant in Self.roundConstants {
      mixColumns()
      rotateAndPermute()
      mixRows()
      lanes[0] ^= constant
    }
  }

  /// θ
  private mutating func mixColumns() {
    var parity = [UInt64](repeating: 0, count: 5)
    for index in 0..<25 { parity[index % 5] ^= lanes[index] }
    for index in 0..<25 {
      let right = parity[(index + 1) % 5]
      lanes[index] ^= parity[(index + 4) % 5] ^ (right << 1 | right >> 63)
    }
  }

  /// ρ and π
  private mutating func rotateAndPermute() {
    var moving = lanes[1]
    for (target, rotation) in Self.path {
      let next = lanes[target]
      lanes[target] = moving << rotation | moving >> (64 - rotation)
      moving = next
    }
  }

  /// χ
  private mutating func mixRows() {
    for row in stride(from: 0, to: 25, by: 5) {
      let (first, second) = (lanes[row], lanes[row + 1])
      for column in 0..<3 {
        lanes[row + column] ^= ~lanes[row + column + 1] & lanes[row + column + 2]
      }
      lanes[row + 3] ^= ~lanes[row + 4] & first
      lanes[row + 4] ^= ~first & second
    }
  }

  /// Where each lane moves to and how far it is turned, along the one cycle that π makes.
  private static let path: [(target: Int, rotation: UInt64)] = {
    var path: [(target: Int, rotation: UInt64)] = []
    var (x, y) = (1, 0)
    for step in 1...24 {
      (x, y) = (y, (2 * x + 3 * y) % 5)
      path.append((x + 5 * y, UInt64(step * (step + 1) / 2 % 64)))
    }
    return path
  }()

  private static let roundConstants: [UInt64] = [
    0x0000_0000_0000_0001, 0x0000_0000_0000_8082, 0x8000_0000_0000_808a, 0x8000_0000_8000_8000,
    0x0000_0000_0000_808b, 0x0000_0000_8000_0001, 0x8000_0000_8000_8081, 0x8000_0000_0000_8009,
    0x0000_0000_0000_008a, 0x0000_0000_0000_0088, 0x0000_0000_8000_8009, 0x0000_0000_8000_000a,
    0x0000_0000_8000_808b, 0x8000_0000_0000_008b, 0x8000_0000_0000_8089, 0x8000_0000_0000_8003,
    0x8000_0000_0000_8002, 0x8000_0000_0000_0080, 0x0000_0000_0000_800a, 0x8000_0000_8000_000a,
    0x8000_0000_8000_8081, 0x8000_0000_0000_8080, 0x0000_0000_8000_0001, 0x8000_0000_8000_8008,
  ]
}
