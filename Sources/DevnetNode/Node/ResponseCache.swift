import NIOCore
import Synchronization
import Tron

/// Bodies that are expensive to write and asked for again: blocks and their receipts.
///
/// Keyed by block id, so a fork never serves a stale body. LIMIT: 32 MiB; the oldest go first.
final class ResponseCache: Sendable {
  enum Kind: Hashable, Sendable { case block, header, receipts }

  struct Key: Hashable, Sendable {
    let id: BlockID
    let kind: Kind
    let isVisible: Bool
  }

  private struct Contents {
    var bodies: [Key: ByteBuffer] = [:]
    var order: [Key] = []
    var size = 0
  }

  private static let sizeLimit = 32 << 20

  private let contents = Mutex(Contents())

  func body(_ key: Key, or write: () -> [UInt8]) -> ByteBuffer {
    if let body = contents.withLock({ $0.bodies[key] }) { return body }
    let body = ByteBuffer(bytes: write())
    contents.withLock { contents in
      guard contents.bodies.updateValue(body, forKey: key) == nil else { return }
      contents.order.append(key)
      contents.size += body.readableBytes
      while contents.size > Self.sizeLimit, contents.order.count > 1 {
        let oldest = contents.order.removeFirst()
        contents.size -= contents.bodies.removeValue(forKey: oldest)?.readableBytes ?? 0
      }
    }
    return body
  }
}
