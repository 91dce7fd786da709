import Payouts

extension MongoStore: AuditLogStore {
  /// The highest `_id`, then its document; from a known block on by the numbers that follow.
  public func auditTip(after known: AuditTip?) async throws(StoreError) -> AuditTip? {
    try await run { client throws(StoreError) in
      let log = client.collection(.auditLog)
      guard var tip = known else {
        let newest: [AuditNumber] = try log.find(FindQuery(limit: 1, newestIDs: true) { _ in })
        guard let number = newest.first?.value else { return nil }
        let blocks: [AuditBlock] = try log.find("_id", among: [number])
        return blocks.first?.tip
      }
      while true {
        let next: [AuditBlock] = try log.find(.auditNumbers(after: tip.number))
        guard let last = next.max(by: { $0.number < $1.number }) else { return tip }
        tip = last.tip
      }
    }
  }

  /// One insert; `_id` decides between writers.
  public func append(_ block: AuditBlock) async throws(StoreError) -> Bool {
    try await run { client throws(StoreError) in
      let log = client.collection(.auditLog)
      var bulk = BulkWrite(log)
      try bulk.insert(BSONDocument(block.write(to:)))
      guard try !bulk.execute().refusals.isEmpty else { return true }
      return try lookAfterWrite { () throws(StoreError) in
        try Looks.repeated("audit_log \(block.number): taken by what no majority has yet") {
          () throws(StoreError) in
          let there: [AuditBlock] = try log.find("_id", among: [block.number])
          return there.first.map { $0.hash == block.hash }
        }
      }
    }
  }

  /// A range of `_id`, in order.
  public func auditBlocks(
    after number: Int64, limit: Int
  ) async throws(StoreError) -> [AuditBlock] {
    guard limit > 0 else { return [] }
    return try await run { client throws(StoreError) in
      try client.collection(.auditLog).find(.auditBlocks(after: number, limit: limit))
    }
  }
}

extension FindQuery {
  static func auditBlocks(after number: Int64, limit: Int) -> FindQuery {
    FindQuery(limit: limit, sorted: true) { $0.append("_id", BSONOperator.above(number)) }
  }
}

extension FindQuery {
  // LIMIT: blocks that others wrote since, looked for at once.
  private static let followers: Int64 = 16

  static func auditNumbers(after number: Int64) -> FindQuery {
    FindQuery { filter in
      filter.append("_id", BSONOperator.oneOf(Array((number + 1)...(number + followers))))
    }
  }
}

private struct AuditNumber: BSONReadableRecord {
  let value: Int64

  init(from reader: BSONReader) throws(BSONFault) { value = try reader.value("_id") }
}
