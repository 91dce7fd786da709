import Foundation

/// A transfer as pymongo reads it.
struct StoredTransfer: Decodable, Sendable {
  struct Attempt: Decodable, Sendable {
    var txid: String
    var armed: Bool
    var death: String?
  }

  var id: String
  var state: String
  var members: [String]
  var hold: String?
  var attempts: [Attempt]
}

/// A record as confluent-kafka reads it.
struct LogRecord: Codable, Sendable {
  var topic: String
  var partition: Int?
  var key: Data?
  var value: Data?
  var headers: [[String]]
}

extension Fleet {
  func storedTransfers() async throws -> [StoredTransfer] {
    try lines(await witness("store.py", ["transfers"]))
  }

  func records(of topics: String...) async throws -> [LogRecord] {
    try lines(await witness("log.py", ["consume"] + topics))
  }

  func produce(_ records: [LogRecord]) async throws {
    let lines = try records.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    _ = try await witness("log.py", ["produce"], input: lines.joined(separator: "\n"))
  }

  /// Appends every record of the topics again, unchanged; answers how many there were.
  func repeatRecords(of topics: [String], times: Int) async throws -> Int {
    let output = try await witness("log.py", ["repeat", String(times)] + topics)
    guard let count = Int(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw Problem(output)
    }
    return count
  }

  /// Holds every record of every topic against the published schemas; how many there are of each
  /// type.
  func validRecords(of topics: String...) async throws -> [String: Int] {
    let output = try await witness("log.py", ["validate"] + topics)
    return try JSONDecoder().decode([String: Int].self, from: Data(output.utf8))
  }

  private func lines<Line: Decodable>(_ output: String) throws -> [Line] {
    try output.split(separator: "\n").map {
      try JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }
}
