/// Settings of the Batcher.
public struct BatcherSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.batcher
  /// What every process needs.
  public var common: CommonSettings
  /// Most records processed together.
  public var batchLimit: Int
  /// How a window's payouts become transfers.
  public var netting: NettingSettings
  /// When windows end.
  public var windows: WindowSettings

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    batchLimit = try reader.required(Variables.batchLimit)
    netting = try NettingSettings(reader)
    windows = try WindowSettings(reader, common.network)
    try reader.finish()
  }
}
