import Logging
import Service
import Synchronization

/// Keeps the lines that were written.
final class CollectingSink: LineSink {
  private let collected = Mutex<[String]>([])

  var lines: [String] { collected.withLock { $0 } }

  func write(line: [UInt8]) {
    collected.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
  }

  /// A logger that writes here.
  func logger(_ label: String = "test", format: LogFormat = .json) -> Logger {
    Logger(label: label) { label in
      LineHandler(
        label: label, level: .trace, format: format, sink: self, now: { 1_767_225_599_987 })
    }
  }
}
