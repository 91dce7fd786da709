import Foundation
import Testing
import Tron

extension FleetOptions {
  /// Gives `PayoutRouterKYC` the wallet that the other router has.
  mutating func payUnderKYC(_ fleetName: String) {
    let directory = Workspace.runs.appending(path: fleetName)
    let keys = [
      "SIGNER_KEY_FILE_KYC": directory.appending(path: "wallet.json").path,
      "SIGNER_KEY_PASSWORD_FILE_KYC": directory.appending(path: "wallet-password").path,
    ]
    environment[.signer, default: [:]].merge(keys) { $1 }
  }
}

extension Fleet {
  /// Records that somebody looked at a recipient.
  func addKYC(_ recipient: TronAddress) async throws {
    let added = try await payoutctl(
      "kyc", "add", recipient.base58, "--level", "full", "--expires", "2100-01-01T00:00:00Z",
      "--reference-hash", String(repeating: "0a", count: 32))
    try #require(added.status == 0, "\(added.errors)")
  }

  /// Withdraws that.
  func revokeKYC(_ recipient: TronAddress) async throws {
    let revoked = try await payoutctl("kyc", "revoke", recipient.base58, "--reason", "moved away")
    try #require(revoked.status == 0, "\(revoked.errors)")
  }
}
