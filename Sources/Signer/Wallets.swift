import KeyVault
import Logging
import Payouts
import Secp256k1
import Service

/// Opens the key of every router that has one. Keys that cannot be opened are faults of the
/// configuration: they stop the process, and nobody need try again.
func openWallets(
  _ settings: SignerSettings, logger: Logger
) throws(SettingFaults) -> [RouterType: any TransferSigner] {
  var wallets: [RouterType: any TransferSigner] = [:]
  var faults: [SettingFault] = []
  for router in RouterType.allCases {
    guard let key = settings.keys[router] else { continue }
    let vault: KeyVault
    do {
      vault = try KeyVault(
        keyFile: key.keyFile, password: key.password.map { SecretBytes(copying: $0.bytes) },
        allowsPlainKey: settings.allowsPlainKey)
    } catch {
      faults.append(
        SettingFault(error.isOfPassword ? key.passwordVariable : key.keyVariable, error.message))
      continue
    }
    for warning in vault.warnings { logger.warning("\(warning)") }
    logger.info(
      "wallet opened", metadata: ["router": "\(router.rawValue)", "address": "\(vault.address)"])
    wallets[router] = vault
  }
  guard faults.isEmpty else { throw SettingFaults(faults) }
  return wallets
}

extension KeyVaultError {
  /// Whether it is the password that is to be looked at, not the key file.
  fileprivate var isOfPassword: Bool {
    switch code {
    case .passwordMissing, .wrongPassword: true
    case .file, .exists, .malformed, .unsupported, .plainKeyNotAllowed, .wrongAddress: false
    }
  }
}
