import Configuration
import Foundation

/// Reads typed values from flags, environment and file, in this order of precedence.
///
/// Not `Sendable`: it lives as long as the start of a process.
public final class SettingsReader {
  /// Who is starting.
  public let role: Role
  private let config: ConfigReader
  private let presentNames: Set<String>
  private var faults: [SettingFault] = []

  /// - Parameters:
  ///   - arguments: The command line without the program's name.
  ///   - environment: The process's environment.
  /// - Throws: Everything that is wrong, at once.
  public convenience init(
    role: Role, arguments: [String], environment: [String: String]
  ) throws(SettingFaults) {
    try self.init(
      role: role, flags: CommandLineFlags(arguments, role: role), environment: environment)
  }

  init(
    role: Role, flags: CommandLineFlags, environment: [String: String]
  ) throws(SettingFaults) {
    self.role = role
    var faults = flags.faults
    faults += Self.nearMisses(environment)
    let set = Self.withoutMeaninglessEmpties(environment)
    var fileValues: [String: String] = [:]
    if let path = flags.values["CONFIG_FILE"] ?? set["CONFIG_FILE"] {
      let file = ConfigFile(path: path)
      fileValues = file.values
      faults += file.faults
    }
    presentNames = Set(flags.values.keys).union(set.keys).union(fileValues.keys)
    config = ConfigReader(providers: [
      InMemoryProvider(name: "flags", values: Self.configValues(flags.values)),
      EnvironmentVariablesProvider(environmentVariables: set),
      InMemoryProvider(name: "file", values: Self.configValues(fileValues)),
    ])
    self.faults = faults
    for variable in Variables.read(by: role) { check(variable) }
    if !self.faults.isEmpty { throw SettingFaults(self.faults) }
  }

  /// The value that is set, else the default; `nil` when there is neither.
  public func value<Value>(_ setting: Setting<Value>) throws(SettingFaults) -> Value? {
    guard let text = text(setting.variable) ?? setting.variable.fallback(for: role) else {
      return nil
    }
    do {
      return try setting.parse(text)
    } catch {
      throw SettingFaults([fault(setting.variable, text, error)])
    }
  }

  /// The value that is set, else the default, which there is.
  public func required<Value>(_ setting: Setting<Value>) throws(SettingFaults) -> Value {
    guard let value = try value(setting) else {
      throw SettingFaults([missing(setting.variable, "is required")])
    }
    return value
  }

  /// Whether anything sets it.
  public func isSet(_ variable: Variable) -> Bool { presentNames.contains(variable.name) }

  /// The secret from its file, or from the plain variable where that is allowed.
  public func secret(_ setting: Setting<String>) throws(SettingFaults) -> Secret? {
    if let path = try value(setting) {
      return Secret(
        name: setting.variable.name, bytes: try fileBytes(setting.variable, path: path))
    }
    guard let plain = setting.variable.plainName, let text = plainText(plain) else { return nil }
    return Secret(name: plain, bytes: Array(text.utf8))
  }

  /// Notes something that is wrong between variables; `finish` throws it.
  public func add(_ fault: SettingFault) { faults.append(fault) }

  /// Notes that a variable is needed here.
  public func addMissing(_ variable: Variable, _ why: String) { add(missing(variable, why)) }

  /// Throws what was noted.
  public func finish() throws(SettingFaults) {
    if !faults.isEmpty { throw SettingFaults(faults) }
  }
}

extension SettingsReader {
  private func text(_ variable: Variable) -> String? {
    config.string(
      forKey: ConfigKey([variable.name]), isSecret: variable.sensitivity != .open)
  }

  private func plainText(_ name: String) -> String? {
    config.string(forKey: ConfigKey([name]), isSecret: true)
  }

  private func check(_ variable: Variable) {
    if let text = text(variable) {
      if text.isEmpty, !variable.allowsEmpty {
        return faults.append(missing(variable, "is empty"))
      }
      do {
        try variable.check(text)
      } catch {
        faults.append(fault(variable, text, error))
      }
    }
    if let plain = variable.plainName { checkPlain(plain, of: variable) }
  }

  private func checkPlain(_ plain: String, of variable: Variable) {
    guard presentNames.contains(plain) else { return }
    if presentNames.contains(variable.name) {
      faults.append(
        SettingFault(
          plain, "is set together with \(variable.name); set one of them",
          example: variable.exampleLine))
    } else if config.string(forKey: ConfigKey([Variables.allowPlainSecrets.variable.name]))
      .map({ ["yes", "true"].contains($0.lowercased()) }) != true
    {
      faults.append(
        SettingFault(
          plain, "holds a secret, which is allowed only with ALLOW_PLAIN_SECRETS=yes",
          example: variable.exampleLine))
    }
  }

  /// The text of a small file that a variable names, without its last line end.
  func fileText(_ variable: Variable, path: String) throws(SettingFaults) -> String {
    String(decoding: try fileBytes(variable, path: path), as: UTF8.self)
  }

  private func fileBytes(_ variable: Variable, path: String) throws(SettingFaults) -> [UInt8] {
    // LIMIT: no key or password is larger; a wrong path may name anything.
    let mostBytes = 65_536
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw SettingFaults([SettingFault(variable, "names a file that cannot be read")])
    }
    var bytes: [UInt8]
    do {
      defer { handle.closeFile() }
      bytes = [UInt8](try handle.read(upToCount: mostBytes + 1) ?? .init())
    } catch {
      throw SettingFaults([SettingFault(variable, "names a file that cannot be read")])
    }
    guard bytes.count <= mostBytes else {
      throw SettingFaults([SettingFault(variable, "names a file of more than \(mostBytes) bytes")])
    }
    while bytes.last == 0x0a || bytes.last == 0x0d { bytes.removeLast() }
    guard !bytes.isEmpty else {
      throw SettingFaults([SettingFault(variable, "names an empty file")])
    }
    return bytes
  }

  private func fault(_ variable: Variable, _ text: String, _ malformed: Malformed) -> SettingFault {
    let shown =
      variable.sensitivity == .hidden
      ? "the value (not shown)" : "\"\(text.prefix(200))\""
    return SettingFault(
      variable.name, "\(shown) \(malformed.message)",
      example: variable.exampleLine)
  }

  private func missing(_ variable: Variable, _ why: String) -> SettingFault {
    SettingFault(variable, why)
  }

  private static func nearMisses(_ environment: [String: String]) -> [SettingFault] {
    environment.keys.sorted().compactMap { name in
      NearMiss.meant(by: name).map {
        SettingFault(
          name, "is not a variable of any process; did you mean \($0)?",
          example: Variables.exampleLine(of: $0))
      }
    }
  }

  /// An empty environment variable is how deployment files say "not set".
  private static func withoutMeaninglessEmpties(
    _ environment: [String: String]
  ) -> [String: String] {
    let keepers = Set(Variables.all.filter(\.allowsEmpty).map(\.name))
    return environment.filter { !$0.value.isEmpty || keepers.contains($0.key) }
  }

  private static func configValues(
    _ values: [String: String]
  ) -> [AbsoluteConfigKey: ConfigValue] {
    Dictionary(
      uniqueKeysWithValues: values.map {
        (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: true))
      })
  }
}
