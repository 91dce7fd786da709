import KeyVault
import Logging
import Payouts
import Secp256k1
import Service

/// Opens the key of every router that has one. A key that cannot be opened stops the process.
func openWallets(
  _ settings: SignerSettings, logger: Logger
) throws -> [RouterType: any TransferSigner] {
  var wallets: [RouterType: any TransferSigner] = [:]
  for (router, key) in settings.keys {
    let vault = try KeyVault(
      keyFile: key.keyFile, password: key.password.map { SecretBytes(copying: $0.bytes) },
      allowsPlainKey: settings.allowsPlainKey)
    for warning in vault.warnings { logger.warning("\(warning)") }
    logger.info(
      "wallet opened", metadata: ["router": "\(router.rawValue)", "address": "\(vault.address)"])
    wallets[router] = vault
  }
  return wallets
}
