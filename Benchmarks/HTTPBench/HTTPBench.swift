import ArgumentParser
import Foundation
import Logging

/// Compares the API, its stores cut out, with a bare Hummingbird server that gives the same body
/// back, by requests per second and per second of the server's processor time.
@main
struct HTTPBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "http-bench", subcommands: [Measure.self, Load.self, Serve.self],
    defaultSubcommand: Measure.self)
}

/// Serves until it is killed; the measuring process starts it.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(shouldDisplay: false)

  @Argument var kind: BenchServer

  func run() async throws {
    try await kind.serve { port in
      // Not through the buffer of `print`: the measuring process waits for the line.
      FileHandle.standardOutput.write(Data("\(port)\n".utf8))
    }
  }
}

/// Measures both servers in turns.
struct Measure: AsyncParsableCommand {
  @Option(help: "How many turns; the medians are reported.")
  var rounds = 7

  @Option(help: "How many requests in each turn.")
  var count = 20_000

  @Option(help: "How many connections at a time.")
  var connections = 64

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard rounds > 0, connections > 0, count >= connections else {
      throw ValidationError("--rounds, --connections and --count must fit")
    }
  }

  func run() async throws {
    let echo = try ServerProcess(.echo)
    defer { echo.stop() }
    let api = try ServerProcess(.api)
    defer { api.stop() }
    let created = try await LoadClient(port: api.port, request: .create).one()
    let read = BenchRequest.read(id: try PayoutReference(json: created).id)
    var turns: [BenchTurn] = []
    // The first turn does not count: lazy initialisation, caches, processor frequency.
    for round in 0...rounds {
      let turn = BenchTurn(
        echoPost: try await rate(echo, .echo), decodedPost: try await rate(echo, .decodedEcho),
        post: try await rate(api, .create),
        bareGet: try await rate(echo, .bare), get: try await rate(api, read))
      if round > 0 { turns.append(turn) }
    }
    print(try BenchReport(turns, connections: connections).text(json: json))
  }

  private func rate(_ server: ServerProcess, _ request: BenchRequest) async throws -> Rate {
    let client = LoadClient(port: server.port, request: request)
    let (cpu, clock) = (try server.processorSeconds(), ContinuousClock.now)
    try await client.run(count: count, connections: connections)
    let elapsed = (ContinuousClock.now - clock).seconds
    return Rate(
      perSecond: Double(count) / elapsed,
      perProcessorSecond: Double(count) / (try server.processorSeconds() - cpu))
  }
}

struct PayoutReference: Decodable {
  var id: String
  enum CodingKeys: String, CodingKey { case id = "payout_id" }

  init(json: String) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
