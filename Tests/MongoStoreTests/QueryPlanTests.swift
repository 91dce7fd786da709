import Payouts
import Testing
import Tron

@testable import MongoStore

/// Every query of the ports is served by the index that docs/schema.md names for it.
///
/// MongoDB is asked about the whole query. The development server plans one clause of a filter and
/// cannot explain the rest, so it is asked about the clause that leads.
@Suite struct QueryPlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let collection: CollectionName
    let index: String
    /// Whether the index alone has all that is asked.
    var isCovered = false
    let query: @Sendable () -> FindQuery
    let leading: @Sendable (borrowing BSONDocument) -> Void
  }

  private static let alice = PayoutScope.tenant(TenantID("alice"))
  private static let range = PayoutIDRange(from: newYear, until: nil, before: PayoutID("payout_1"))

  private static let windowPosition: ScheduledPosition? = {
    do {
      return ScheduledPosition(try scheduledPayout("p", recipient: 1))
    } catch {
      return nil
    }
  }()

  /// The `$match` of the pipelines that count a list and add up hours.
  private static func counted(
    _ description: String, _ index: String, _ part: PayoutListPart,
    leading: @escaping @Sendable (borrowing BSONDocument) -> Void
  ) -> Case {
    Case(
      testDescription: description, collection: .payouts, index: index,
      query: { FindQuery { PayoutPipelines.match(part, range, in: $0) } }, leading: leading)
  }

  static let cases: [Case] = [
    Case(
      testDescription: "payouts by id", collection: .payouts, index: "_id_",
      query: { FindQuery { $0.append("_id", BSONOperator.oneOf(["a", "b"])) } },
      leading: { $0.append("_id", BSONOperator.oneOf(["a", "b"])) }),
    Case(
      testDescription: "decisions by batch", collection: .batches, index: "_id_",
      query: { FindQuery { $0.append("_id", BSONOperator.oneOf(["a", "b"])) } },
      leading: { $0.append("_id", BSONOperator.oneOf(["a", "b"])) }),
    Case(
      testDescription: "prepared payouts of a batch", collection: .payouts, index: "_id_",
      query: {
        FindQuery { filter in
          filter.append("_id", BSONOperator.oneOf(["a", "b"]))
          filter.append("batch_id", "b")
          filter.append("state", PayoutState.prepared)
        }
      },
      leading: { $0.append("_id", BSONOperator.oneOf(["a", "b"])) }),
    Case(
      testDescription: "members of transfers", collection: .payouts, index: "transfer",
      query: { FindQuery { $0.append("transfer_id", BSONOperator.oneOf(["a", "b"])) } },
      leading: { $0.append("transfer_id", BSONOperator.oneOf(["a", "b"])) }),
    Case(
      testDescription: "payout by idempotency key", collection: .payouts,
      index: "idempotency_key",
      query: { .payout(of: TenantID("a"), idempotencyKey: "k") },
      leading: { filter in
        filter.append("tenant", "a")
        filter.append("idempotency.key", "k")
      }),
    Case(
      testDescription: "payout by client reference", collection: .payouts,
      index: "client_reference",
      query: { .payout(of: TenantID("a"), clientReference: "r") },
      leading: { filter in
        filter.append("tenant", "a")
        filter.append("request.client_reference", "r")
      }),
    Case(
      testDescription: "payouts in a state", collection: .payouts, index: "state_router",
      query: {
        .payouts(
          in: .accepted, router: .v0, createdBefore: UnixMilliseconds(5), after: PayoutID("a"),
          limit: 5)
      },
      leading: { filter in
        filter.append("state", PayoutState.accepted)
        filter.append("request.router", RouterType.v0)
        filter.append("_id", BSONOperator.above("a"))
      }),
    Case(
      testDescription: "payouts of windows that are over", collection: .payouts, index: "window",
      query: {
        .scheduled(.windows(after: nil), endingBy: UnixMilliseconds(5), limit: 5)
      },
      leading: { filter in
        filter.append("state", PayoutState.scheduled)
        filter.append("window_id", BSONOperator.below("2026-11-24T03:00:00Z"))
      }),
    Case(
      testDescription: "payouts of a window behind a recipient", collection: .payouts,
      index: "window",
      query: {
        guard let windowPosition else { return FindQuery { _ in } }
        return .scheduled(
          .recipients(after: windowPosition), endingBy: UnixMilliseconds(5), limit: 5)
      },
      leading: { filter in
        filter.append("state", PayoutState.scheduled)
        filter.append("window_id", "2026-11-24T03:00:00Z/HOURLY")
      }),
    Case(
      testDescription: "urgent payouts without a transfer", collection: .payouts, index: "urgent",
      query: { .urgent(createdFrom: nil, createdBefore: UnixMilliseconds(5), limit: 5) },
      leading: { filter in
        filter.append("state", PayoutState.accepted)
        filter.append("request.priority", Priority.urgent)
        filter.append("created_at", BSONOperator.below(5))
      }),
    Case(
      testDescription: "everybody's payouts", collection: .payouts, index: "_id_",
      query: { .newest(PayoutListPart(scope: .all), range, limit: 5) },
      leading: { $0.append("_id", "a") }),
    Case(
      testDescription: "a tenant's payouts", collection: .payouts, index: "tenant",
      query: { .newest(PayoutListPart(scope: alice), range, limit: 5) },
      leading: { filter in
        filter.append("tenant", "alice")
        filter.append("_id", BSONOperator.below("payout_1"))
      }),
    Case(
      testDescription: "a tenant's payouts of a state and a router", collection: .payouts,
      index: "tenant_state", isCovered: true,
      query: { .newest(PayoutListPart(scope: alice, state: .paid, router: .v0), range, limit: 5) },
      leading: { filter in
        filter.append("tenant", "alice")
        filter.append("state", PayoutState.paid)
        filter.append("request.router", RouterType.v0)
      }),
    Case(
      testDescription: "everybody's payouts of a state and a router", collection: .payouts,
      index: "state_router", isCovered: true,
      query: { .newest(PayoutListPart(scope: .all, state: .paid, router: .v0), range, limit: 5) },
      leading: { filter in
        filter.append("state", PayoutState.paid)
        filter.append("request.router", RouterType.v0)
      }),
    counted("counting a tenant's payouts", "tenant", PayoutListPart(scope: alice)) {
      $0.append("tenant", "alice")
    },
    counted(
      "counting a tenant's payouts of a state and a router", "tenant_state",
      PayoutListPart(scope: alice, state: .paid, router: .v0)
    ) { filter in
      filter.append("tenant", "alice")
      filter.append("state", PayoutState.paid)
      filter.append("request.router", RouterType.v0)
    },
    counted(
      "counting everybody's payouts of a state and a router", "state_router",
      PayoutListPart(scope: .all, state: .paid, router: .v0)
    ) { filter in
      filter.append("state", PayoutState.paid)
      filter.append("request.router", RouterType.v0)
    },
    counted("adding up everybody's hours", "_id_", PayoutListPart(scope: .all)) {
      $0.append("_id", "a")
    },
    Case(
      testDescription: "payouts to give back", collection: .payouts, index: "release",
      query: { .dueForRelease(limit: 5) },
      leading: { $0.append(ReleaseMark.field, ReleaseMark.due) }),
    Case(
      testDescription: "kept sums of hours", collection: .hourSums, index: "_id_",
      query: { .keptSums(of: alice, from: UnixMilliseconds(0), until: newYear) },
      leading: { $0.append("_id", "a") }),
    Case(
      testDescription: "transfers in states", collection: .transfers, index: "state",
      query: {
        .transfers(
          in: [.planned, .armed], partitions: [1, 2], updatedBefore: UnixMilliseconds(5),
          after: TransferID("a"), limit: 5)
      },
      leading: { $0.append("state", BSONOperator.oneOf(TransferState.inFlight)) }),
    Case(
      testDescription: "unclosed transfers", collection: .transfers, index: "unclosed",
      query: {
        .unclosed(
          partitions: [1, 2], updatedBefore: UnixMilliseconds(5), after: TransferID("a"), limit: 5)
      },
      leading: { filter in
        filter.append("closed", false)
        filter.append("state", TransferState.paid)
      }),
    Case(
      testDescription: "transfers that ended", collection: .transfers, index: "ended",
      query: {
        FindQuery {
          EndedTransfers.filter(.failed, BSONOperator.above(UnixMilliseconds(5)), in: $0)
        }
      },
      leading: { filter in
        filter.append("closed", true)
        filter.append("state", TransferState.failed)
      }),
    Case(
      testDescription: "transfers by transaction", collection: .transfers, index: "attempt_txid",
      query: { .transfers(with: [TransactionID(hashing: [1]), TransactionID(hashing: [2])]) },
      leading: { filter in
        filter.append("attempts.txid") { condition in
          condition.append("$gte", "")
          condition.append("$in", ["a", "b"])
        }
      }),
    Case(
      testDescription: "blocks of the audit log", collection: .auditLog, index: "_id_",
      query: { .auditBlocks(after: 5, limit: 5) },
      leading: { $0.append("_id", Int64(5)) }),
    Case(
      testDescription: "the blocks that follow one", collection: .auditLog, index: "_id_",
      query: { .auditNumbers(after: 5) },
      leading: { $0.append("_id", BSONOperator.oneOf([Int64(6), 7])) }),
    Case(
      testDescription: "KYC records", collection: .kyc, index: "_id_",
      query: { FindQuery { $0.append("_id", BSONOperator.oneOf(["a", "b"])) } },
      leading: { $0.append("_id", BSONOperator.oneOf(["a", "b"])) }),
    Case(
      testDescription: "transfers in flight", collection: .transfers, index: "state",
      query: {
        FindQuery { filter in
          filter.append("state", BSONOperator.oneOf(TransferState.inFlight))
          filter.append("router", RouterType.v0)
        }
      },
      leading: { $0.append("state", BSONOperator.oneOf(TransferState.inFlight)) }),
    Case(
      testDescription: "counts by state", collection: .transfers, index: "state",
      query: { FindQuery { $0.append("state", BSONOperator.oneOf(TransferState.allCases)) } },
      leading: { $0.append("state", BSONOperator.oneOf(TransferState.allCases)) }),
  ]

  @Test(arguments: cases)
  func `a query is served by its index`(_ example: Case) async throws {
    try await withDatabase { store in
      let transfers = try (0..<50).map {
        try sampleTransfer("t\($0)").moved(to: TransferState.allCases[$0 % 9])
      }
      try await store.insert(transfers)
      _ = try await store.insert((0..<50).map { try samplePayout("p\($0)", key: "k\($0)") })
      try await store.keep([HourSum(hour: newYear, sums: PayoutSums())], of: .all)
      try await store.fillGuards()
      _ = try await store.decide(.aborted(at: UnixMilliseconds(1)), on: BatchID("a"))
      let isWhole = try await store.explainsWholeQueries()
      let stages = try await store.plan(example, whole: isWhole)
      #expect(stages.contains("index \(example.index)"), "\(stages)")
      #expect(!stages.contains("COLLSCAN"), "\(stages)")
      #expect(!isWhole || !stages.contains("SORT"), "\(stages)")
      #expect(!isWhole || !example.isCovered || !stages.contains("FETCH"), "\(stages)")
    }
  }

  /// Counted in index entries and documents, not in seconds. The development server reads whatever
  /// a filter lets through and sorts it, so there the deeper page only costs no more; MongoDB must
  /// read what the page has and one more.
  @Test(arguments: [
    PayoutListPart(scope: .all), PayoutListPart(scope: alice),
    PayoutListPart(scope: alice, state: .paid, router: .v0),
    PayoutListPart(scope: .all, state: .paid, router: .v0),
  ])
  func `a page costs the same at any depth`(part: PayoutListPart) async throws {
    try await withDatabase { store in
      let all = try (0..<600).map {
        try timedPayout(newYear.advanced(milliseconds: -Int64($0)), state: .paid)
      }
      _ = try await store.insert(all)
      let isWhole = try await store.explainsWholeQueries()
      let limit = 21
      var costs: [Int] = []
      for depth in [0, 10, 300, 560] {
        let range = PayoutIDRange(
          from: nil, until: nil, before: depth == 0 ? nil : all[depth - 1].id)
        costs.append(try await store.examined(.newest(part, range, limit: limit)))
      }
      #expect(costs.max() == costs.first, "\(costs)")
      // Each index entry may also be a document that is read.
      #expect(!isWhole || costs.allSatisfy { $0 <= 2 * (limit + 1) }, "\(costs)")
    }
  }
}

extension MongoStore {
  /// A document in every collection of the guards.
  fileprivate func fillGuards() async throws {
    let block = AuditBlock(after: nil, at: newYear, writer: "w", entries: [])
    _ = try await append(block)
    let record = KYCRecord(
      recipient: try sampleRecipient(), level: "l", expiresAt: newYear, referenceHash: "", by: "b",
      at: newYear)
    _ = try await write(record, replacing: nil)
  }

  /// False for the development server, which names its replica set after itself.
  fileprivate func explainsWholeQueries() async throws -> Bool {
    let names = try await run { client throws(StoreError) in
      try client.command(BSONDocument { $0.append("hello", 1) }) { reader throws(StoreError) in
        try reading { () throws(BSONFault) in try reader.optional("setName", as: String.self) }
      }
    }
    return names != "secantus"
  }

  /// The stages of the winning plan, and `index NAME` for every index it scans.
  fileprivate func plan(
    _ example: QueryPlanTests.Case, whole: Bool
  ) async throws -> [String] {
    try await run { client throws(StoreError) in
      let query = whole ? example.query() : FindQuery(example.leading)
      let command = BSONDocument { explain in
        explain.append("explain") { find in
          find.append("find", example.collection.rawValue)
          find.append(document: query.filter, key: BSONKey("filter"))
          find.append("limit", ifPresent: query.limit)
          query.appendOrder(to: find)
        }
        explain.append("verbosity", "queryPlanner")
      }
      return try client.command(command) { reader throws(StoreError) in
        try reading { () throws(BSONFault) in
          try reader.value("queryPlanner", as: Planner.self).winning.names
        }
      }
    }
  }
}

extension MongoStore {
  /// How many index entries and documents the server reads for a query.
  fileprivate func examined(_ query: @autoclosure @escaping @Sendable () -> FindQuery)
    async throws -> Int
  {
    try await run { client throws(StoreError) in
      let query = query()
      let command = BSONDocument { explain in
        explain.append("explain") { find in
          find.append("find", CollectionName.payouts.rawValue)
          find.append(document: query.filter, key: BSONKey("filter"))
          find.append("limit", ifPresent: query.limit)
          query.appendOrder(to: find)
        }
        explain.append("verbosity", "executionStats")
      }
      return try client.command(command) { reader throws(StoreError) in
        try reading { () throws(BSONFault) in
          try reader.value("executionStats", as: Execution.self).examined
        }
      }
    }
  }
}

private struct Execution: BSONReadableRecord {
  let examined: Int

  init(from reader: BSONReader) throws(BSONFault) {
    examined =
      try reader.value("totalKeysExamined", as: Int.self)
      + reader.value("totalDocsExamined", as: Int.self)
  }
}

private func reading<Value>(
  _ read: () throws(BSONFault) -> Value
) throws(StoreError) -> Value {
  do throws(BSONFault) { return try read() } catch {
    throw StoreError(code: .corrupt, effect: .none, message: "\(error.path): \(error.problem)")
  }
}

private struct Planner: BSONReadableRecord {
  let winning: Stage

  init(from reader: BSONReader) throws(BSONFault) { winning = try reader.value("winningPlan") }
}

/// A stage of a plan with everything below it.
private struct Stage: BSONReadableRecord {
  let names: [String]

  init(from reader: BSONReader) throws(BSONFault) {
    var names: [String] = []
    if let stage: String = try reader.optional("stage") { names.append(stage) }
    if let index: String = try reader.optional("indexName") { names.append("index \(index)") }
    let inputs: [Stage] = try reader.optional("inputStages") ?? []
    let below: [Stage?] = [
      try reader.optional("inputStage"), try reader.optional("queryPlan"),
    ]
    self.names = names + (inputs + below.compactMap { $0 }).flatMap(\.names)
  }
}
