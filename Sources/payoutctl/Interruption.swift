import Dispatch
import Foundation
import Synchronization

/// Whether somebody wants the command to stop: with Ctrl-C, or as a supervisor does.
final class Interruption {
  private final class Flag: Sendable { let isUp = Mutex(false) }

  private let flag = Flag()
  private let sources: [any DispatchSourceSignal]

  /// From now on these signals are only taken note of.
  init(_ signals: [Int32] = [SIGINT, SIGTERM]) {
    sources = signals.map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for source in sources {
      source.setEventHandler { [flag] in flag.isUp.withLock { $0 = true } }
      source.resume()
    }
  }

  /// Whether a signal has come.
  var hasCome: Bool { flag.isUp.withLock { $0 } }
}
