import NIOPosix

/// Produces a block in every slot, off the cooperative pool: a full block takes a while and may
/// write to disk.
struct BlockProduction: Sendable {
  let node: DevnetNode

  /// Runs until it is cancelled, or until the chain cannot go on.
  func run() async throws {
    while true {
      try await Task.sleep(for: node.untilNextSlot())
      try await NIOThreadPool.singleton.runIfActive { try node.produceDueBlock() }
    }
  }
}
