/// Something that goes wrong with calls, while it is active.
struct FaultRule: Equatable, Sendable {
  let effect: Effect
  /// Path it applies to, such as `/wallet/broadcasthex`; a `*` at the end stands for anything;
  /// `nil` is every call.
  var path: String?
  /// How often it strikes, 0…1.
  var probability = 1.0
  /// How many times it may still strike; `nil` without bound.
  var remaining: Int64?
  /// How long it lasts from when it was set; `nil` without end.
  var durationMilliseconds: Int64?
  /// For the draws against `probability`.
  var seed: UInt64 = 1

  /// What it does.
  enum Effect: Equatable, Sendable {
    /// The answer comes late; by a random part of `jitter` later.
    case delay(milliseconds: Int64, jitter: Int64, Moment)
    /// Something else is answered, or nothing.
    case answer(Substitute, Moment)
    /// Reads see the chain as it was so many blocks ago, like a backend that lags.
    case stale(blocks: Int64)
    /// A broadcast is answered with a code.
    case broadcastCode(Refusal, Moment)
    /// A broadcast is answered with success and lost.
    case loseBroadcast
    /// A broadcast is pooled, and forgotten before the next block.
    case dropFromPool
  }

  /// Before the node does anything, or after it has done everything.
  enum Moment: String, Sendable, CaseIterable {
    case before
    case after
  }

  /// What a client gets instead of the node's answer.
  enum Substitute: Equatable, Sendable {
    /// The connection is cut.
    case close
    /// A status and a body.
    case status(Int, String)
    /// Status 200 and bytes that are no JSON.
    case garbage
    /// A proxy's error page.
    case html
    /// What the node's own rate limiter says.
    case rateLimit
    /// Status 200 and nothing.
    case empty
    /// `{}`, which means "not found".
    case notFound
  }

  /// Faults of broadcasts strike nothing else, whatever the pattern says.
  func matches(_ path: String) -> Bool {
    switch effect {
    case .broadcastCode, .loseBroadcast, .dropFromPool:
      guard path.hasPrefix("/wallet/broadcast") else { return false }
    case .delay, .answer, .stale: break
    }
    guard let pattern = self.path else { return true }
    if pattern.hasSuffix("*") { return path.hasPrefix(pattern.dropLast()) }
    return path == pattern
  }
}
