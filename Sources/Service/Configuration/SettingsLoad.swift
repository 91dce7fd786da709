/// What the command line and the environment ask a process to do.
public enum SettingsLoad<Settings: RoleSettings>: Sendable {
  /// Run with these.
  case run(Settings)
  /// Print this on standard output and exit 0.
  case show(String)
  /// Print these on standard error and exit with `Bootstrap.configurationExitCode`.
  case refuse(SettingFaults)

  /// Reads everything.
  /// - Parameter arguments: The command line without the program's name.
  public static func load(
    arguments: [String], environment: [String: String]
  ) -> SettingsLoad {
    let flags = CommandLineFlags(arguments, role: Settings.role)
    if flags.wantsHelp { return .show(Usage.text(for: Settings.role)) }
    if flags.wantsVersion { return .show("\(Settings.role.rawValue) \(Version.text)\n") }
    do {
      return .run(
        try Settings(
          SettingsReader(role: Settings.role, flags: flags, environment: environment)))
    } catch {
      return .refuse(error)
    }
  }
}
