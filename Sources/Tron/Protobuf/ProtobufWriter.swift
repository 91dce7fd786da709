/// Writes protobuf fields as proto3 does: a field that has its default value is left out.
///
/// For the few shapes that this project builds and hashes: unlike the generated code's serialiser it
/// cannot throw. That both write the same bytes is tested.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// An integer; a negative one takes ten bytes.
  mutating func integer(_ field: UInt64, _ value: Int64) {
    guard value != 0 else { return }
    varint(field << 3)
    varint(UInt64(bitPattern: value))
  }

  /// Bytes or text.
  mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
    guard !value.isEmpty else { return }
    message(field, value)
  }

  /// A message, or one element of a repeated field: written even when it is empty.
  mutating func message(_ field: UInt64, _ value: [UInt8]) {
    varint(field << 3 | 2)
    varint(UInt64(value.count))
    bytes += value
  }

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
