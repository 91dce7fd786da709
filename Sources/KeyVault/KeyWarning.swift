/// Something about a key that works but that an operator should know.
public enum KeyWarning: Hashable, Sendable, CustomStringConvertible {
  /// Other users of the machine can read the file.
  case readableByOthers(path: String)
  /// The file holds the key in the clear.
  case plainKey(path: String)
  /// The system refused to keep the key out of swap.
  case notLocked

  /// One line for a log.
  public var description: String {
    switch self {
    case .readableByOthers(let path):
      "other users can read \(path); restrict it with chmod 600"
    case .plainKey(let path):
      "\(path) holds a plain private key; a keystore would protect it"
    case .notLocked:
      "the key could not be locked in memory and may be swapped out; raise the limit (ulimit -l)"
    }
  }
}
