import Foundation
import Logging
import Tron

/// A swift-log handler that renders one line an event.
public struct LineHandler: LogHandler {
  /// The least level that is written.
  public var logLevel: Logger.Level
  /// What every line of the logger carries.
  public var metadata: Logger.Metadata = [:]
  /// Adds what the task carries.
  public var metadataProvider: Logger.MetadataProvider?
  private let label: String
  private let format: LogFormat
  private let sink: any LineSink
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - label: The logger's name.
  ///   - now: Milliseconds since 1970.
  public init(
    label: String, level: Logger.Level, format: LogFormat, sink: any LineSink,
    now: @escaping @Sendable () -> Int64 = { SystemClock().now().value }
  ) {
    self.label = label
    self.logLevel = level
    self.format = format
    self.sink = sink
    self.now = now
  }

  /// One entry of `metadata`.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line.
  public func log(event: LogEvent) {
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    var flat: [(key: String, value: String)] = []
    if let error = event.error { flat.append(("error", "\(error)")) }
    for (key, value) in fields { Self.flatten(value, as: key, into: &flat) }
    flat.sort { $0.key < $1.key }
    var line = LogLine()
    switch format {
    case .json:
      line.json(
        time: now(), level: event.level, label: label, message: event.message.description,
        fields: flat)
    case .text:
      line.text(
        time: now(), level: event.level, label: label, message: event.message.description,
        fields: flat)
    }
    sink.write(line: line.bytes)
  }

  private static func flatten(
    _ value: Logger.MetadataValue, as key: String,
    into fields: inout [(key: String, value: String)]
  ) {
    // LIMIT: a line with more fields than this helps nobody.
    guard fields.count < 64 else { return }
    switch value {
    case .string(let text): fields.append((key, text))
    case .stringConvertible(let value): fields.append((key, value.description))
    case .array(let values):
      fields.append((key, values.map(\.description).joined(separator: ",")))
    case .dictionary(let values):
      for (inner, value) in values { flatten(value, as: "\(key).\(inner)", into: &fields) }
    }
  }
}

/// Sets up logging for the process.
public enum LogSetup {
  /// Makes `LineHandler` the backend of every logger; once a process.
  public static func bootstrap(_ settings: LogSettings, sink: any LineSink = DescriptorSink()) {
    let format = settings.format ?? (isatty(STDERR_FILENO) == 1 ? .text : .json)
    let level = settings.level
    LoggingSystem.bootstrap { label in
      LineHandler(label: label, level: level, format: format, sink: sink)
    }
  }
}
