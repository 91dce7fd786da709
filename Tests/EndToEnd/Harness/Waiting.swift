/// Looks again and again until what is looked for is there; throws what was seen last when the
/// time is over.
func eventually<Value>(
  _ what: String, within limit: Duration = .seconds(60), every pause: Duration = .milliseconds(50),
  _ look: () async throws -> Sighting<Value>
) async throws -> Value {
  let clock = ContinuousClock()
  let deadline = clock.now.advanced(by: limit)
  while true {
    let sighting = try await look()
    switch sighting {
    case .found(let value): return value
    case .notYet(let seen):
      guard clock.now < deadline else {
        throw Problem("\(what): not within \(limit); last seen: \(seen)")
      }
      try await clock.sleep(until: clock.now.advanced(by: pause))
    }
  }
}

/// What one look brought.
enum Sighting<Value> {
  /// What was waited for.
  case found(Value)
  /// Something else, in words.
  case notYet(String)
}

extension Sighting where Value == Void {
  /// Found when the condition holds.
  static func when(_ condition: Bool, otherwise seen: @autoclosure () -> String) -> Sighting {
    condition ? .found(()) : .notYet(seen())
  }
}
