import Foundation

/// A server in a process of its own, so that its processor time can be told from the client's.
final class ServerProcess {
  let port: Int
  private let process = Process()

  init(_ kind: BenchServer) throws {
    let output = Pipe()
    process.executableURL = URL(filePath: CommandLine.arguments[0])
    process.arguments = ["serve", kind.rawValue]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The server writes one line at once, its port; or ends, and there is no line.
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let port = Int(line.trimmingPrefix(" ").prefix { $0.isNumber }) else {
      throw BadAnswer("the server did not start")
    }
    self.port = port
  }

  func stop() { process.terminate() }

  /// User and system time that the process has used.
  func processorSeconds() throws -> Double {
    let path = "/proc/\(process.processIdentifier)/stat"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    // The command's name is in parentheses and may have spaces; utime is the 12th field after it.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 13, let user = Double(fields[11]), let system = Double(fields[12]) else {
      throw BadAnswer("unreadable: \(path)")
    }
    return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
  }
}
