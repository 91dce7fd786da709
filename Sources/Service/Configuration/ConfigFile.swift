import Foundation

/// A configuration file: one JSON object whose keys are variable names.
struct ConfigFile {
  /// Values by variable name.
  var values: [String: String] = [:]
  /// What is wrong with it.
  var faults: [SettingFault] = []

  // LIMIT: a configuration of every variable is a few kilobytes.
  private static let mostBytes = 1_048_576
  private static let example = #"{"MONGO_DATABASE": "tron_payments"}"#

  /// Reads a file; keys that no process knows are faults, those of other processes are not, so
  /// that one file can serve the fleet.
  init(path: String) {
    let fault = { (message: String) in
      SettingFault("CONFIG_FILE", message, example: Self.example)
    }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      guard data.count <= Self.mostBytes else {
        faults.append(fault("\(path) is larger than \(Self.mostBytes) bytes"))
        return
      }
      let entries = try JSONDecoder().decode([String: Entry].self, from: data)
      for (name, entry) in entries.sorted(by: { $0.key < $1.key }) { take(name, entry, path) }
    } catch is DecodingError {
      faults.append(fault("\(path) is not one JSON object of texts, whole numbers and booleans"))
    } catch {
      faults.append(fault("\(path) cannot be read"))
    }
  }

  private mutating func take(_ name: String, _ entry: Entry, _ path: String) {
    guard Variables.knownNames.contains(name), name != "CONFIG_FILE" else {
      let meant = NearMiss.closest(to: name, among: Variables.knownNames)
        .map { "; did you mean \($0)?" }
      return faults.append(
        SettingFault(
          name, "in \(path) is not a variable of any process\(meant ?? "")", example: Self.example))
    }
    values[name] = entry.text
  }

  /// A value as JSON may write it.
  private struct Entry: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        text = flag ? "yes" : "no"
      } else if let number = try? container.decode(Int64.self) {
        text = String(number)
      } else {
        text = try container.decode(String.self)
      }
    }
  }
}
