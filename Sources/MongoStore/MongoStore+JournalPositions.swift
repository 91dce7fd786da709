import Payouts

extension MongoStore: JournalPositionStore {
  /// Reads every document of `journal_positions`, one a partition.
  public func journalPositions() async throws(StoreError) -> [JournalPosition] {
    try await run { client throws(StoreError) in
      try client.collection(.journalPositions).find(FindQuery(sorted: true) { _ in })
    }
  }

  /// The first write inserts, every other one replaces, filtered by the token. A write in doubt throws;
  /// whoever looks next finds a token that it does not know.
  public func write(
    _ offset: Int64, of partition: Int32, replacing old: JournalPosition?
  ) async throws(StoreError) -> JournalPosition? {
    var random = SystemRandomNumberGenerator()
    let new = JournalPosition(
      partition: partition, offset: offset,
      token: WriteToken(String(random.next(), radix: 36) + "-" + String(random.next(), radix: 36)))
    return try await run { client throws(StoreError) in
      var bulk = BulkWrite(client.collection(.journalPositions))
      guard let old else {
        try bulk.insert(BSONDocument(new.write(to:)))
        return try bulk.execute().refusals.isEmpty ? new : nil
      }
      try bulk.replaceOne(
        BSONDocument { filter in
          filter.append("_id", partition)
          filter.append("token", old.token)
        }, BSONDocument(new.write(to:)))
      return try bulk.execute().matched == 1 ? new : nil
    }
  }
}

extension JournalPosition: BSONRecord {
  func write(to document: borrowing BSONDocument) {
    document.append("_id", partition)
    document.append("offset", offset)
    document.append("token", token)
  }

  init(from reader: BSONReader) throws(BSONFault) {
    self.init(
      partition: try reader.value("_id"), offset: try reader.value("offset"),
      token: try reader.value("token"))
  }
}
