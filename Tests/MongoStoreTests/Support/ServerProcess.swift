import Foundation
import MongoStore
import Payouts
import Testing

/// A store server of a test's own, to be killed, stopped and started again.
final class ServerProcess {
  let port: Int
  private let directory: URL
  private var process: Process?

  var uri: String {
    "mongodb://127.0.0.1:\(port)/?retryWrites=false&socketTimeoutMS=2000&connectTimeoutMS=1000"
      + "&serverSelectionTimeoutMS=1000"
  }

  init() throws {
    port = try unusedPort()
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  deinit {
    if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(at: directory)
  }

  /// Starts it on the data that it had; returns when it answers.
  func start() async throws {
    let path = try requireEnvironment("SECANTUSD", "the path of the development store server")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = [
      "--port", "\(port)", "--storage-path", directory.path, "--sync-on-commit",
      "--enable-test-commands",
    ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    self.process = process
    let store = try MongoStore.open(uri: uri, database: "test", threads: 1)
    let isUp = try await eventually(seconds: 60) {
      do { try await store.ping() } catch { return false }
      return true
    }
    await store.close()
    try #require(isUp, "the server did not answer")
  }

  /// Kills it without warning and returns when it is gone.
  func kill9() {
    send(SIGKILL)
    process?.waitUntilExit()
  }

  /// Stops it from answering, with its connections open; returns when every thread stands still.
  func freeze() async throws {
    send(SIGSTOP)
    let isFrozen = try await eventually { try threadStates().allSatisfy { $0 == "T" } }
    try #require(isFrozen, "the server did not stop")
  }

  /// Lets it go on.
  func thaw() { send(SIGCONT) }

  /// Bytes of one connection that wait for the server to read them, the largest number of any.
  func unreadBytes() throws -> Int {
    // Read to the end: the kernel says that the file has no length.
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/net/tcp"))
    let table = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    let local = ":" + String(port, radix: 16, uppercase: true)
    return table.split(separator: "\n").map { $0.split(separator: " ") }
      .filter { $0.count > 4 && $0[1].hasSuffix(local) }
      .compactMap { Int($0[4].split(separator: ":")[1], radix: 16) }
      .max() ?? 0
  }

  private func threadStates() throws -> [Substring] {
    let tasks = "/proc/\(process?.processIdentifier ?? 0)/task"
    return try FileManager.default.contentsOfDirectory(atPath: tasks).compactMap { task in
      let stat = try String(contentsOfFile: "\(tasks)/\(task)/stat", encoding: .utf8)
      return stat.split(separator: ")").last?.split(separator: " ").first
    }
  }

  private func send(_ signal: Int32) {
    if let process { kill(process.processIdentifier, signal) }
  }
}

/// A port that nothing listens on at the moment.
func unusedPort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isBound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
    }
  }
  try #require(isBound)
  return Int(in_port_t(bigEndian: address.sin_port))
}
