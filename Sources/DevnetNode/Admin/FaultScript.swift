import Foundation

/// Commands of the admin API at their times, from a file.
struct FaultScript: Equatable, Sendable {
  /// A command, once or several times.
  struct Step: Equatable, Sendable {
    /// From the start of the node.
    let afterMilliseconds: Int64
    /// Repeats the command; only with `times`.
    let everyMilliseconds: Int64
    let times: Int64
    let command: AdminCommand
  }

  /// In order of their times, repetitions spelt out.
  let moments: [Moment]

  /// A time after the start and what happens then.
  struct Moment: Equatable, Sendable {
    let afterMilliseconds: Int64
    let command: AdminCommand
  }

  /// LIMIT: commands of one script, repetitions counted.
  private static let momentLimit = 100_000

  /// Reads a script; without a path, an empty one.
  static func read(_ path: String?) throws(ConfigurationError) -> FaultScript {
    guard let path else { return FaultScript(moments: []) }
    let bytes: [UInt8]
    do {
      bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw ConfigurationError("DEVNET_FAULTS_FILE: cannot read \(path)")
    }
    do throws(ConfigurationError) {
      return try FaultScript(json: bytes)
    } catch {
      throw ConfigurationError("DEVNET_FAULTS_FILE: \(path): \(error)")
    }
  }

  private init(moments: [Moment]) { self.moments = moments }

  /// Reads the text of a script.
  init(json bytes: [UInt8]) throws(ConfigurationError) {
    let json: JSONValue
    do {
      json = try JSONParser.parse(bytes)
    } catch {
      throw ConfigurationError("not JSON: \(error.reason) at byte \(error.offset)")
    }
    guard let steps = try Members(json, "the file", known: ["steps"])["steps"]?.elements else {
      throw ConfigurationError("steps: expected an array")
    }
    var moments: [Moment] = []
    for (index, json) in steps.enumerated() {
      let step = try Step(json: json, place: "steps[\(index)]")
      guard moments.count + Int(step.times) <= Self.momentLimit else {
        throw ConfigurationError("steps: more than \(Self.momentLimit) commands")
      }
      moments += (0..<step.times).map { repetition in
        let delay = repetition.multipliedClamped(by: step.everyMilliseconds)
        return Moment(
          afterMilliseconds: step.afterMilliseconds.addingClamped(delay), command: step.command)
      }
    }
    self.moments = moments.sorted { $0.afterMilliseconds < $1.afterMilliseconds }
  }
}

extension FaultScript.Step {
  fileprivate init(json: JSONValue, place: String) throws(ConfigurationError) {
    let members = try Members(
      json, place, known: ["after_ms", "every_ms", "times", "post", "delete", "body"])
    afterMilliseconds = try members.amount("after_ms") ?? 0
    times = try members.integer("times", 1...100_000) ?? 1
    everyMilliseconds = try members.amount("every_ms") ?? 0
    let path = members["post"]?.text ?? members["delete"]?.text ?? ""
    do throws(AdminError) {
      command = try AdminCommand(
        isDelete: members["post"] == nil, path: path.split(separator: "/").map(String.init),
        body: members["body"] ?? .object([:]))
    } catch {
      throw ConfigurationError("\(place): \(error.message)")
    }
  }
}

/// Carries a script out.
struct ScriptRun: Sendable {
  let script: FaultScript
  let admin: AdminAPI
  /// Told what could not be done.
  let onFailure: @Sendable (AdminError) -> Void

  /// Returns after the last command.
  func run() async throws {
    let start = ContinuousClock.now
    for moment in script.moments {
      try await Task.sleep(until: start + .milliseconds(moment.afterMilliseconds))
      do throws(AdminError) {
        _ = try admin.carryOut(moment.command)
      } catch {
        onFailure(error)
      }
    }
  }
}
