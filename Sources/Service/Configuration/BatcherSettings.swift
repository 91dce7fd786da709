/// Settings of the Batcher.
public struct BatcherSettings: RoleSettings {
  public static let role = Role.batcher
  public var common: CommonSettings
  /// Most records processed together.
  public var batchLimit: Int
  /// Whether a window's payouts to one recipient become one transfer; not in effect yet.
  public var netting: Bool
  /// Shortened windows; not in effect yet.
  public var windows: WindowSettings

  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    batchLimit = try reader.required(Variables.batchLimit)
    netting = try reader.required(Variables.netting)
    windows = try WindowSettings(reader)
    try reader.finish()
  }
}
