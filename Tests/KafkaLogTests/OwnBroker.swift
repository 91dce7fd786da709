import Foundation
import Testing

/// A broker of the test's own, to be killed.
final class OwnBroker {
  static let path = ProcessInfo.processInfo.environment["DEV_BROKER"]

  private let port = UInt16.random(in: 20_000..<30_000)
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "own-broker-\(UUID().uuidString)")
  private var group: pid_t?

  init() throws { try makeDirectory() }

  deinit {
    kill()
    do { try FileManager.default.removeItem(at: directory) } catch { print("\(error)") }
  }

  var servers: String { "127.0.0.1:\(port)" }

  /// The program may be a script that starts the real one: both are in a process group of their
  /// own, so that both can be killed.
  func start() throws {
    let path = try #require(Self.path)
    let arguments = [path, "--data-dir", directory.path, "--kafka-port", "\(port)"]
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    posix_spawnattr_setpgroup(&attributes, 0)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    var id: pid_t = 0
    var words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    try #require(posix_spawn(&id, path, &actions, &attributes, &words, environ) == 0)
    group = id
  }

  /// By its own id, with SIGKILL.
  func kill() {
    guard let id = group else { return }
    group = nil
    Foundation.kill(-id, SIGKILL)
    waitpid(id, nil, 0)
  }

  /// Another broker in its place, that knows nothing.
  func forget() throws {
    try FileManager.default.removeItem(at: directory)
    try makeDirectory()
  }

  private func makeDirectory() throws {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }
}
