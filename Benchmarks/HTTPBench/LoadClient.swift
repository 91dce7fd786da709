import NIOCore
import NIOPosix

/// Sends one request again and again over some connections, one at a time on each.
struct LoadClient: Sendable {
  var port: Int
  var request: BenchRequest

  /// The body of one answer.
  func one() async throws -> String {
    try await connected { connection in try await connection.exchange(request) }
  }

  /// Sends about `count` requests, the same number on each connection; throws when one is answered
  /// otherwise than expected. How long each one took.
  @discardableResult
  func run(count: Int, connections: Int) async throws -> [Duration] {
    try await run(connections: connections, perSecond: nil) { sent, _ in
      sent < count / connections
    }
  }

  /// Sends requests until the time is over. How long each one took.
  /// - Parameter perSecond: how many are sent each second, evenly spread, whether or not earlier ones
  ///   were answered in time; a request that had to wait for its connection counts from when it was due.
  ///   `nil` sends each as soon as the one before it is answered.
  func run(for duration: Duration, connections: Int, perSecond: Double? = nil) async throws
    -> [Duration]
  {
    try await run(connections: connections, perSecond: perSecond) { _, elapsed in
      elapsed < duration
    }
  }

  private func run(
    connections: Int, perSecond: Double?, while goesOn: @escaping @Sendable (Int, Duration) -> Bool
  ) async throws -> [Duration] {
    let begun = ContinuousClock.now
    return try await withThrowingTaskGroup(of: [Duration].self) { group in
      for number in 0..<connections {
        group.addTask {
          try await connected { connection in
            var latencies: [Duration] = []
            var now = ContinuousClock.now
            while true {
              if let perSecond {
                let turn = Double(latencies.count * connections + number)
                now = begun + .seconds(turn / perSecond)
              }
              guard goesOn(latencies.count, now - begun) else { return latencies }
              if now > .now { try await Task.sleep(until: now) }
              _ = try await connection.exchange(request)
              let end = ContinuousClock.now
              latencies.append(end - now)
              now = end
            }
          }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  private func connected<Value: Sendable>(
    _ body: @Sendable (inout Connection) async throws -> Value
  ) async throws -> Value {
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var connection = Connection(answers: inbound.makeAsyncIterator(), requests: outbound)
      return try await body(&connection)
    }
  }

  struct Connection {
    var answers: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    var requests: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Sends a request and reads the whole answer; returns its body.
    mutating func exchange(_ request: BenchRequest) async throws -> String {
      try await requests.write(ByteBuffer(string: request.text))
      var answer = Answer()
      while true {
        guard let bytes = try await answers.next() else { throw BadAnswer("closed") }
        if let body = answer.append(bytes) {
          guard answer.status == request.status else { throw BadAnswer("\(answer.status) \(body)") }
          return body
        }
      }
    }
  }
}

/// Something else came back than asked for.
struct BadAnswer: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// An answer that is coming in. Reads just enough HTTP for our own servers.
private struct Answer {
  private var bytes: [UInt8] = []
  private var bodyStart = 0
  private var length: Int?
  private(set) var status = ""

  /// The body, once all of it is there.
  mutating func append(_ buffer: ByteBuffer) -> String? {
    bytes += buffer.readableBytesView
    if length == nil { readHead() }
    guard let length, bytes.count >= bodyStart + length else { return nil }
    return String(decoding: bytes[bodyStart...], as: UTF8.self)
  }

  private mutating func readHead() {
    let end = Array("\r\n\r\n".utf8)
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: end) }) else { return }
    let head = String(decoding: bytes[..<start], as: UTF8.self)
    bodyStart = start + end.count
    status = String(head.dropFirst(9).prefix(3))
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      length = Int(line.dropFirst(15).trimmingPrefix(" "))
    }
  }
}
