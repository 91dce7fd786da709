import Foundation

/// How fast a server answered.
struct Rate {
  var perSecond: Double
  /// What one processor could do: less touched by what else the machine does.
  var perProcessorSecond: Double
}

/// One turn of everything.
struct BenchTurn {
  var echoPost: Rate
  var decodedPost: Rate
  var post: Rate
  var bareGet: Rate
  var get: Rate
}

/// Medians over the turns, and the ratios that matter.
struct BenchReport: Encodable {
  var connections: Int
  var postPerSecond: Double
  var echoPerSecond: Double
  var decodedEchoPerSecond: Double
  var getPerSecond: Double
  var bareGetPerSecond: Double
  /// POST /payouts with the stores cut out, of the bare server that decodes and encodes the same
  /// body.
  var postRatio: Double
  /// The same, of the bare echo of the bytes.
  var postToEchoRatio: Double
  /// GET /payouts/{id}, of a bare route.
  var getRatio: Double
  /// The first and the last, by the servers' processor time.
  var postProcessorRatio: Double
  var getProcessorRatio: Double

  init(_ turns: [BenchTurn], connections: Int) {
    self.connections = connections
    postPerSecond = median(turns.map(\.post.perSecond))
    echoPerSecond = median(turns.map(\.echoPost.perSecond))
    decodedEchoPerSecond = median(turns.map(\.decodedPost.perSecond))
    getPerSecond = median(turns.map(\.get.perSecond))
    bareGetPerSecond = median(turns.map(\.bareGet.perSecond))
    postRatio = median(turns.map { $0.post.perSecond / $0.decodedPost.perSecond })
    postToEchoRatio = median(turns.map { $0.post.perSecond / $0.echoPost.perSecond })
    getRatio = median(turns.map { $0.get.perSecond / $0.bareGet.perSecond })
    postProcessorRatio = median(
      turns.map { $0.post.perProcessorSecond / $0.decodedPost.perProcessorSecond })
    getProcessorRatio = median(
      turns.map { $0.get.perProcessorSecond / $0.bareGet.perProcessorSecond })
  }

  func text(json: Bool) throws -> String {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
    return """
      \(connections) connections                 requests/s   of the bare server   by processor time
      bare echo of the same bytes   \(whole(echoPerSecond))
      bare decode and encode        \(whole(decodedEchoPerSecond))
      POST /payouts, stores cut out \(whole(postPerSecond))   \(percent(postRatio))               \(percent(postProcessorRatio))
        of the echo of bytes                     \(percent(postToEchoRatio))
      bare route                    \(whole(bareGetPerSecond))
      GET /payouts/{id}, stores out \(whole(getPerSecond))   \(percent(getRatio))               \(percent(getProcessorRatio))
      """
  }

  private func whole(_ value: Double) -> String { padded(String(Int(value)), 10) }

  private func percent(_ value: Double) -> String { padded("\(Int((value * 100).rounded())) %", 7) }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}

private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
