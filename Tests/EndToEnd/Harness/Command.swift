import Foundation

/// A program that was run to its end.
struct Finished: Sendable {
  var status: Int32
  /// Standard output.
  var output: String
  /// Standard error.
  var errors: String
}

/// Runs a program to its end, with its output kept in the directory.
func runToEnd(
  _ executable: URL, _ arguments: [String], environment: [String: String] = [:],
  input: URL? = nil, in directory: URL, within limit: Duration = .seconds(60)
) async throws -> Finished {
  let name = executable.lastPathComponent
  let call = directory.appending(path: "\(name)-\(UUID().uuidString.prefix(8))")
  let child = ChildProcess(
    name, executable, arguments, environment: environment, input: input,
    log: call.appendingPathExtension("out"), errorLog: call.appendingPathExtension("err"))
  try await child.start()
  let ending: ChildProcess.Ending?
  do {
    ending = try await child.ended(within: limit)
  } catch {
    try await child.kill()
    throw error
  }
  let output = try String(contentsOf: call.appendingPathExtension("out"), encoding: .utf8)
  let errors = try String(contentsOf: call.appendingPathExtension("err"), encoding: .utf8)
  guard case .exited(let status) = ending else {
    throw Problem("\(name) \(arguments.first ?? "") was killed\n\(errors)")
  }
  return Finished(status: status, output: output, errors: errors)
}
