import ArgumentParser
import Foundation
import KeyVault
import Secp256k1

/// How a key file is opened.
struct KeyAccess: ParsableArguments {
  @Option(help: ArgumentHelp("File with the keystore's password.", valueName: "file"))
  var passwordFile: String?

  @Flag(help: "Accept a key file of 64 hex digits (as ALLOW_PLAIN_KEY=yes does).")
  var allowPlainKey = false

  /// Opens the key file; what an operator should know goes to standard error.
  func key(_ path: String) throws -> PrivateKey {
    let file = try KeyFile(path: path, allowsPlainKey: allowsPlainKey)
    var warnings = file.warnings
    var password: SecretBytes?
    if let passwordFile {
      let read = try PasswordFile(path: passwordFile)
      warnings += read.warnings
      password = read.password
    }
    let key = try file.key(password: password)
    if !key.isLocked { warnings.append(.notLocked) }
    // Whoever allowed a plain key knows that it is one.
    for warning in warnings where warning != .plainKey(path: path) {
      Console.warn(warning.description)
    }
    return key
  }

  private var allowsPlainKey: Bool {
    allowPlainKey || ProcessInfo.processInfo.environment["ALLOW_PLAIN_KEY"] == "yes"
  }
}
