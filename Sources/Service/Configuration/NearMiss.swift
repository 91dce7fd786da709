/// Finds names that were probably meant to be one of ours.
///
/// The environment belongs to everyone, so an unknown name there is no fault by itself; one that
/// begins like ours and differs by a slip of the finger is.
enum NearMiss {
  /// First words that belong to us, and one that people write instead.
  static let prefixes: Set<String> = {
    var words = Set(Variables.knownNames.compactMap { $0.split(separator: "_").first })
    words.insert("MONGODB")
    return Set(words.map { "\($0)_" })
  }()

  /// The known name that an unknown one was probably meant to be.
  static func meant(by name: String) -> String? {
    guard !Variables.knownNames.contains(name),
      prefixes.contains(where: { name.hasPrefix($0) })
    else { return nil }
    return closest(to: name, among: Variables.knownNames)
  }

  /// The closest candidate within two slips, one for short names.
  static func closest(to name: String, among candidates: some Collection<String>) -> String? {
    let bound = name.utf8.count < 8 ? 1 : 2
    let near = candidates.map { (distance: distance(name, $0), name: $0) }
      .filter { $0.distance <= bound }
    return near.min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
  }

  /// Insertions, deletions, substitutions and swaps of neighbours between two names.
  static func distance(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, byte) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        var best = min(
          last[column + 1] + 1, current[column] + 1, last[column] + (byte == other ? 0 : 1))
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
