import Foundation

/// Standard input and output of commands.
enum Console {
  // LIMIT: a transaction has at most 512,000 bytes, twice that in hex.
  private static let mostInputBytes = 2_000_000

  /// Everything on standard input.
  static func readInput() throws -> [UInt8] {
    var input: [UInt8] = []
    while let chunk = try FileHandle.standardInput.read(upToCount: 65_536), !chunk.isEmpty {
      input += chunk
      guard input.count <= mostInputBytes else {
        throw CommandFailure("standard input is larger than \(mostInputBytes) bytes")
      }
    }
    return input
  }

  /// A value as JSON with snake_case keys, sorted.
  static func print(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// Names and values in two columns; a value that is absent is left out.
  static func print(rows: [(name: String, value: String?)]) {
    let width = rows.map(\.name.count).max() ?? 0
    for case (let name, let value?) in rows {
      let padding = String(repeating: " ", count: width - name.count)
      Swift.print("\(name)\(padding)  \(value)")
    }
  }

  /// Columns under a header; each as wide as its widest cell, or as given.
  static func print(table header: [String]?, _ rows: [[String]], widths: [Int] = []) {
    let all = (header.map { [$0] } ?? []) + rows
    let columns = all.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      max(
        column < widths.count ? widths[column] : 0,
        widths.isEmpty ? all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 : 0)
    }
    for row in all {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: max(0, width - cell.count))
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      Swift.print(line)
    }
  }

  /// One line on standard error, which does not change the outcome.
  static func warn(_ message: String) {
    FileHandle.standardError.write(Data("Warning: \(message)\n".utf8))
  }
}
