/// Settings of the Batcher.
public struct BatcherSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.batcher
  /// What every process needs.
  public var common: CommonSettings
  /// Most records processed together.
  public var batchLimit: Int
  /// Whether a window's payouts to one recipient become one transfer; not in effect yet.
  public var netting: Bool
  /// Shortened windows; not in effect yet.
  public var windows: WindowSettings

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    batchLimit = try reader.required(Variables.batchLimit)
    netting = try reader.required(Variables.netting)
    windows = try WindowSettings(reader)
    try reader.finish()
  }
}
