import Payouts

extension MongoStore: SecretStore {
  /// Reads; inserts the candidate if there was nothing to read; reads again if another was faster.
  public func secret(
    _ name: SecretName, orFirst candidate: [UInt8]
  ) async throws(StoreError) -> [UInt8] {
    try await run { client throws(StoreError) in
      let secrets = client.collection(.secrets)
      if let known = try secrets.secret(name) { return known }
      var bulk = BulkWrite(secrets)
      try bulk.insert(
        BSONDocument { document in
          document.append("_id", name.rawValue)
          document.append("value", BSONBinary(candidate))
        })
      if try bulk.execute().refusals.isEmpty { return candidate }
      if let first = try secrets.secret(name) { return first }
      // It blocks ours before a majority has it, and we read what a majority has.
      throw StoreError(
        code: .unavailable, effect: .none, message: "a shared secret is just being written")
    }
  }
}

extension Collection {
  fileprivate func secret(_ name: SecretName) throws(StoreError) -> [UInt8]? {
    let found: [StoredSecret] = try find("_id", among: [name.rawValue])
    return found.first?.bytes
  }
}

private struct StoredSecret: BSONReadableRecord {
  let bytes: [UInt8]

  init(from reader: BSONReader) throws(BSONFault) {
    bytes = try reader.value("value", as: BSONBinary.self).bytes
  }
}
