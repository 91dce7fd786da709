import Foundation
import Synchronization
import Tron

/// An append-only file of everything that happened to the canonical chain, for a devnet that must
/// survive SIGKILL.
///
/// Every record is handed to the system before anybody can see its block, so a killed process comes
/// back with the same chain; what waits in the pool is lost, as on a real node. A torn last line is
/// cut off. The file is not forced to disk: a power failure may cost the last blocks.
final class BlockFile: Sendable {
  private let handle: Mutex<FileHandle>
  private let schedule: Schedule

  private init(_ handle: FileHandle, schedule: Schedule) {
    self.handle = Mutex(handle)
    self.schedule = schedule
  }

  /// Begins a new file in a directory.
  static func create(
    _ directory: String, _ header: ChainRecord.Header
  ) throws(ConfigurationError) -> BlockFile {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
      try Data(ChainRecord.genesis(header).line).write(to: url(directory))
      return try open(directory, header.schedule)
    } catch {
      throw unusable(directory, "cannot be written")
    }
  }

  /// The records of a directory's file; `nil` when there is none.
  static func records(_ directory: String) throws(ConfigurationError) -> [ChainRecord]? {
    let url = url(directory)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    let bytes: [UInt8]
    do {
      bytes = try cutTornLine(url)
    } catch {
      throw unusable(directory, "cannot be read")
    }
    var records: [ChainRecord] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      guard let record = ChainRecord(line: Array(line)) else {
        throw unusable(directory, "line \(index + 1) of blocks.jsonl is damaged")
      }
      records.append(record)
    }
    return records
  }

  /// Opens the file of a directory to add to it.
  static func reopen(
    _ directory: String, schedule: Schedule
  ) throws(ConfigurationError) -> BlockFile {
    do {
      return try open(directory, schedule)
    } catch {
      throw unusable(directory, "cannot be written")
    }
  }

  /// Adds what happened, in order.
  func append(_ events: [NodeState.Event]) throws {
    guard !events.isEmpty else { return }
    let lines = events.flatMap { ChainRecord($0, schedule: schedule).line }
    try handle.withLock { try $0.write(contentsOf: Data(lines)) }
  }

  private static func open(_ directory: String, _ schedule: Schedule) throws -> BlockFile {
    let handle = try FileHandle(forWritingTo: url(directory))
    try handle.seekToEnd()
    return BlockFile(handle, schedule: schedule)
  }

  /// The file without an incomplete last line, which is removed from the disk as well.
  private static func cutTornLine(_ url: URL) throws -> [UInt8] {
    let bytes = [UInt8](try Data(contentsOf: url))
    let end = (bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    if end < bytes.count {
      let handle = try FileHandle(forWritingTo: url)
      try handle.truncate(atOffset: UInt64(end))
      try handle.close()
    }
    return Array(bytes[..<end])
  }

  private static func url(_ directory: String) -> URL {
    URL(fileURLWithPath: directory).appendingPathComponent("blocks.jsonl")
  }

  private static func unusable(_ directory: String, _ reason: String) -> ConfigurationError {
    ConfigurationError("DEVNET_DATA_DIR: \(directory): \(reason)")
  }
}
