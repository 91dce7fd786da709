/// What a worker's command line says.
struct CommandLineFlags {
  /// Values by variable name.
  var values: [String: String] = [:]
  /// `--help` was given.
  var wantsHelp = false
  /// `--version` was given.
  var wantsVersion = false
  /// What is wrong with it.
  var faults: [SettingFault] = []

  /// Reads `--flag value` and `--flag=value`; `arguments` without the program's name.
  init(_ arguments: [String], role: Role) {
    let known = Dictionary(
      uniqueKeysWithValues: Variables.read(by: role).map { ($0.flag, $0) })
    var index = arguments.startIndex
    while index < arguments.endIndex {
      let argument = arguments[index]
      index += 1
      switch argument {
      case "--help", "-h": wantsHelp = true
      case "--version": wantsVersion = true
      default:
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(parts[0])
        guard let variable = known[flag] else {
          faults.append(Self.unknown(flag, role: role, known: known.keys))
          if parts.count == 1, index < arguments.endIndex, !arguments[index].hasPrefix("-") {
            index += 1
          }
          continue
        }
        if parts.count == 2 {
          take(String(parts[1]), for: variable)
        } else if index < arguments.endIndex, !arguments[index].hasPrefix("--") {
          take(arguments[index], for: variable)
          index += 1
        } else {
          faults.append(SettingFault(flag, "needs a value", example: Self.example(variable)))
        }
      }
    }
  }

  private mutating func take(_ value: String, for variable: Variable) {
    guard values.updateValue(value, forKey: variable.name) == nil else {
      return faults.append(
        SettingFault(variable.flag, "is given twice", example: Self.example(variable)))
    }
  }

  private static func unknown(
    _ flag: String, role: Role, known: some Collection<String>
  ) -> SettingFault {
    guard flag.hasPrefix("--") else {
      // What stands here may be a secret in the wrong place, so it is not repeated.
      return SettingFault(
        "command line", "holds a value that belongs to no option",
        example: "\(role.rawValue) --help")
    }
    if let other = Variables.all.first(where: { $0.flag == flag }) {
      let owners = other.readers.map(\.rawValue).joined(separator: ", ")
      return SettingFault(
        flag, "is not an option of \(role.rawValue) but of \(owners)",
        example: "\(role.rawValue) --help")
    }
    if Variables.all.contains(where: { $0.plainName.map(flagName) == flag }) {
      return SettingFault(
        flag, "would show a secret to everyone on this machine", example: "\(flag)-file PATH")
    }
    let meant = NearMiss.closest(to: flag, among: known)
    let variable = meant.flatMap { flag in Variables.all.first { $0.flag == flag } }
    return SettingFault(
      flag,
      "is not an option of \(role.rawValue)" + (meant.map { "; did you mean \($0)?" } ?? ""),
      example: variable.map(example) ?? "\(role.rawValue) --help")
  }

  private static func example(_ variable: Variable) -> String {
    "\(variable.flag) \(variable.example)"
  }

  private static func flagName(_ name: String) -> String {
    "--" + name.lowercased().replacing("_", with: "-")
  }
}
