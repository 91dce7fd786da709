/// One configuration variable as people see it: the source of `--help` and of
/// docs/configuration.md.
public struct Variable: Sendable {
  /// What applies when nothing sets it.
  public enum Fallback: Sendable, Equatable {
    /// Nothing.
    case none
    /// This text, read like a set one.
    case text(String)
    /// Depends on the role.
    case byRole([Role: String])
    /// Computed from something else; the words say from what.
    case described(String)
  }

  /// How much of its value may be shown.
  public enum Sensitivity: Sendable {
    /// All of it.
    case open
    /// None of it: it may carry a credential.
    case hidden
    /// It names a file that holds a secret. The variable without `_FILE` may hold the secret
    /// itself where plain secrets are allowed.
    case secretFile
  }

  /// The environment variable's name; flag and file key follow from it.
  public let name: String
  /// The processes that read it.
  public let readers: [Role]
  /// What applies when nothing sets it.
  public let fallback: Fallback
  /// What it does, one line.
  public let meaning: String
  /// A valid value.
  public let example: String
  /// How much of its value may be shown.
  public let sensitivity: Sensitivity
  /// Whether an empty value means "empty" instead of "not set".
  public let allowsEmpty: Bool
  /// Throws when a text is not a value.
  let check: @Sendable (String) throws(Malformed) -> Void

  /// `--mongo-uri` for `MONGO_URI`; `CONFIG_FILE` is `--config`.
  public var flag: String {
    name == "CONFIG_FILE"
      ? "--config" : "--" + name.lowercased().replacing("_", with: "-")
  }

  /// A line that would be right.
  public var exampleLine: String { "\(name)=\(example)" }

  /// The variable that may hold the secret itself.
  public var plainName: String? {
    sensitivity == .secretFile ? name.replacing("_FILE", with: "") : nil
  }

  /// The default as documents print it.
  public var fallbackText: String {
    switch fallback {
    case .none: "–"
    case .text(let text): text.isEmpty ? "empty" : text
    case .described(let words): words
    case .byRole(let texts):
      readers.compactMap { role in texts[role].map { "\($0) \(role.rawValue)" } }
        .joined(separator: ", ")
    }
  }

  /// The text that applies to a role when nothing sets it.
  func fallback(for role: Role) -> String? {
    switch fallback {
    case .none, .described: nil
    case .text(let text): text
    case .byRole(let texts): texts[role]
    }
  }
}

/// A variable with the type of its value.
public struct Setting<Value: Sendable>: Sendable {
  /// The untyped part.
  public let variable: Variable
  let parse: @Sendable (String) throws(Malformed) -> Value

  init(
    _ name: String, _ readers: [Role], _ format: ValueFormat<Value>,
    default fallback: Variable.Fallback = .none, example: String,
    sensitivity: Variable.Sensitivity = .open, allowsEmpty: Bool = false, _ meaning: String
  ) {
    let parse = format.parse
    self.parse = parse
    self.variable = Variable(
      name: name, readers: readers, fallback: fallback, meaning: meaning, example: example,
      sensitivity: sensitivity, allowsEmpty: allowsEmpty,
      check: { (text) throws(Malformed) in _ = try parse(text) })
  }
}

/// Why a text is not a value, as the end of a sentence that begins with the value.
struct Malformed: Error, Equatable {
  var message: String

  init(_ message: String) { self.message = message }
}
