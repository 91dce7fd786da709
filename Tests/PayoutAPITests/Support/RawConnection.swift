import HTTPTypes
import NIOCore
import NIOPosix
import Payouts
import Synchronization
import Testing

@testable import PayoutAPI

/// Says what HTTP clients would not let one say.
struct RawConnection {
  /// Sends each piece, then reads until the other side closes or the time is up.
  static func exchange(
    port: Int, _ pieces: [String], within limit: Duration = .seconds(20)
  ) async throws -> (text: String, isClosed: Bool) {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      for piece in pieces { try await outbound.write(ByteBuffer(string: piece)) }
      return try await withThrowingTaskGroup(of: (String, Bool)?.self) { group in
        let received = Received()
        group.addTask {
          do {
            for try await buffer in inbound { received.append(String(buffer: buffer)) }
          } catch is CancellationError {
            return nil
          } catch {
            // A reset after the answer is a close as well.
          }
          return (received.text, true)
        }
        group.addTask {
          try await Task.sleep(for: limit)
          return (received.text, false)
        }
        while let result = try await group.next() {
          if let result {
            group.cancelAll()
            return result
          }
        }
        return (received.text, false)
      }
    }
  }

  /// Sends requests and reads no answer; `true` when the other side closes within the time.
  static func readsNothing(
    port: Int, _ requests: String, within limit: TimeAmount = .seconds(20)
  ) async throws -> Bool {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .channelOption(.autoRead, value: false)
      .channelOption(.socketOption(.so_rcvbuf), value: 4096)
      .connect(host: "127.0.0.1", port: port).get()
    channel.writeAndFlush(ByteBuffer(string: requests), promise: nil)
    // Who does not read learns of a close only by writing.
    let trying = channel.eventLoop.scheduleRepeatedTask(
      initialDelay: .milliseconds(100), delay: .milliseconds(50)
    ) { _ in channel.writeAndFlush(ByteBuffer(string: "G"), promise: nil) }
    let isOver = Mutex(false)
    channel.eventLoop.scheduleTask(in: limit) {
      isOver.withLock { $0 = true }
      channel.close(promise: nil)
    }
    try await channel.closeFuture.get()
    trying.cancel()
    return !isOver.withLock { $0 }
  }
}

extension Answer {
  /// Reads one answer that came alone on its connection.
  init(raw text: String) throws {
    let parts = text.split(separator: "\r\n\r\n", maxSplits: 1).map(String.init)
    let lines = try #require(parts.first).split(separator: "\r\n")
    status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    headers = HTTPFields()
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1).map(String.init)
      headers[try .named(try #require(pair.first))] = pair.last?.trimmingPrefix(" ").description
    }
    self.text = parts.count > 1 ? parts[1] : ""
    json = try JSONReader.read(Array(self.text.utf8))
  }
}

private final class Received: Sendable {
  private let buffer = Mutex("")
  func append(_ text: String) { buffer.withLock { $0 += text } }
  var text: String { buffer.withLock { $0 } }
}
