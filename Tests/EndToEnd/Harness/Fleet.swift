import Foundation
import Synchronization
import Tron

/// The four workers.
enum Worker: String, CaseIterable, Sendable {
  case ingest, batcher, signer, confirmer
}

/// What a test wants to be different from the usual fleet.
struct FleetOptions: Sendable {
  /// Copies of every worker.
  var copies = 1
  var blockIntervalMilliseconds = 300
  /// Few, so that blocks solidify soon: with 5 the solidified head is 3 behind the head.
  var witnesses = 5
  /// Whether what the store acknowledged survives its SIGKILL; slow.
  var storeSyncsOnCommit = false
  /// What the wallet owns in the first block.
  var walletUSDT = USDTAmount(micro: 1_000_000_000_000)
  var walletTRX = Sun(1_000_000_000_000)
  /// Variables of one worker beyond the usual ones.
  var environment: [Worker: [String: String]] = [:]
  /// Whether the workers are started; without it the test does.
  var startsWorkers = true
}

/// A whole fleet of real processes in a directory of its own: broker, store, devnet, workers.
final class Fleet: Sendable {
  let directory: URL
  let options: FleetOptions
  let servers: FleetServers
  let devnet: Devnet
  /// The address that pays.
  let wallet: TronAddress
  let api: PayoutAPI
  /// What payoutctl is given.
  let environment: [String: String]
  private let workers: [Worker: [WorkerProcess]]

  /// A worker's process and its operations port.
  struct WorkerProcess: Sendable {
    let process: ChildProcess
    let operations: HTTPClient

    /// Whether it says that it is ready, and what else it says.
    func readiness() async throws -> (isReady: Bool, text: String) {
      let answer = try await operations.get("/readyz")
      return (answer.status == 200, answer.text)
    }
  }

  init(
    directory: URL, options: FleetOptions, servers: FleetServers, devnet: Devnet,
    wallet: TronAddress, token: String, environment: [String: String]
  ) throws {
    self.directory = directory
    self.options = options
    self.servers = servers
    self.devnet = devnet
    self.wallet = wallet
    self.environment = environment
    // In one go: nobody listens on them yet, so a second call could choose the same.
    var ports = try freePorts(options.copies * (Worker.allCases.count + 1))[...]
    let apiPorts = Array(ports.prefix(options.copies))
    api = PayoutAPI(copies: apiPorts.map { HTTPClient(port: $0) }, token: token)
    let specific = Self.environment(in: directory, options)
    var workers: [Worker: [WorkerProcess]] = [:]
    for worker in Worker.allCases {
      ports = ports.dropFirst(options.copies)
      workers[worker] = ports.prefix(options.copies).enumerated().map { copy, port in
        var variables = environment.merging(specific[worker] ?? [:]) { $1 }
        variables["OPS_PORT"] = String(port)
        if worker == .ingest { variables["HTTP_PORT"] = String(apiPorts[copy]) }
        let name = "\(worker.rawValue)-\(copy + 1)"
        return WorkerProcess(
          process: ChildProcess(
            name, Workspace.binary(worker.rawValue), environment: variables,
            log: directory.appending(path: "\(name).log")),
          operations: HTTPClient(port: port, timeoutSeconds: 3))
      }
    }
    self.workers = workers
  }

  /// All workers, or the copies of one.
  func processes(_ worker: Worker? = nil) -> [WorkerProcess] {
    if let worker { return workers[worker] ?? [] }
    return Worker.allCases.flatMap { workers[$0] ?? [] }
  }

  /// Starts every worker that does not run.
  func startWorkers() async throws {
    for worker in processes() where !worker.process.isRunning {
      try await worker.process.start()
    }
  }

  /// Waits until every worker says that it is ready.
  func workersAreReady(within limit: Duration = .seconds(60)) async throws {
    for worker in processes() {
      try await eventually("\(worker.process.name) is ready", within: limit) {
        guard worker.process.isRunning else {
          throw Problem(
            "\(worker.process.name) ended: \(String(describing: worker.process.ending))")
        }
        do {
          let (isReady, text) = try await worker.readiness()
          return .when(isReady, otherwise: text)
        } catch let problem as Problem {
          return .notYet(problem.description)
        }
      }
    }
  }

  /// Runs payoutctl against this fleet.
  func payoutctl(_ arguments: String..., within limit: Duration = .seconds(60)) async throws
    -> Finished
  {
    try await payoutctl(arguments, within: limit)
  }

  /// The same with the words in a list.
  func payoutctl(_ arguments: [String], within limit: Duration) async throws -> Finished {
    try await runToEnd(
      Workspace.binary("payoutctl"), arguments, environment: environment, in: directory,
      within: limit)
  }

  /// Asks broker, store or node with a client that is not ours: a program of Tests/Witnesses.
  func witness(_ program: String, _ arguments: [String], input: String = "") async throws -> String
  {
    let file = directory.appending(path: "witness-input")
    try Data(input.utf8).write(to: file)
    let finished = try await runToEnd(
      Workspace.python,
      [Workspace.root.appending(path: "Tests/Witnesses/\(program)").path] + arguments,
      environment: environment, input: file, in: directory)
    guard finished.status == 0 else {
      throw Problem("\(program) \(arguments.first ?? ""): \(finished.errors)")
    }
    return finished.output
  }

  /// What each worker is given beyond what all are given.
  private static func environment(
    in directory: URL, _ options: FleetOptions
  ) -> [Worker: [String: String]] {
    func file(_ name: String) -> String { directory.appending(path: name).path }
    // Limits count everything, and refuse nothing that a test asks for.
    func ample(_ prefix: String) -> [String: String] {
      let names = ["DAILY_USDT", "HOURLY_USDT", "DAILY_USDT_KYC", "HOURLY_USDT_KYC"]
      return Dictionary(uniqueKeysWithValues: names.map { ("\(prefix)_\($0)", "1000000000") })
    }
    let usual: [Worker: [String: String]] = [
      .ingest: ["JWT_HS256_SECRET_FILE": file("jwt-secret"), "RATE_LIMITS": "off"].merging(
        ample("LIMIT")
      ) { $1 },
      .batcher: [:],
      .signer: [
        "SIGNER_KEY_FILE": file("wallet.json"),
        "SIGNER_KEY_PASSWORD_FILE": file("wallet-password"),
      ].merging(ample("SIGNER_LIMIT")) { $1 },
      .confirmer: [
        "BROADCAST_INTERVAL_SECONDS": "1", "SCAN_INTERVAL_MS": "100",
        // Tests in which many transfers fail are not about the breaker.
        "BREAKER_CONSECUTIVE_FAILURES": "1000", "BREAKER_MINIMUM_TRANSFERS": "100000",
      ],
    ]
    return usual.merging(options.environment) { usual, given in usual.merging(given) { $1 } }
  }
}
