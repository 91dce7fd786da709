import Payouts
import Tron

extension ChainHead: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", Self.documentID)
    document.append("latest", latest)
    document.append("solidified", solidified)
    document.append("energy_price_sun", energyPrice)
    document.append("bandwidth_price_sun", bandwidthPrice)
    document.append("transfer_energy", transferEnergy)
    document.append("updated_at", updatedAt)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      latest: try reader.value("latest"), solidified: try reader.value("solidified"),
      energyPrice: try reader.value("energy_price_sun"),
      bandwidthPrice: try reader.value("bandwidth_price_sun"),
      transferEnergy: try reader.value("transfer_energy"),
      updatedAt: try reader.value("updated_at"))
  }

  /// The `_id` of the only document of `chain_head`.
  static let documentID = "head"
}

extension ChainHead.Block: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("number", number)
    document.append("id", id)
    document.append("time", time)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      number: try reader.value("number"), id: try reader.value("id"),
      time: try reader.value("time"))
  }
}

extension Wallet: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", address)
    document.append("routers", routers)
    document.append("funds", ifPresent: funds)
    document.append("updated_at", updatedAt)
    document.append("registered_at", ifPresent: registeredAt)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      address: try reader.value("_id"), routers: try reader.value("routers"),
      funds: try reader.optional("funds"), updatedAt: try reader.value("updated_at"),
      registeredAt: try reader.optional("registered_at"))
  }
}

extension Wallet.Funds: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("usdt_micro", usdt)
    document.append("trx_sun", trx)
    document.append("energy", energy)
    document.append("as_of", asOf)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      usdt: try reader.value("usdt_micro"), trx: try reader.value("trx_sun"),
      energy: try reader.value("energy"), asOf: try reader.value("as_of"))
  }
}

/// Which generation of the database this is: the only document of `epoch`.
struct Epoch: BSONRecord {
  let number: Int64
  let startedAt: UnixMilliseconds
  /// Absent in a database of an earlier version.
  let journalPartitions: Int64?

  init(number: Int64, startedAt: UnixMilliseconds, journalPartitions: Int64?) {
    self.number = number
    self.startedAt = startedAt
    self.journalPartitions = journalPartitions
  }

  func write(to document: borrowing BSONDocument) {
    document.append("_id", Self.documentID)
    document.append("epoch", number)
    document.append("started_at", startedAt)
    document.append(Self.partitionsField, ifPresent: journalPartitions)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      number: try reader.value("epoch"), startedAt: try reader.value("started_at"),
      journalPartitions: try reader.optional(Self.partitionsField))
  }

  static let partitionsField: StaticString = "journal_partitions"

  /// The `_id` of the only document.
  static let documentID = "epoch"
}
