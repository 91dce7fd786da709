import Foundation

/// Progress on standard error: a bar that moves on a terminal, else a line now and then.
struct ProgressBar {
  private static let width = 30
  private static let quietLines: Int64 = 10

  private let total: Int64
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let begun = ContinuousClock.now
  private var shownTenth: Int64 = 0

  init(total: Int64) { self.total = total }

  mutating func advance(to done: Int64) {
    guard total > 0 else { return }
    let share = min(1, Double(done) / Double(total))
    let seconds = (ContinuousClock.now - begun) / .seconds(1)
    let rate = seconds > 0 ? Int(Double(done) / seconds) : 0
    let text = "\(Int(share * 100)) %  \(done) of \(total)  \(rate)/s"
    if isTerminal {
      let filled = Int(share * Double(Self.width))
      let bar =
        String(repeating: "█", count: filled)
        + String(repeating: "·", count: Self.width - filled)
      write("\r\(bar) \(text)\u{1B}[K")
    } else {
      let tenth = done * Self.quietLines / total
      guard tenth > shownTenth else { return }
      shownTenth = tenth
      write(text + "\n")
    }
  }

  func finish() { if isTerminal, total > 0 { write("\n") } }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
