import Crypto
import Payouts
import Testing
import Tron

@testable import PayoutAPI

@Suite("Cursors of lists")
struct ListCursorTests {
  private static let path = APIClient.payouts

  @Test("Following next_cursor shows every payout once, in pages of any size, and counts once")
  func walk() async throws {
    let api = try TestAPI()
    var all: [String] = []
    var confirmed: [String] = []
    for number in 0..<57 {
      let state: PayoutState = number.isMultiple(of: 3) ? .paid : .accepted
      let id = try api.store(
        state, secondsAgo: Int64(number / 4), serial: UInt64(900 - number))
      all.append(id.text)
      if state == .paid { confirmed.append(id.text) }
    }
    let lists = [("", all), ("&status=confirmed", confirmed)]
    try await api.run { client in
      for (filter, expected) in lists {
        var walked: [String] = []
        var cursor: String?
        repeat {
          let limit = 1 + walked.count % 7
          let answer = try await client.get(
            "\(Self.path)?limit=\(limit)\(filter)" + (cursor.map { "&cursor=\($0)" } ?? ""))
          #expect(answer.pagination("offset") == "\(walked.count)")
          #expect(answer.pagination("total") == "\(expected.count)")
          #expect(answer.pagination("has_previous") == "\(cursor != nil)")
          walked += answer.ids
          // What comes later is newer, so it is not in this walk.
          if filter.isEmpty {
            try api.store(.accepted, secondsAgo: -60, serial: UInt64(walked.count))
          }
          cursor = answer.pagination("next_cursor").flatMap { $0 == "null" ? nil : $0 }
          #expect(answer.pagination("has_next") == "\(cursor != nil)")
        } while cursor != nil
        #expect(walked == expected)
      }
    }
  }

  @Test("A cursor belongs to its filters and to whom it was given")
  func binding() async throws {
    let api = try TestAPI()
    for number in 0..<5 {
      try api.store(serial: UInt64(number))
      try api.store(tenant: "bob", serial: UInt64(10 + number))
    }
    try await api.run { client in
      let first = try await client.get("\(Self.path)?limit=2&status=pending&start_date=2025-01-01")
      let cursor = try #require(first.pagination("next_cursor"))
      let same = "status=pending&start_date=2025-01-01T00:00:00.000Z"
      for (query, subject, role, isAccepted) in [
        (same, "alice", "end_user", true), ("limit=3&\(same)", "alice", "node_operator", true),
        ("limit=3", "alice", "end_user", false),
        ("status=pending", "alice", "end_user", false),
        ("status=failed&start_date=2025-01-01", "alice", "end_user", false),
        ("status=pending&start_date=2025-01-02", "alice", "end_user", false),
        ("\(same)&end_date=2027-01-01", "alice", "end_user", false),
        ("\(same)&router_type=PayoutRouterV0", "alice", "end_user", false),
        (same, "bob", "end_user", false), (same, "alice", "admin", false),
      ] {
        let answer = try await client.get(
          "\(Self.path)?\(query)&cursor=\(cursor)",
          token: TestTokens.token(subject: subject, role: role))
        #expect(answer.status == (isAccepted ? 200 : 400), "\(query) \(subject) \(role)")
        if !isAccepted {
          #expect(answer.code == "LUCID_ERR_2021")
          #expect(answer.details?["reason"]?.text == "not_of_this_list")
          try expectEnvelope(answer)
        }
      }
    }
  }

  @Test("A cursor is opaque: every change to it is noticed")
  func tampered() async throws {
    let api = try TestAPI()
    for number in 0..<3 { try api.store(serial: UInt64(number)) }
    try await api.run { client in
      let cursor = try #require(
        try await client.get("\(Self.path)?limit=1").pagination("next_cursor"))
      #expect(cursor.utf8.count == 96)
      var forged = cursor.indices.map { index in
        cursor.replacingCharacters(
          in: index...index, with: cursor[index] == "A" ? "B" : "A")
      }
      forged += [
        String(cursor.dropLast()), cursor + "A", cursor + "=", "x", String(cursor.reversed()),
        String(repeating: "A", count: 96), String(repeating: "A", count: 5000), "%00",
        "%F0%9F%A7%BE",
      ]
      for text in forged {
        let answer = try await client.get("\(Self.path)?limit=1&cursor=\(text)")
        #expect(answer.status == 400, "\(text)")
        #expect(answer.code == "LUCID_ERR_2021")
      }
      try await client.expect(200, client.get("\(Self.path)?limit=1&cursor=\(cursor)"))
    }
  }

  @Test("Copies on one store read each other's cursors; another store's are refused")
  func copies() async throws {
    let api = try TestAPI()
    let stranger = try TestAPI()
    for number in 0..<3 {
      try api.store(serial: UInt64(number))
      try stranger.store(serial: UInt64(number))
    }
    let cursor = Reference<String>()
    try await api.run { client in
      cursor.value = try await client.get("\(Self.path)?limit=1").pagination("next_cursor")
    }
    let query = "\(Self.path)?limit=1&cursor=\(try #require(cursor.value))"
    try await api.run { client in try await client.expect(200, client.get(query)) }
    try await stranger.run { client in try await client.expect(400, client.get(query)) }
  }

  @Test("What is written is what is read", arguments: [0, 1, 10_000, Int(Int32.max), Int.max])
  func roundTrip(position: Int) throws {
    let key = SymmetricKey(size: .bits256)
    let filter = PayoutFilter(scope: .tenant(TenantID("alice")), status: .failed)
    let cursor = ListCursor(
      last: .lowest(at: UnixMilliseconds(1_767_225_600_123)), position: position,
      count: PayoutCount(total: 10_000, isExact: false))
    let text = cursor.text(for: filter, key: key)
    #expect(try ListCursor(text, for: filter, key: key) == cursor)
    #expect(throws: Refusal.self) {
      try ListCursor(text, for: filter, key: SymmetricKey(size: .bits256))
    }
  }

  @Test("No two filters sign alike")
  func canonicalTexts() {
    var texts: [String] = []
    for scope in [.all, .tenant(TenantID("all")), .tenant(TenantID("-"))] as [PayoutScope] {
      for status in PayoutStatus.allCases.map(Optional.some) + [nil] {
        for router in RouterType.allCases.map(Optional.some) + [nil] {
          for time in [nil, UnixMilliseconds(1)] {
            texts.append(
              PayoutFilter(scope: scope, status: status, router: router, from: time).canonicalText)
            texts.append(
              PayoutFilter(
                scope: scope, status: status, router: router, from: UnixMilliseconds(2), until: time
              ).canonicalText)
          }
        }
      }
    }
    #expect(Set(texts).count == texts.count)
  }
}
