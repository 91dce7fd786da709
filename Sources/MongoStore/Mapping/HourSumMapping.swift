import Payouts
import Tron

/// What an aggregation says of one hour, router and state.
struct HourSumRow: BSONReadableRecord {
  private struct Key: BSONReadableRecord {
    let hour: UnixMilliseconds
    let group: PayoutSums.Group

    init(from reader: BSONReader) throws(BSONFault) {
      hour = try reader.value("hour")
      group = PayoutSums.Group(try reader.value("router"), try reader.value("state"))
    }
  }

  private let key: Key
  private let sum: PayoutSums.Sum

  init(from reader: BSONReader) throws(BSONFault) {
    key = try reader.value("_id")
    sum = try PayoutSums.Sum(reader)
  }

  static func byHour(_ rows: [HourSumRow]) throws(StoreError) -> [HourSum] {
    var hours: [UnixMilliseconds: PayoutSums] = [:]
    for row in rows {
      try hours[row.key.hour, default: PayoutSums()].add(row.sum, to: row.key.group)
    }
    return hours.map { HourSum(hour: $0, sums: $1) }
  }
}

extension PayoutSums.Sum {
  init(_ reader: BSONReader) throws(BSONFault) {
    self.init(count: try reader.value("count"), amount: try reader.value("amount_micro"))
  }
}

/// A document of `hour_sums`.
struct KeptHourSum: BSONReadableRecord {
  let sum: HourSum

  init(_ sum: HourSum) { self.sum = sum }

  /// Scope and hour. The hour has a fixed width, so that the order of texts is the order of hours;
  /// a tenant's name holds no space, so no other scope's documents lie between those of one.
  static func id(_ scope: PayoutScope, _ hour: UnixMilliseconds) -> String {
    let digits = String(max(0, hour.value))
    let padded = String(repeating: "0", count: max(0, hourWidth - digits.count)) + digits
    switch scope {
    case .all: return "all \(padded)"
    case .tenant(let tenant): return "tenant \(tenant.text) \(padded)"
    }
  }

  /// Digits of the greatest time of an id.
  private static let hourWidth = 15

  func write(to document: borrowing BSONDocument, _ scope: PayoutScope) {
    document.append("_id", Self.id(scope, sum.hour))
    document.append("hour", sum.hour)
    document.append("sums", sum.sums.groups.map(Group.init))
  }

  init(from reader: BSONReader) throws(BSONFault) {
    let groups: [Group] = try reader.value("sums")
    sum = HourSum(
      hour: try reader.value("hour"),
      sums: PayoutSums(
        Dictionary(groups.map { ($0.group, $0.sum) }, uniquingKeysWith: { first, _ in first })))
  }

  private struct Group: BSONRecord {
    let group: PayoutSums.Group
    let sum: PayoutSums.Sum

    init(_ entry: (key: PayoutSums.Group, value: PayoutSums.Sum)) {
      group = entry.key
      sum = entry.value
    }

    func write(to document: borrowing BSONDocument) {
      document.append("router", group.router)
      document.append("state", group.state)
      document.append("count", sum.count)
      document.append("amount_micro", sum.amount)
    }

    init(from reader: BSONReader) throws(BSONFault) {
      group = PayoutSums.Group(try reader.value("router"), try reader.value("state"))
      sum = try PayoutSums.Sum(reader)
    }
  }
}
