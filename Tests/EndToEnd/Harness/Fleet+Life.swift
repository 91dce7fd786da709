import Foundation
import Tron

extension Fleet {
  /// Gives a fleet to the body and stops it afterwards. When the body throws, what the processes
  /// said last is printed and everything stays in the directory.
  static func run(
    _ name: String, _ options: FleetOptions = FleetOptions(),
    _ body: (Fleet) async throws -> Void
  ) async throws {
    let directory = Workspace.runs.appending(path: name)
    if FileManager.default.fileExists(atPath: directory.path) {
      try FileManager.default.removeItem(at: directory)
    }
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let fleet = try await start(in: directory, options)
    do {
      try await body(fleet)
      try await fleet.stopInOrder()
      try FileManager.default.removeItem(at: directory)
    } catch {
      print(fleet.report())
      await fleet.killAll()
      throw error
    }
  }

  private static func start(in directory: URL, _ options: FleetOptions) async throws -> Fleet {
    let servers = try FleetServers(
      in: directory, storeSyncsOnCommit: options.storeSyncsOnCommit)
    try await servers.start()
    for secret in ["jwt-secret", "wallet-password"] {
      try writeSecret(directory.appending(path: secret))
    }
    let wallet = try await newWallet(in: directory)
    let devnet = try await Devnet.start(in: directory, options, wallet: wallet)
    let environment = servers.environment.merging([
      "KAFKA_TOPIC_PREFIX": "e2e-\(UUID().uuidString.prefix(8))-",
      "MONGO_DATABASE": "e2e_\(UUID().uuidString.prefix(8))",
      "KAFKA_PARTITIONS": "4", "TRON_NETWORK": "devnet", "TRON_NODES": devnet.url,
      "MONGOC_DISABLE_SHM": "1",
      "TRON_SOLIDITY_NODES": devnet.url, "LOG_FORMAT": "json", "SWEEP_INTERVAL_SECONDS": "1",
    ]) { $1 }
    let token = try await payoutctl(
      [
        "token", "--sub", "end-to-end", "--role", "service", "--secret-file",
        directory.appending(path: "jwt-secret").path,
      ], environment, in: directory)
    _ = try await payoutctl(["init"], environment, in: directory)
    let fleet = try Fleet(
      directory: directory, options: options, servers: servers, devnet: devnet, wallet: wallet,
      token: token.trimmingCharacters(in: .whitespacesAndNewlines), environment: environment)
    if options.startsWorkers {
      try await fleet.startWorkers()
      try await fleet.workersAreReady()
    }
    return fleet
  }

  private static func newWallet(in directory: URL) async throws -> TronAddress {
    struct Answer: Decodable { var address: TronAddress }
    let answer = try await payoutctl(
      [
        "keystore", "new", "--light", "--password-file",
        directory.appending(path: "wallet-password").path,
        "--out", directory.appending(path: "wallet.json").path, "--json",
      ], [:], in: directory)
    return try JSONDecoder().decode(Answer.self, from: Data(answer.utf8)).address
  }

  private static func writeSecret(_ file: URL) throws {
    let text = (0..<32).map { _ in hexString([UInt8.random(in: 0...255)]) }.joined()
    guard
      FileManager.default.createFile(
        atPath: file.path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
    else { throw Problem("cannot write \(file.path)") }
  }

  private static func payoutctl(
    _ arguments: [String], _ environment: [String: String], in directory: URL
  ) async throws -> String {
    let finished = try await runToEnd(
      Workspace.binary("payoutctl"), arguments, environment: environment, in: directory)
    guard finished.status == 0 else {
      throw Problem("payoutctl \(arguments[0]): \(finished.errors)\(finished.output)")
    }
    return finished.output
  }

  /// Asks everything to finish, workers first. A worker promises to end with status 0.
  private func stopInOrder() async throws {
    let running = processes().map(\.process).filter(\.isRunning)
    let endings = try await inParallel(running, atOnce: running.count) { process in
      (process.name, try await process.stop())
    }
    for (name, ending) in endings where ending != .exited(0) {
      throw Problem("\(name) ended with \(String(describing: ending)) on SIGTERM")
    }
    await killAll()
  }

  private func killAll() async {
    let all =
      processes().map(\.process)
      + [devnet.process, servers.broker, servers.store].compactMap { $0 }
    for process in all { process.signal(SIGKILL) }
    for process in all {
      do {
        try await process.kill()
      } catch {
        print("\(process.name) cannot be killed: \(error)")
      }
    }
  }

  /// What every process said last, for whoever has to find out why a test failed.
  private func report() -> String {
    var lines = ["The fleet's files are in \(directory.path). What its processes said last:"]
    let all =
      processes().map(\.process)
      + [devnet.process, servers.broker, servers.store].compactMap { $0 }
    for process in all {
      let state = process.isRunning ? "running" : "\(String(describing: process.ending))"
      lines.append("-- \(process.name) (\(state))")
      lines += process.logTail(6)
    }
    return lines.joined(separator: "\n")
  }
}
