import Foundation
import KafkaLog
import Payouts

extension ReplayPoint {
  /// What an option says; `nil` when it is not given.
  init?(_ text: String?, option: String) throws {
    guard let text else { return nil }
    guard let point = ReplayPoint(text) else {
      throw CommandFailure(
        "--\(option): \(text) is neither an offset nor a time such as 2026-01-31T12:00:00Z")
    }
    self = point
  }
}

extension ReplayState {
  /// Asks the broker what the topic holds now.
  static func begin(
    _ request: Request, of topic: Topic, from: ReplayPoint?, to: ReplayPoint?, admin: KafkaAdmin
  ) async throws -> ReplayState {
    let held = try await admin.offsets(of: topic)
    if let partition = request.partition, held[partition] == nil {
      throw CommandFailure("--partition: \(topic.name) has \(held.count) partitions")
    }
    return ReplayState(
      request, held: held, starts: try await offsets(from, of: topic, admin),
      ends: try await offsets(to, of: topic, admin))
  }

  private static func offsets(
    _ point: ReplayPoint?, of topic: Topic, _ admin: KafkaAdmin
  ) async throws -> (Int32) -> Int64? {
    switch point {
    case nil: return { _ in nil }
    case .offset(let offset): return { _ in offset }
    case .time(let time):
      let offsets = try await admin.offsets(of: topic, notBefore: time)
      return { offsets[$0] }
    }
  }
}

/// The file of `--state`.
struct ReplayFile {
  var path: String

  /// Where it left off; `nil` when there is none. One of another replay is refused.
  func read(for request: ReplayState.Request) throws -> ReplayState? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let state: ReplayState
    do {
      state = try JSONDecoder().decode(ReplayState.self, from: data)
    } catch {
      throw CommandFailure("--state: \(path) is not the state of a replay")
    }
    guard state.request == request else {
      throw CommandFailure(
        "--state: \(path) is of another replay (\(state.request.words), topics that begin with"
          + " \"\(state.request.prefix)\"); remove it to begin anew")
    }
    return state
  }

  func write(_ state: ReplayState) throws {
    try JSONEncoder().encode(state).write(to: URL(filePath: path), options: .atomic)
  }

  func remove() throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }
}

extension ReplayState.Request {
  /// The options that ask for it.
  var words: String {
    var words = ["--topic \(topic)"]
    if let from { words.append("--from \(from)") }
    if let to { words.append("--to \(to)") }
    if let partition { words.append("--partition \(partition)") }
    if dryRun { words.append("--dry-run") }
    return words.joined(separator: " ")
  }
}
