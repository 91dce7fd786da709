import ArgumentParser
import KeyVault

/// `payoutctl keystore inspect`.
struct KeystoreInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Shows what a keystore says of itself; never the key.",
    discussion: "With a password the key is opened and the address checked against it.")

  @Argument(help: ArgumentHelp("The keystore.", valueName: "file"))
  var file: String

  @Option(help: ArgumentHelp("File with the password.", valueName: "file"))
  var passwordFile: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let keyFile = try KeyFile(path: file, allowsPlainKey: false)
    guard case .keystore(let keystore) = keyFile.contents else {
      throw CommandFailure("\(file): is not a keystore")
    }
    for warning in keyFile.warnings { Console.warn(warning.description) }
    var report = KeystoreReport(keystore)
    if let passwordFile {
      let key = try keyFile.key(password: PasswordFile(path: passwordFile).password)
      report.address = key.address.base58
      report.verified = true
    }
    try report.print(asJSON: json)
  }
}

/// What `keystore inspect` prints.
private struct KeystoreReport: Encodable {
  var address: String?
  /// Whether the key was opened and is the address's.
  var verified = false
  var kdf: String
  var kdfparams: Parameters
  var id: String?
  let version = 3

  struct Parameters: Encodable {
    var n: Int?
    var r: Int?
    var p: Int?
    var c: Int?
    var prf: String?
  }

  init(_ keystore: Keystore) {
    address = keystore.address?.base58
    id = keystore.id
    switch keystore.derivation {
    case .scrypt(let n, let r, let p, _):
      kdf = "scrypt"
      kdfparams = Parameters(n: n, r: r, p: p)
    case .pbkdf2(let c, _):
      kdf = "pbkdf2"
      kdfparams = Parameters(c: c, prf: "hmac-sha256")
    }
  }

  func print(asJSON: Bool) throws {
    guard !asJSON else { return try Console.print(json: self) }
    let numbers = [("n", kdfparams.n), ("r", kdfparams.r), ("p", kdfparams.p), ("c", kdfparams.c)]
      .compactMap { name, value in value.map { "\(name)=\($0)" } }
    Console.print(rows: [
      ("address", address), ("checked", verified ? "against the key" : "no (give --password-file)"),
      ("kdf", "\(kdf) \(numbers.joined(separator: " "))"), ("id", id), ("version", "\(version)"),
    ])
  }
}
