import Payouts
import Tron

/// When windows end: by the calendar, or, on a devnet, sooner.
public struct WindowSettings: Sendable, Hashable {
  /// Both Ingest and Batcher go by it.
  public let calendar: WindowCalendar

  init(_ reader: SettingsReader, _ network: TronNetwork) throws(SettingFaults) {
    let variables: [(BatchType, Setting<Duration>)] = [
      (.hourly, Variables.windowHourly), (.daily, Variables.windowDaily),
      (.weekly, Variables.windowWeekly),
    ]
    var shortened: [BatchType: Duration] = [:]
    for (type, variable) in variables {
      guard let length = try reader.value(variable) else { continue }
      shortened[type] = length
      if network != .devnet {
        reader.add(
          SettingFault(
            variable.variable.name, "windows are shortened on a devnet only: unset it",
            example: "\(variable.variable.name)="))
      }
    }
    calendar = WindowCalendar(shortened: shortened)
  }
}

/// How a window's payouts become transfers.
public struct NettingSettings: Sendable, Hashable {
  /// The rules.
  public let policy: NettingPolicy

  init(_ reader: SettingsReader) throws(SettingFaults) {
    policy = NettingPolicy(
      isOn: try reader.required(Variables.netting),
      mostMembers: try reader.required(Variables.nettingMaxMembers),
      mostAmount: try reader.required(Variables.nettingMaxAmount))
  }
}
