/// What `--help` prints.
enum Usage {
  static func text(for role: Role) -> String {
    let variables = Variables.read(by: role)
    let rows = variables.map { variable in
      """
        \(variable.flag)  (\(variable.name))
            \(variable.meaning)
            default: \(variable.fallback(for: role).map { $0.isEmpty ? "empty" : $0 } ?? variable.fallbackText); example: \(variable.example)
      """
    }
    return """
      \(role.rawValue) \(Version.text): \(role.summary)

      usage: \(role.rawValue) [--option VALUE]…

      Every option is also an environment variable (in brackets) and a key of the file given by
      --config. An option wins over the environment, the environment over the file.

      \(rows.joined(separator: "\n"))
        --help, -h
            print this and stop
        --version
            print the version and stop

      """
  }
}
