import Payouts
import Tron

extension CounterID: BSONText {
  var storedText: String { text }
  init?(storedText: String) { self.init(text: storedText) }
}

/// Keys of hours: `00` to `23`.
private enum HourKey {
  static func text(_ hour: Int) -> String { (hour < 10 ? "0" : "") + String(hour) }
}

extension LimitCounter: BSONReadableRecord {
  // LIMIT: how long a counter stays after its day, which is as long as something of it may end unpaid
  // and be given back.
  private static let keptDays: Int64 = 60

  /// A counter as it is opened. All hours are there from the beginning: a filter that compares does
  /// not match what is absent.
  func write(to document: borrowing BSONDocument) {
    document.append("_id", id)
    document.append("sum_micro", sum)
    document.append("hours") { map in
      for hour in 0..<24 { map.append(data: HourKey.text(hour), self.hour(hour)) }
    }
    document.append("pending") { _ in }
    document.append("released") { _ in }
    document.append("prunes", prunes)
    document.append("repairs", repairs)
    document.append("rev", rev)
    document.append("expires_at", BSONDate(id.day.advanced(days: Self.keptDays).start))
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(id: try reader.value("_id"))
    sum = try reader.value("sum_micro")
    let hours: Map<Int64> = try reader.value("hours")
    for (key, micro) in hours.pairs {
      guard let hour = Int(key), (0..<24).contains(hour) else {
        throw BSONFault(path: "hours", problem: "a key is not an hour")
      }
      if micro != 0 { self.hours[hour] = micro }
    }
    let pending: Map<PendingGroup> = try reader.value("pending")
    for (key, group) in pending.pairs { self.pending[PayoutID(key)] = group }
    let released: Map<UnixMilliseconds> = try reader.value("released")
    for (key, at) in released.pairs { self.released[PayoutID(key)] = at }
    prunes = try reader.value("prunes")
    repairs = try reader.value("repairs")
    rev = try reader.value("rev")
  }
}

extension PendingGroup: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("at", at)
    document.append("payouts") { payouts in
      for (id, amount) in amounts { payouts.append(data: id.text, amount) }
    }
  }

  init(from reader: BSONReader) throws(BSONFault) {
    let payouts: Map<USDTAmount> = try reader.value("payouts")
    self.init(
      at: try reader.value("at"),
      amounts: Dictionary(
        payouts.pairs.map { (PayoutID($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
    )
  }
}

/// A document whose keys are data.
private struct Map<Value: BSONReadable>: BSONReadableRecord {
  let pairs: [(key: String, value: Value)]

  init(from reader: BSONReader) throws(BSONFault) { pairs = try reader.map() }
}

extension CounterChange {
  var filter: BSONDocument {
    BSONDocument { filter in
      filter.append("_id", counter)
      filter.append("sum_micro", ifPresent: sumAtMost.map(BSONOperator.atMost))
      for (hour, most) in hoursAtMost {
        filter.append(data: "hours.\(HourKey.text(hour))", BSONOperator.atMost(most))
      }
      if let absentGroup {
        filter.append(data: "pending.\(absentGroup)", BSONOperator.exists(false))
      }
      for group in presentGroups {
        filter.append(data: "pending.\(group)", BSONOperator.exists(true))
      }
      for payout in notReleased {
        filter.append(data: "released.\(payout)", BSONOperator.exists(false))
      }
      filter.append("prunes", ifPresent: prunes)
      filter.append("repairs", ifPresent: repairs)
    }
  }

  var update: BSONDocument {
    BSONDocument { update in
      update.append("$inc") { inc in
        inc.append("rev", 1)
        if addedSum != 0 { inc.append("sum_micro", addedSum) }
        for (hour, micro) in added where micro != 0 {
          inc.append(data: "hours.\(HourKey.text(hour))", micro)
        }
        if !forgotten.isEmpty { inc.append("prunes", 1) }
        if isRepair { inc.append("repairs", 1) }
      }
      if !newGroups.isEmpty || !released.isEmpty {
        update.append("$set") { set in
          for (id, group) in newGroups { set.append(data: "pending.\(id)", group) }
          for (id, at) in released { set.append(data: "released.\(id)", at) }
        }
      }
      if !endedGroups.isEmpty || !forgotten.isEmpty {
        update.append("$unset") { unset in
          for id in endedGroups { unset.append(data: "pending.\(id)", "") }
          for id in forgotten { unset.append(data: "released.\(id)", "") }
        }
      }
    }
  }
}

extension BSONOperator {
  static func atMost(_ value: Value) -> Self { Self(name: "$lte", value: value) }
  static func exists(_ exists: Bool) -> Self where Value == Bool {
    Self(name: "$exists", value: exists)
  }
}
