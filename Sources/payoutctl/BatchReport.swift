import Payouts

/// What `payoutctl batch create` has to say at the end.
struct BatchReport: Encodable {
  /// A batch that was accepted.
  struct Batch: Encodable {
    var batchID: String
    /// Its lines of the file.
    var lines: ClosedRange<Int>
    var payouts: Int
    var amountUSDT: String
    /// Whether an earlier run had created it.
    var isReplayed: Bool

    enum CodingKeys: String, CodingKey {
      case batchID = "batch_id", firstLine = "first_line", lastLine = "last_line", payouts
      case amountUSDT = "amount_usdt", isReplayed = "replayed"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(batchID, forKey: .batchID)
      try values.encode(lines.lowerBound, forKey: .firstLine)
      try values.encode(lines.upperBound, forKey: .lastLine)
      try values.encode(payouts, forKey: .payouts)
      try values.encode(amountUSDT, forKey: .amountUSDT)
      try values.encode(isReplayed, forKey: .isReplayed)
    }
  }

  /// Why it stopped, and what that means for what is left.
  struct Stop {
    var reason: String
    /// The lines of the batch that was not accepted.
    var lines: ClosedRange<Int>
    /// The API refused the batch, and always will.
    var isFinal: Bool
    /// When the API may accept it, as far as is known.
    var waitSeconds: Double?

    var advice: String {
      if let waitSeconds {
        let minutes = Int((waitSeconds / 60).rounded(.up))
        return
          "Run it again in \(minutes) min, nothing changed: what was accepted is not paid twice."
      }
      return isFinal
        ? "Correct lines \(lines.lowerBound) to \(lines.upperBound) in their places and run it again: batches "
          + "that were accepted are known\nby their rows and not paid twice. Adding or removing rows "
          + "above them would make them new: remove what was accepted first."
        : "Run it again: what was accepted is not paid twice."
    }
  }

  // LIMIT: lines on a screen; --json has them all.
  private static let shownFaults = 50

  var rows: Int
  /// `nil` while there are faults.
  var totalAmountUSDT: String?
  var batchCount: Int
  var faults: [PayoutSheet.Fault]
  var batches: [Batch] = []
  /// Why it stopped.
  var failure: String?
  /// What to do then.
  var advice: String?

  enum CodingKeys: String, CodingKey {
    case rows, totalAmountUSDT = "total_amount_usdt", batchCount = "batch_count", faults, batches
    case failure, advice
  }

  init(_ sheet: PayoutSheet) {
    rows = sheet.count
    faults = sheet.faults
    batchCount = sheet.chunks.count
    totalAmountUSDT = sheet.faults.isEmpty ? sheet.amount?.decimalText : nil
  }

  func show(json: Bool) throws {
    guard !json else { return try Console.print(json: self) }
    guard faults.isEmpty else { return showFaults() }
    if !batches.isEmpty { showBatches() }
    Console.print(rows: [
      ("rows", "\(rows)"), ("total", totalAmountUSDT.map { "\($0) USDT" }),
      ("batches", "\(batchCount)"), ("accepted", batches.isEmpty ? nil : accepted),
      ("stopped", failure.map { "\($0)\n\(advice ?? "")" }),
    ])
  }

  private var accepted: String {
    let replayed = batches.count { $0.isReplayed }
    return "\(batches.count) of \(batchCount) batches, \(batches.reduce(0) { $0 + $1.payouts }) "
      + "payouts" + (replayed == 0 ? "" : ", \(replayed) batches by an earlier run")
  }

  private func showBatches() {
    Console.print(
      table: ["batch", "lines", "payouts", "USDT", ""],
      batches.map {
        [
          $0.batchID, "\($0.lines.lowerBound)-\($0.lines.upperBound)", "\($0.payouts)",
          $0.amountUSDT, $0.isReplayed ? "already there" : "new",
        ]
      })
    print("")
  }

  private func showFaults() {
    Console.print(
      table: ["line", "column", "reason", ""],
      faults.prefix(Self.shownFaults).map {
        ["\($0.line)", $0.column ?? "", $0.reason, $0.message]
      })
    if faults.count > Self.shownFaults {
      print("and \(faults.count - Self.shownFaults) more; --json shows all")
    }
    print("\n\(faults.count) faults; nothing was sent")
  }
}
