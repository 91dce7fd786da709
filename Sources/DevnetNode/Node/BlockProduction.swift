import NIOPosix

/// Produces a block in every slot, on a thread of its own: a full block takes a while and may write to disk.
struct BlockProduction: Sendable {
  let node: DevnetNode

  /// Runs until it is cancelled, or until the chain cannot go on.
  func run() async throws {
    let thread = NIOThreadPool(numberOfThreads: 1)
    thread.start()
    do {
      while true {
        try await Task.sleep(for: node.untilNextSlot())
        try await thread.runIfActive { try node.produceDueBlock() }
      }
    } catch {
      try await thread.shutdownGracefully()
      throw error
    }
  }
}
