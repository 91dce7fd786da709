import ArgumentParser
import Foundation

/// Puts load on a running Ingest and tells how fast it answered.
struct Load: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create payouts at a running Ingest, or read one, over many connections.")

  @Option(help: "The port of the API on 127.0.0.1.")
  var port: Int

  @Option(help: "A file with a bearer token.")
  var tokenFile: String

  @Option(help: "How many connections at a time.")
  var connections = 64

  @Option(help: "For how many seconds.")
  var seconds = 10

  @Option(help: "How many requests a second, evenly spread; as many as are answered without it.")
  var rate: Double?

  @Flag(help: "Read one payout again and again instead of creating.")
  var read = false

  func validate() throws {
    guard connections > 0, (1...3600).contains(seconds), rate.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--connections, --seconds and --rate must be positive")
    }
  }

  func run() async throws {
    let token = try String(contentsOfFile: tokenFile, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var client = LoadClient(port: port, request: .create(token: token))
    if read {
      let id = try PayoutReference(json: try await client.one()).id
      client.request = .read(id: id, token: token)
    }
    let begun = ContinuousClock.now
    let latencies = try await client.run(
      for: .seconds(seconds), connections: connections, perSecond: rate)
    print(try LoadReport(latencies, elapsed: ContinuousClock.now - begun).json())
  }
}

/// How fast a server answered.
struct LoadReport: Encodable {
  var requests: Int
  var perSecond: Double
  var p50Milliseconds: Double
  var p99Milliseconds: Double
  var maximumMilliseconds: Double

  init(_ latencies: [Duration], elapsed: Duration) throws {
    guard !latencies.isEmpty else { throw BadAnswer("not one request was answered") }
    let sorted = latencies.map { $0.seconds * 1000 }.sorted()
    requests = sorted.count
    perSecond = Double(sorted.count) / elapsed.seconds
    p50Milliseconds = sorted[sorted.count / 2]
    p99Milliseconds = sorted[sorted.count * 99 / 100]
    maximumMilliseconds = sorted[sorted.count - 1]
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
