import ArgumentParser
import KeyVault
import Secp256k1

/// `payoutctl keystore`.
struct KeystoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keystore",
    abstract: "Makes and inspects keystore files (version 3, as TRON wallets write them).",
    subcommands: [KeystoreNewCommand.self, KeystoreInspectCommand.self])
}

/// `payoutctl keystore new`.
struct KeystoreNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Makes a new wallet: a random key in a keystore that only you can read.")

  @Option(help: ArgumentHelp("The file to write; never overwritten.", valueName: "file"))
  var out: String

  @Option(help: ArgumentHelp("File with the password.", valueName: "file"))
  var passwordFile: String

  @Flag(help: "Weaker protection of the password, but quick and with little memory.")
  var light = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let file = try PasswordFile(path: passwordFile)
    guard file.password.count > 0 else { throw CommandFailure("\(passwordFile): is empty") }
    for warning in file.warnings { Console.warn(warning.description) }
    let key = try PrivateKey.random()
    let keystore = try Keystore(
      encrypting: key, password: file.password,
      derivation: KeyDerivation(light ? .light : .standard))
    try keystore.write(to: out)
    if json {
      try Console.print(json: ["address": key.address.base58, "path": out])
    } else {
      print(key.address.base58)
    }
  }
}
