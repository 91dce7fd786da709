import Payouts
import Tron

/// A CSV file of payouts, checked with the rules of the API before anything is sent.
struct PayoutSheet {
  /// Something wrong with a line.
  struct Fault: Equatable, Encodable {
    var line: Int
    var column: String?
    var reason: String
    var message: String
  }

  /// One request: up to 100 payouts.
  struct Chunk {
    /// The body of the request.
    var body: JSONValue
    /// Its first and last line of the file.
    var lines: ClosedRange<Int>
    var count: Int
    var amount: USDTAmount
  }

  /// What all payouts of the file have in common.
  struct Terms {
    var router: String
    var priority: String
    var batchType: String
  }

  private(set) var chunks: [Chunk] = []
  private(set) var faults: [Fault] = []
  private(set) var count = 0

  /// The sum of the file; `nil` when it does not fit.
  var amount: USDTAmount? {
    chunks.reduce(USDTAmount.zero) { sum, chunk in sum.flatMap { $0.adding(chunk.amount) } }
  }

  private static let columns: [(column: String, field: String, isRequired: Bool)] = [
    ("recipient", "recipient_address", true), ("amount", "amount_usdt", true),
    ("reason", "reason", true), ("client_reference", "client_reference", false),
  ]

  private struct Row {
    var line: Int
    var members: [JSONMember]
  }

  init(_ bytes: [UInt8], terms: Terms, recipients: RecipientPolicy) throws {
    let text = CSVText(bytes)
    faults = text.faults.map { Fault(line: $0.line, reason: "not_csv", message: $0.message) }
    guard let header = text.records.first else {
      if faults.isEmpty { fault(1, nil, "empty", "the file is empty: a header row is needed") }
      return
    }
    guard let fields = readHeader(header) else {
      sortFaults()
      return
    }
    let rows = text.records.dropFirst().compactMap { row($0, fields) }
    count = rows.count
    if rows.isEmpty, faults.isEmpty {
      fault(header.line, nil, "empty", "there is no row below the header")
    }
    faultCollisions(rows)
    let reader = BatchRequestReader(recipients: recipients)
    for start in stride(from: 0, to: rows.count, by: BatchRequestReader.maximumPayouts) {
      let some = rows[start..<min(start + BatchRequestReader.maximumPayouts, rows.count)]
      try check(Array(some), terms, reader)
    }
    sortFaults()
  }

  private mutating func fault(
    _ line: Int, _ column: String?, _ reason: String, _ message: String
  ) {
    faults.append(Fault(line: line, column: column, reason: reason, message: message))
  }

  private mutating func sortFaults() { faults.sort { $0.line < $1.line } }

  /// The API's field of every column; `nil` when the rows cannot be understood.
  private mutating func readHeader(_ header: CSVText.Record) -> [String]? {
    let before = faults.count
    var fields: [String] = []
    for (index, name) in header.fields.enumerated() {
      guard let known = Self.columns.first(where: { $0.column == name }) else {
        let names = Self.columns.map(\.column).joined(separator: ", ")
        fault(header.line, name, "unknown_column", "column \(index + 1) must be one of \(names)")
        continue
      }
      if fields.contains(known.field) {
        fault(header.line, name, "duplicate_column", "is there twice")
      }
      fields.append(known.field)
    }
    for known in Self.columns where known.isRequired && !header.fields.contains(known.column) {
      fault(header.line, known.column, "missing_column", "is required")
    }
    return faults.count == before ? fields : nil
  }

  private mutating func row(_ record: CSVText.Record, _ fields: [String]) -> Row? {
    guard record.fields.count == fields.count else {
      fault(
        record.line, nil, "wrong_column_count",
        "has \(record.fields.count) columns; the header has \(fields.count)")
      return nil
    }
    let members = zip(fields, record.fields)
      .filter { $0.0 != "client_reference" || !$0.1.isEmpty }
      .map { JSONMember($0.0, .string($0.1)) }
    return Row(line: record.line, members: members)
  }

  /// A reference names one payout for ever, so it may not come twice in the whole file.
  private mutating func faultCollisions(_ rows: [Row]) {
    var first: [String: Int] = [:]
    for row in rows {
      guard
        let reference = row.members.first(where: { $0.name == "client_reference" })?.value.text
      else { continue }
      if let earlier = first[reference] {
        fault(row.line, "client_reference", "duplicate", "is on line \(earlier) too")
      } else {
        first[reference] = row.line
      }
    }
  }

  private mutating func check(
    _ rows: [Row], _ terms: Terms, _ reader: BatchRequestReader
  ) throws {
    let members = [
      JSONMember("payouts", .array(rows.map { .object($0.members) })),
      JSONMember("router_type", .string(terms.router)),
      JSONMember("priority", .string(terms.priority)),
      JSONMember("batch_type", .string(terms.batchType)),
    ]
    let (request, found) = reader.read(members)
    for fault in found where fault.reason != "duplicate" {
      guard let index = fault.index else {
        throw CommandFailure("--\(fault.field.replacing("_", with: "-")): \(fault.message)")
      }
      let column = Self.columns.first { $0.field == fault.field }?.column
      self.fault(rows[index].line, column, fault.reason, fault.message)
    }
    guard let request, let first = rows.first, let last = rows.last else { return }
    chunks.append(
      Chunk(
        body: Self.body(request, terms), lines: first.line...last.line, count: rows.count,
        amount: request.totalAmount))
  }

  /// The request as it was understood, spelled in one way: a file that another program wrote with
  /// other quotes, line ends or zeros makes the same request.
  private static func body(_ request: BatchRequest, _ terms: Terms) -> JSONValue {
    let payouts = request.payouts.map { payout in
      var members = [
        JSONMember("recipient_address", .string(payout.recipient.base58)),
        JSONMember("amount_usdt", .string(payout.amount.decimalText)),
        JSONMember("reason", .string(payout.reason)),
      ]
      if let reference = payout.clientReference {
        members.append(JSONMember("client_reference", .string(reference)))
      }
      return JSONValue.object(members)
    }
    return .object([
      JSONMember("payouts", .array(payouts)),
      JSONMember("router_type", .string(terms.router)),
      JSONMember("priority", .string(terms.priority)),
      JSONMember("batch_type", .string(terms.batchType)),
    ])
  }
}
