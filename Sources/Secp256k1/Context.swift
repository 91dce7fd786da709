import CSecp256k1

/// The library's context: made and blinded once in a process, then only read.
struct Context: @unchecked Sendable {
  // SAFETY: libsecp256k1 only writes to a context in `randomize` and `destroy`; the first happens
  // before the pointer is shared, the second never (it lives as long as the process).
  private let pointer: OpaquePointer?

  private static let instance = Context()

  private init() {
    var random = SystemRandomNumberGenerator()
    let seed = (0..<32).map { _ in random.next() as UInt8 }
    guard let created = secp256k1_context_create(csecp256k1_context_flags),
      secp256k1_context_randomize(created, seed) == 1
    else {
      pointer = nil
      return
    }
    pointer = created
  }

  static func shared() throws(Secp256k1Error) -> OpaquePointer {
    guard let pointer = instance.pointer else { throw .outOfMemory }
    return pointer
  }
}
