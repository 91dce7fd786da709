/// One thing that is wrong with the configuration.
public struct SettingFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The variable or flag.
  public var name: String
  /// What is wrong; never a secret.
  public var message: String
  /// A line that would be right.
  public var example: String

  /// Collects the parts.
  public init(_ name: String, _ message: String, example: String) {
    self.name = name
    self.message = message
    self.example = example
  }

  /// About a variable, with its own example.
  public init(_ variable: Variable, _ message: String) {
    self.init(variable.name, message, example: variable.exampleLine)
  }

  /// The line that people read.
  public var description: String {
    "\(name): \(message); for example \(example)"
  }
}

/// Everything that is wrong with the configuration; the process does not start.
public struct SettingFaults: Error, Sendable, CustomStringConvertible {
  /// In the order found; never empty.
  public var faults: [SettingFault]

  /// Collects faults.
  public init(_ faults: [SettingFault]) { self.faults = faults }

  /// One line a fault.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
