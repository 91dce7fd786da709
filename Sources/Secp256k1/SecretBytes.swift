import CSecp256k1
import Glibc

/// Bytes that are nobody's business: kept out of swap and core dumps, zeroed when they are let go,
/// never printed.
public final class SecretBytes: @unchecked Sendable {
  // SAFETY: `memory` is written by `init` only and read-only until `deinit`; nothing else has the
  // pointer, so sharing the object between threads shares only immutable memory.
  private let memory: UnsafeMutableRawPointer
  private let size: Int
  /// How many bytes there are.
  public let count: Int
  /// Whether the system agreed to keep the bytes out of swap (see `ulimit -l`).
  public let isLocked: Bool

  /// Takes `count` bytes of locked memory, zeroed, and lets `fill` write them.
  public init<Failure: Error>(
    count: Int, fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    // Whole pages of our own: a page shared with other secrets would be unlocked by the first to go.
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    size = (max(count, 1) + page - 1) / page * page
    memory = .allocate(byteCount: size, alignment: page)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.count = count
    isLocked = mlock(memory, size) == 0
    madvise(memory, size, MADV_DONTDUMP)
    try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
  }

  /// Copies bytes, which remain the caller's to forget.
  public convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(count: bytes.count) { (target: UnsafeMutableRawBufferPointer) in
      target.copyMemory(from: bytes)
    }
  }

  /// Copies bytes, which remain the caller's to forget.
  public convenience init(copying bytes: [UInt8]) {
    self.init(count: bytes.count) { (target: UnsafeMutableRawBufferPointer) in
      target.copyBytes(from: bytes)
    }
  }

  deinit {
    csecp256k1_zero(memory, size)
    madvise(memory, size, MADV_DODUMP)
    munlock(memory, size)
    memory.deallocate()
  }

  /// Lends the bytes for the length of the call; they must not be kept.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  /// The same for C, as a pointer to the first byte.
  func withUnsafePointer<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    body(memory.assumingMemoryBound(to: UInt8.self))
  }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Says that there is a secret, not which.
  public var description: String { "SecretBytes(redacted)" }
  /// The same.
  public var debugDescription: String { description }
  /// Shows no secret to `dump` and debuggers.
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}
