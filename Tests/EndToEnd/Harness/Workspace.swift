import Foundation

/// Where the tests find what they start, and where they leave what they saw.
enum Workspace {
  /// The project's directory.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The directory of the executables: this test is one of them, so they are of the same build.
  static let binaries = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Directories of fleets; those of failed tests stay.
  static let runs = root.appending(path: ".dev/run/end-to-end")

  /// The broker stand-in.
  static let broker = tool("DEV_BROKER", "deploy/dev/broker")
  /// The store stand-in.
  static let store = tool("SECANTUSD", "deploy/dev/store")
  /// The Python that has tronpy, pymongo and confluent-kafka.
  static let python = tool("PYTHON_WITNESS", ".dev/venv/bin/python")

  /// The servers that the caller wants used instead of ones of our own, if any.
  static let givenServers: (broker: String, store: String)? = {
    let environment = ProcessInfo.processInfo.environment
    guard let broker = environment["KAFKA_BOOTSTRAP_SERVERS"], let store = environment["MONGO_URI"]
    else { return nil }
    return (broker, store)
  }()

  /// One of our own executables.
  static func binary(_ name: String) -> URL { binaries.appending(path: name) }

  private static func tool(_ variable: String, _ path: String) -> URL {
    if let given = ProcessInfo.processInfo.environment[variable] { return URL(filePath: given) }
    return root.appending(path: path)
  }
}

/// Why a test of the fleet cannot go on; the message is all that a person needs.
struct Problem: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
