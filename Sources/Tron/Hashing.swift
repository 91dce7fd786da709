import Crypto

/// SHA-256 of bytes: 32 bytes.
public func sha256(_ bytes: some ContiguousSequence) -> [UInt8] {
  bytes.withContiguousBytes { Array(SHA256.hash(data: $0)) }
}

/// Bytes that lie in one piece of memory: `[UInt8]` and its slices.
public protocol ContiguousSequence {
  /// Lends the memory for the length of the call.
  func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result
}

extension Array<UInt8>: ContiguousSequence {
  /// Lends the elements.
  public func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(body)
  }
}

extension ArraySlice<UInt8>: ContiguousSequence {
  /// Lends the elements.
  public func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    withUnsafeBytes(body)
  }
}

extension UnsafeRawBufferPointer: ContiguousSequence {
  /// Lends itself.
  public func withContiguousBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(self)
  }
}
