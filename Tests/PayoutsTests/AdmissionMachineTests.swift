import Payouts
import Testing
import Tron

@Suite("Group commit")
struct GroupCommitTests {
  @Test("The first lead at once, the others wait and go together, in order")
  func order() {
    var machine = GroupCommit<Int>(maximumGroup: 3, maximumUnderWay: 2, capacity: 10)
    let submissions = (0..<9).map { machine.submitted($0) }
    #expect(submissions == [.lead, .lead] + Array(repeating: .wait, count: 7))
    #expect(machine.depth == 7)
    #expect(machine.committed() == [2, 3, 4])
    #expect(machine.committed() == [5, 6, 7])
    #expect(machine.committed() == [8])
    #expect(machine.committed() == [])
    #expect(machine.submitted(9) == .lead)
    #expect(machine.submitted(10) == .wait)
  }

  @Test("When the room is full the next are refused, until a group goes")
  func full() {
    var machine = GroupCommit<Int>(maximumGroup: 2, maximumUnderWay: 1, capacity: 2)
    #expect((0..<4).map { machine.submitted($0) } == [.lead, .wait, .wait, .refuse])
    #expect(machine.committed() == [1, 2])
    #expect(machine.submitted(4) == .wait)
  }

  @Test("Whatever happens, everybody goes exactly once and never too many at a time")
  func property() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<200 {
      var machine = GroupCommit<Int>(maximumGroup: 4, maximumUnderWay: 2, capacity: 6)
      var next = 0
      var gone: [Int] = []
      var accepted: [Int] = []
      var underWay = 0
      for _ in 0..<100 {
        if Bool.random(using: &random) {
          switch machine.submitted(next) {
          case .lead:
            underWay += 1
            accepted.append(next)
            gone.append(next)
          case .wait: accepted.append(next)
          case .refuse: #expect(machine.depth == 6)
          }
          next += 1
        } else if underWay > 0 {
          let group = machine.committed()
          #expect(group.count <= 4)
          if group.isEmpty { underWay -= 1 }
          gone += group
        }
        #expect(underWay <= 2)
      }
      while underWay > 0 {
        let group = machine.committed()
        if group.isEmpty { underWay -= 1 }
        gone += group
      }
      #expect(gone == accepted)
    }
  }
}

@Suite("Waiting for the broker")
struct AnnouncementGateTests {
  @Test("While it answers, everybody waits for it")
  func reachable() {
    var gate = AnnouncementGate()
    #expect(gate.begin() == .await)
    #expect(gate.begin() == .await)
    gate.acknowledged()
    #expect(gate.isReachable)
    #expect(gate.begin() == .await)
  }

  @Test("After a failure one at a time tries, until one succeeds")
  func failure() {
    var gate = AnnouncementGate()
    #expect(gate.begin() == .await)
    gate.failed()
    #expect(!gate.isReachable)
    #expect([gate.begin(), gate.begin(), gate.begin()] == [.probe, .skip, .skip])
    gate.failed()
    #expect([gate.begin(), gate.begin()] == [.probe, .skip])
    gate.acknowledged()
    #expect(gate.begin() == .await)
  }

  @Test("Nobody waits for a broker that is known to be away")
  func knownToBeAway() {
    var gate = AnnouncementGate()
    #expect([gate.begin(isAway: true), gate.begin(isAway: true)] == [.probe, .skip])
    gate.acknowledged()
    #expect(gate.begin(isAway: false) == .await)
  }

  @Test("An append that takes too long goes on as the one that tries")
  func overdue() {
    var gate = AnnouncementGate()
    #expect([gate.begin(), gate.begin()] == [.await, .await])
    gate.overdue()
    gate.overdue()
    #expect(gate.begin() == .skip)
    gate.failed()
    #expect([gate.begin(), gate.begin()] == [.probe, .skip])
    gate.acknowledged()
    #expect(gate.isReachable)
  }
}

@Suite("Keys in flight")
struct KeysInFlightTests {
  private let first = IdempotencyKey(key: "k", requestHash: "1")
  private let other = IdempotencyKey(key: "k", requestHash: "2")
  private let tenant = TenantID("t")

  @Test("One request at a time has a key, and says whether another is the same")
  func exclusion() throws {
    var keys = KeysInFlight()
    try keys.began(first, tenant: tenant)
    #expect { try keys.began(first, tenant: tenant) } throws: {
      ($0 as? Refusal)?.code == .requestInProgress
    }
    #expect { try keys.began(other, tenant: tenant) } throws: {
      ($0 as? Refusal)?.code == .idempotencyConflict
    }
    try keys.began(first, tenant: TenantID("u"))
    keys.ended(first, tenant: tenant)
    try keys.began(other, tenant: tenant)
  }
}

@Suite("Error codes")
struct ErrorCodeTests {
  @Test("The specification's codes have its statuses and messages")
  func specified() {
    let table: [(Int, Int, String)] = [
      (2001, 400, "Invalid TRON address format"), (2002, 400, "Amount exceeds daily limit"),
      (2003, 400, "Circuit breaker open"), (2004, 400, "Invalid router type"),
      (2005, 404, "Payout not found"), (2006, 500, "TRON network error"),
      (2007, 500, "Insufficient balance"), (2008, 500, "Transaction failed"),
      (2009, 429, "Rate limit exceeded"), (2010, 403, "Insufficient permissions"),
    ]
    for (number, status, message) in table {
      let code = ErrorCode(rawValue: number)
      #expect(code?.text == "LUCID_ERR_\(number)")
      #expect(code?.status == status)
      #expect(code?.message == message)
    }
  }

  @Test("Ours have the statuses that the documentation tells")
  func ours() {
    let statuses = (2011...2023).map { ErrorCode(rawValue: $0)?.status }
    #expect(statuses == [401, 400, 400, 413, 415, 404, 405, 422, 409, 409, 400, 503, 500])
    #expect(ErrorCode(rawValue: 2024) == nil)
  }
}
