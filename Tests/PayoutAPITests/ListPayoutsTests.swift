import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Listing payouts")
struct ListPayoutsTests {
  private static let path = APIClient.payouts

  @Test("An item is the payout as it is read by id, with what its transfer says")
  func items() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let id = PayoutID(try #require(try await client.post(key: "k")["payout_id"]?.text))
      try api.store.state.withLock { state in
        var payout = try #require(state.payouts[id])
        payout.state = .assigned
        payout.transferID = TransferID("t")
        state.payouts[id] = payout
        var transfer = Transfer(
          id: TransferID("t"), members: [id], recipient: payout.request.recipient,
          amount: payout.request.amount, router: .v0, lane: .normal, partition: 0,
          createdAt: payout.createdAt)
        transfer.state = .held
        transfer.hold = Hold(reason: .insufficientUSDT, since: payout.createdAt)
        state.transfers[transfer.id] = transfer
      }
      let list = try await client.get(Self.path)
      let single = try await client.get("\(Self.path)/\(id)")
      #expect(list.status == 200)
      #expect(list.items == [single.json])
      #expect(list.items.first?["status_detail"]?.text == "held:insufficient_usdt")
    }
  }

  @Test("The members are the specification's, in its order, and ours behind them")
  func model() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get(Self.path)
      #expect(
        answer.text == #"{"payouts":[],"pagination":{"total":0,"limit":20,"offset":0,"#
          + #""has_next":false,"has_previous":false,"next_cursor":null,"total_is_exact":true},"#
          + #""filters":{}}"#)
      #expect(answer.headers[.contentType] == "application/json")
    }
  }

  @Test(
    "An offset leaves out the newest ones",
    arguments: [
      ("", 20, 0, 20, true, false), ("?limit=100", 100, 0, 25, false, false),
      ("?limit=10&offset=10", 10, 10, 10, true, true), ("?offset=20", 20, 20, 5, false, true),
      ("?limit=5&offset=20", 5, 20, 5, false, true), ("?offset=25", 20, 25, 0, false, true),
      ("?offset=10000&limit=1", 1, 10_000, 0, false, true),
    ] as [(String, Int, Int, Int, Bool, Bool)])
  func offset(
    query: String, limit: Int, offset: Int, count: Int, hasNext: Bool, hasPrevious: Bool
  ) async throws {
    let api = try TestAPI()
    // Five a second, so that the ids decide among those of the same time.
    let ids = try (0..<25).map { number in
      try api.store(secondsAgo: Int64(number / 5), serial: UInt64(100 - number)).text
    }
    try await api.run { client in
      let answer = try await client.get(Self.path + query)
      #expect(answer.ids == Array(ids.dropFirst(offset).prefix(limit)))
      #expect(answer.ids.count == count)
      #expect(answer.pagination("total") == "25")
      #expect(answer.pagination("limit") == "\(limit)")
      #expect(answer.pagination("offset") == "\(offset)")
      #expect(answer.pagination("has_next") == "\(hasNext)")
      #expect(answer.pagination("has_previous") == "\(hasPrevious)")
      #expect((answer.pagination("next_cursor") != "null") == hasNext)
    }
  }

  @Test("Filters work alone and together, and come back as they were given")
  func filters() async throws {
    let api = try TestAPI()
    var all: [(id: String, state: PayoutState, router: RouterType, secondsAgo: Int64)] = []
    var serial: UInt64 = 0
    for state in PayoutState.allCases {
      for router in RouterType.allCases {
        for secondsAgo in [0, 3_600, 100_000] as [Int64] {
          serial += 1
          let id = try api.store(state, router: router, secondsAgo: secondsAgo, serial: serial)
          all.append((id.text, state, router, secondsAgo))
        }
      }
    }
    // The test's time is 2026-01-01T00:00:00Z.
    let starts =
      [nil: 1_000_000, "2026-01-01": 0, "2025-12-31T23:00:00Z": 3_600] as [String?: Int64]
    let ends = [nil: 0, "2025-12-31": 1, "2025-12-30T20:13:20Z": 100_000] as [String?: Int64]
    let expected = all
    try await api.run { client in
      for status in PayoutStatus.allCases.map(Optional.some) + [nil] {
        for router in RouterType.allCases.map(Optional.some) + [nil] {
          for (start, oldest) in starts {
            for (end, youngest) in ends where oldest >= youngest {
              let given = [
                ("status", status?.rawValue), ("router_type", router?.rawValue),
                ("start_date", start), ("end_date", end),
              ]
              let query = given.compactMap { name, value in value.map { "\(name)=\($0)" } }
              let answer = try await client.get(
                "\(Self.path)?limit=100&\(query.joined(separator: "&"))")
              let ids = expected.filter {
                $0.state.isAdmitted && (status == nil || $0.state.status == status)
                  && (router == nil || $0.router == router)
                  && (youngest...oldest).contains($0.secondsAgo)
              }.map(\.id).sorted(by: >)
              #expect(answer.ids == ids, "\(query)")
              #expect(answer.pagination("total") == "\(ids.count)")
              let filters = given.compactMap { name, value in
                value.map { JSONMember(name, .string($0)) }
              }
              #expect(answer["filters"] == .object(filters))
            }
          }
        }
      }
    }
  }

  @Test(
    "Every wrong parameter is told",
    arguments: [
      ("limit=0", "limit too_small"), ("limit=101", "limit too_large"),
      ("limit=-1", "limit too_small"), ("limit=1.5", "limit not_an_integer"),
      ("limit=ten", "limit not_an_integer"), ("limit=+5", "limit not_an_integer"),
      ("limit=010", "limit not_an_integer"), ("limit=-", "limit not_an_integer"),
      ("limit=99999999999999999999", "limit too_large"), ("limit=", "limit empty"),
      ("limit", "limit empty"), ("limit=5&limit=5", "limit repeated"),
      ("limit=5%20", "limit not_an_integer"), ("offset=-1", "offset too_small"),
      ("offset=-99999999999999999999", "offset too_small"),
      ("offset=10001", "offset too_large"), ("status=paid", "status unknown_value"),
      ("status=Pending", "status unknown_value"), ("status=", "status empty"),
      ("status=pending&status=failed", "status repeated"),
      ("status=%70ending&%73tatus=failed", "status repeated"),
      ("router_type=V0", "router_type unknown_value"),
      ("Status=pending", "Status unknown_parameter"),
      ("status[]=pending", "status[] unknown_parameter"), ("page=2", "page unknown_parameter"),
      ("=1", " unknown_parameter"), ("status=%zz", "status bad_encoding"),
      ("status=%f", "status bad_encoding"), ("status=%ff", "status bad_encoding"),
      ("%ff=1", "%ff unknown_parameter"), ("start_date=yesterday", "start_date not_a_date"),
      ("start_date=2025-02-29", "start_date not_a_date"),
      ("start_date=2025-10-12T15:30:00", "start_date not_a_date"),
      ("end_date=1760282400", "end_date not_a_date"),
      ("start_date=2025-10-13&end_date=2025-10-12", "start_date after_end"),
      ("cursor=", "cursor empty"), ("cursor=x&offset=0", "offset with_cursor"),
    ])
  func badParameter(query: String, fault: String) async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get("\(Self.path)?\(query)")
      #expect(answer.status == 400)
      #expect(answer.code == "LUCID_ERR_2012")
      #expect(answer.faults == [fault])
      try expectEnvelope(answer)
    }
  }

  @Test("All faults come at once")
  func allFaults() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get("\(Self.path)?limit=0&status=x&foo=1&offset=a&end_date=b")
      #expect(
        Set(answer.faults) == [
          "foo unknown_parameter", "status unknown_value", "limit too_small",
          "offset not_an_integer", "end_date not_a_date",
        ])
    }
  }

  @Test(
    "Everybody lists their own payouts, services and admins all",
    arguments: [
      ("alice", .endUser, ["alice"]), ("alice", .nodeOperator, ["alice"]),
      ("carol", .endUser, []), ("alice", .service, ["alice", "bob"]),
      ("carol", .admin, ["alice", "bob"]),
    ] as [(String, CallerRole, [String])])
  func scope(tenant: String, role: CallerRole, owners: [String]) async throws {
    let api = try TestAPI()
    var ids: [String: String] = [:]
    ids["alice"] = try api.store(tenant: "alice", serial: 1).text
    ids["bob"] = try api.store(tenant: "bob", serial: 2).text
    let expected = Set(owners.compactMap { ids[$0] })
    try await api.run { client in
      let token = TestTokens.token(subject: tenant, role: role.rawValue)
      for query in ["", "?status=pending"] {
        let answer = try await client.get(Self.path + query, token: token)
        #expect(Set(answer.ids) == expected)
        #expect(answer.pagination("total") == "\(owners.count)")
      }
    }
  }

  @Test("Without credentials there is no list")
  func unauthenticated() async throws {
    let api = try TestAPI()
    try await api.run { client in
      let answer = try await client.get("\(Self.path)?limit=0", token: nil)
      #expect(answer.code == "LUCID_ERR_2011")
    }
  }

  @Test("A store that is away is said to be")
  func storeAway() async throws {
    let api = try TestAPI()
    api.store.state.withLock {
      $0.readFault = StoreError(code: .unavailable, effect: .none, message: "away")
    }
    try await api.run { client in
      let answer = try await client.get(Self.path)
      #expect(answer.status == 503)
      #expect(answer.code == "LUCID_ERR_2022")
      #expect(answer.headers[.retryAfter] != nil)
    }
  }

  @Test("A payout's id has exactly the time of its creation")
  func idTime() async throws {
    let api = try TestAPI()
    try await api.run { client in
      for _ in 0..<5 { try await client.expect(201, client.post()) }
    }
    for payout in api.store.state.withLock({ Array($0.payouts.values) }) {
      #expect(payout.id.createdAt == payout.createdAt)
    }
  }
}
