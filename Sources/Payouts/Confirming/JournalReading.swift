import Tron

/// How far a journal partition was read, as a time: every record that was appended before it was seen.
///
/// Under load a partition is hardly ever read to its end at the moment when somebody looks, so
/// the last record's own time counts as well.
struct JournalReading {
  // LIMIT: whoever appends may have another clock than ours, and records of several Signers stand in
  // the order of their arrival; both differ by less.
  static let clockAllowance = Duration.seconds(60)

  /// The time of the newest record that was read.
  private var newest: UnixMilliseconds?
  /// Everything that was appended before this was read; `nil` until something is known.
  private(set) var readAt: UnixMilliseconds?

  mutating func read(_ timestamp: UnixMilliseconds) {
    newest = max(newest ?? timestamp, timestamp)
  }

  mutating func lagMeasured(_ lag: Int64, at now: UnixMilliseconds) {
    let known =
      lag == 0 ? now : newest?.advanced(milliseconds: -Self.clockAllowance.milliseconds)
    guard let known else { return }
    // A record from the future tells nothing about now.
    readAt = max(readAt ?? known, min(known, now))
  }
}
