import Payouts
import Tron

/// Where the key of one wallet is.
public struct WalletKeySettings: Sendable {
  /// Keystore file, or a plain key where that is allowed.
  public var keyFile: String
  /// The keystore's password.
  public var password: Secret?
  /// Names the key file, for faults.
  public let keyVariable: Variable
  /// Names the password's file, for faults.
  public let passwordVariable: Variable

  init?(
    _ reader: SettingsReader, _ key: Setting<String>, _ password: Setting<String>
  ) throws(SettingFaults) {
    guard let file = try reader.value(key) else { return nil }
    keyFile = file
    self.password = try reader.secret(password)
    keyVariable = key.variable
    passwordVariable = password.variable
  }
}

/// Settings of the Signer.
public struct SignerSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.signer
  /// What every process needs.
  public var common: CommonSettings
  /// Keys by router; `.v0` is always there.
  public var keys: [RouterType: WalletKeySettings]
  /// Whether a key file may hold a plain key.
  public var allowsPlainKey: Bool
  /// The USDT contract.
  public var usdtContract: TronAddress
  /// How long a transaction may execute.
  public var validity: Duration
  /// Most that a transaction may burn.
  public var feeLimit: Sun
  /// The Signer's own cap of one transfer.
  public var maxTransfer: USDTAmount
  /// When the circuit breaker opens and closes.
  public var breaker: BreakerPolicy
  /// Its own caps of a day and an hour.
  public var limits: [RouterType: AmountLimits]
  /// Most records processed together.
  public var batchLimit: Int

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    keys = [:]
    keys[.v0] = try WalletKeySettings(
      reader, Variables.signerKeyFile, Variables.signerKeyPasswordFile)
    keys[.kyc] = try WalletKeySettings(
      reader, Variables.signerKeyFileKYC, Variables.signerKeyPasswordFileKYC)
    if keys[.v0] == nil { reader.addMissing(Variables.signerKeyFile.variable, "is required") }
    allowsPlainKey = try reader.required(Variables.allowPlainKey)
    usdtContract = try reader.usdtContract(common.network)
    validity = try reader.required(Variables.txValidity)
    feeLimit = try reader.required(Variables.feeLimit)
    maxTransfer = try reader.required(Variables.maxTransfer)
    breaker = try BreakerPolicy(reader)
    limits = [
      .v0: try AmountLimits(reader, Variables.signerLimitDaily, Variables.signerLimitHourly),
      .kyc: try AmountLimits(
        reader, Variables.signerLimitDailyKYC, Variables.signerLimitHourlyKYC),
    ]
    batchLimit = try reader.required(Variables.batchLimit)
    try reader.finish()
  }
}
