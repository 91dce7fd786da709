import Payouts

/// Where a process is to kill itself, for tests of recovery.
public struct FailpointSettings: Sendable, Equatable {
  /// At which pass of each point, counted from 1.
  public var kills: [Failpoint: Int]
  /// Where the points that were hit leave a file, so that a restarted process survives them.
  public var stateDirectory: String?

  /// Collects the parts.
  public init(kills: [Failpoint: Int], stateDirectory: String?) {
    self.kills = kills
    self.stateDirectory = stateDirectory
  }

  /// Reads `FAILPOINTS`; `nil` when it is not set.
  init?(_ reader: SettingsReader) throws(SettingFaults) {
    guard reader.isSet(Variables.failpoints.variable),
      let text = try reader.value(Variables.failpoints)
    else { return nil }
    #if DEBUG || FAILPOINTS
      kills = try Self.parse(text)
      stateDirectory = try reader.value(Variables.failpointsStateDirectory)
    #else
      throw SettingFaults([
        SettingFault(
          "FAILPOINTS", "is set (\(text.prefix(40))), but this build has no failpoints: unset it",
          example: "FAILPOINTS=")
      ])
    #endif
  }

  /// Reads `signer.after_plan:3,confirmer.after_arm`.
  static func parse(_ text: String) throws(SettingFaults) -> [Failpoint: Int] {
    var kills: [Failpoint: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let words = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      guard let point = Failpoint(rawValue: words[0]) else {
        throw fault("\"\(words[0].prefix(80))\" is not a failpoint")
      }
      guard words.count <= 2, let pass = words.count == 1 ? 1 : decimal(words[1]), pass > 0 else {
        throw fault("\"\(part.prefix(80))\" must be a name, or a name, a colon and a pass from 1")
      }
      guard kills.updateValue(pass, forKey: point) == nil else {
        throw fault("\(point.rawValue) is named twice")
      }
    }
    return kills
  }

  private static func fault(_ message: String) -> SettingFaults {
    let example = "FAILPOINTS=\(Variables.failpoints.variable.example)"
    return SettingFaults([SettingFault("FAILPOINTS", message, example: example)])
  }
}
