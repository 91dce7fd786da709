import Foundation
import Glibc
import Synchronization

/// A program that the test starts, kills and starts again, with one log file for all its lives.
///
/// A thread per life starts it and waits for it. That thread lives exactly as long as the program,
/// and the kernel is told to kill the program when the thread is gone: however this test ends, no
/// process stays behind.
final class ChildProcess: Sendable {
  /// For messages.
  let name: String
  /// Its standard output and error, of all its lives.
  let log: URL
  private let errorLog: URL
  private let input: URL?
  private let command: [String]
  private let environment: [String: String]
  private let state = Mutex(State.idle)

  private enum State: Equatable {
    case idle
    case running(pid_t)
    case ended(Ending)
  }

  /// How a life ended.
  enum Ending: Hashable, Sendable {
    case exited(Int32)
    case killed(Int32)
  }

  init(
    _ name: String, _ executable: URL, _ arguments: [String] = [],
    environment: [String: String] = [:], input: URL? = nil, log: URL, errorLog: URL? = nil
  ) {
    self.name = name
    self.log = log
    self.errorLog = errorLog ?? log
    self.input = input
    self.command =
      ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--", executable.path] + arguments
    let inherited = ["PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH"]
    let own = ProcessInfo.processInfo.environment.filter { inherited.contains($0.key) }
    self.environment = own.merging(environment) { _, given in given }
  }

  /// Begins a life; it must not be running.
  func start() async throws {
    guard !isRunning else { throw Problem("\(name) runs already") }
    try await withCheckedThrowingContinuation { (started: CheckedContinuation<Void, any Error>) in
      Thread.detachNewThread { self.live(started) }
    }
  }

  var isRunning: Bool {
    state.withLock { if case .running = $0 { true } else { false } }
  }

  /// How the last life ended; `nil` while it runs and before the first.
  var ending: Ending? {
    state.withLock { if case .ended(let ending) = $0 { ending } else { nil } }
  }

  /// Sends a signal if it runs; says whether it did.
  @discardableResult
  func signal(_ number: Int32) -> Bool {
    state.withLock { state in
      guard case .running(let pid) = state else { return false }
      return Glibc.kill(pid, number) == 0
    }
  }

  /// Kills it at once and waits until it is gone.
  func kill() async throws {
    signal(SIGKILL)
    _ = try await ended(within: .seconds(10))
  }

  /// Asks it to finish, and kills it when it does not within the promised ten seconds.
  @discardableResult
  func stop() async throws -> Ending? {
    guard signal(SIGTERM) else { return ending }
    do {
      return try await ended(within: .seconds(12))
    } catch {
      try await kill()
      throw Problem("\(name) did not end within 12 s of SIGTERM")
    }
  }

  /// Waits for the end of this life.
  func ended(within limit: Duration) async throws -> Ending? {
    try await eventually("\(name) to end", within: limit, every: .milliseconds(10)) {
      isRunning ? .notYet("running") : .found(ending)
    }
  }

  /// The last lines of its log.
  func logTail(_ count: Int) -> [String] {
    guard let bytes = FileManager.default.contents(atPath: log.path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").suffix(count).map {
      String($0.prefix(600))
    }
  }

  private func live(_ started: CheckedContinuation<Void, any Error>) {
    let pid: pid_t
    do {
      pid = try spawn()
    } catch {
      started.resume(throwing: error)
      return
    }
    state.withLock { $0 = .running(pid) }
    started.resume()
    // The dead child stays until the lock is held, so no signal can go to a reused number.
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    state.withLock { state in
      var status: Int32 = 0
      waitpid(pid, &status, 0)
      let signal = status & 0x7f
      state = .ended(signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal))
    }
  }

  private func spawn() throws -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, input?.path ?? "/dev/null", O_RDONLY, 0)
    let append = O_WRONLY | O_CREAT | O_APPEND
    posix_spawn_file_actions_addopen(&files, 1, log.path, append, 0o600)
    posix_spawn_file_actions_addopen(&files, 2, errorLog.path, append, 0o600)

    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (arguments + variables).forEach { free($0) } }
    var pid: pid_t = 0
    let fault = posix_spawn(&pid, command[0], &files, nil, &arguments, &variables)
    guard fault == 0 else {
      throw Problem("cannot start \(name): \(String(cString: strerror(fault)))")
    }
    return pid
  }
}
