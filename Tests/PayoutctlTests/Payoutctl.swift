import Foundation

/// Runs the real payoutctl and keeps what it said.
struct Payoutctl {
  let directory: TemporaryDirectory

  struct Outcome {
    var exitCode: Int32
    var output: String
    var errors: String

    func decode<Value: Decodable>(_: Value.Type) throws -> Value {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(Value.self, from: Data(output.utf8))
    }
  }

  struct NotBuilt: Error, CustomStringConvertible {
    var path: String
    var description: String { "\(path) is not there; swift build --build-tests makes it" }
  }

  /// The tests' own executable lies in the same directory of the build.
  private static func binary() throws -> URL {
    let url = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "payoutctl")
    guard FileManager.default.isExecutableFile(atPath: url.path) else {
      throw NotBuilt(path: url.path)
    }
    return url
  }

  func callAsFunction(
    _ arguments: String..., input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    try run(arguments, input: input, environment: environment)
  }

  func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = try Self.binary()
    process.arguments = arguments
    // Or the store's driver leaves counters in shared memory, and says so when it meets
    // those of a process that was killed.
    process.environment = environment.merging(["MONGOC_DISABLE_SHM": "1"]) { mine, _ in mine }
    // A file, not a pipe: a command that fails early leaves its input unread.
    let inputPath = try directory.file("input-\(UUID().uuidString)", Array(input.utf8))
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: inputPath))
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let outputBytes = try output.fileHandleForReading.readToEnd() ?? Data()
    let errorBytes = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      exitCode: process.terminationStatus, output: String(decoding: outputBytes, as: UTF8.self),
      errors: String(decoding: errorBytes, as: UTF8.self))
  }
}
