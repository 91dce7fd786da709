import Payouts
import Synchronization
import Testing

@testable import PayoutAPI

@Suite("One computation for those who ask at the same time")
struct SharedComputationTests {
  private final class Computation: Sendable {
    let begun = Mutex<[CheckedContinuation<Result<Int, StoreError>, Never>]>([])
    var count: Int { begun.withLock { $0.count } }
    private let cancelled = Mutex(false)
    var wasCancelled: Bool { cancelled.withLock { $0 } }

    func run() async throws(StoreError) -> Int {
      let result = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          begun.withLock { $0.append(continuation) }
        }
      } onCancel: {
        cancelled.withLock { $0 = true }
      }
      return try result.get()
    }

    func end(_ number: Int, _ result: Result<Int, StoreError>) {
      begun.withLock { $0[number] }.resume(returning: result)
    }
  }

  private let shared = SharedComputation<String, Int>(maximumUnderWay: 2)
  private let computation = Computation()

  private func ask(_ key: String) async -> Result<Int, StoreError> {
    do throws(StoreError) {
      return .success(
        try await shared.value(key) { () throws(StoreError) in try await computation.run() })
    } catch { return .failure(error) }
  }

  private func waiters(_ key: String) -> Int? { shared.waiting.withLock { $0[key]?.count } }

  @Test("Twenty who ask at once get the answer of one computation")
  func together() async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<20 { group.addTask { try await ask("a").get() } }
      try await eventually("all wait") { waiters("a") == 19 }
      #expect(computation.count == 1)
      computation.end(0, .success(7))
      for try await value in group { #expect(value == 7) }
    }
    #expect(computation.count == 1)
    #expect(waiters("a") == nil)
  }

  @Test("Who asks later, or for something else, gets a computation of their own")
  func apart() async throws {
    try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask { try await ask("a").get() }
      group.addTask { try await ask("b").get() }
      try await eventually("both compute") { computation.count == 2 }
      computation.end(0, .success(1))
      computation.end(1, .success(1))
      for try await value in group { #expect(value == 1) }
      group.addTask { try await ask("a").get() }
      try await eventually("a third time") { computation.count == 3 }
      computation.end(2, .success(2))
      #expect(try await group.next() == 2)
    }
  }

  @Test("Who gives up does not take the answer from the others")
  func cancellation() async throws {
    let first = Task { await ask("a") }
    try await eventually("it computes") { computation.count == 1 }
    async let second = ask("a")
    try await eventually("another waits") { waiters("a") == 1 }
    first.cancel()
    computation.end(0, .success(computation.wasCancelled ? 0 : 1))
    #expect(try await second.get() == 1)
  }

  @Test("A failure is shared, and not remembered")
  func failure() async throws {
    let error = StoreError(code: .unavailable, effect: .none, message: "away")
    await withTaskGroup(of: StoreError.Code?.self) { group in
      for _ in 0..<3 {
        group.addTask {
          if case .failure(let error) = await ask("a") { error.code } else { nil }
        }
      }
      while waiters("a") != 2 { await Task.yield() }
      computation.end(0, .failure(error))
      for await code in group { #expect(code == .unavailable) }
    }
    async let again = ask("a")
    try await eventually("it is computed again") { computation.count == 2 }
    computation.end(1, .success(3))
    #expect(try await again.get() == 3)
  }

  @Test("More different ones than are allowed at once are refused, and taken when there is room")
  func bounded() async throws {
    async let first = ask("a")
    async let second = ask("b")
    try await eventually("both compute") { computation.count == 2 }
    guard case .failure(let refusal) = await ask("c") else {
      Issue.record("a third one was computed")
      return
    }
    #expect(refusal.code == .tooSlow)
    #expect(waiters("c") == nil)
    computation.end(0, .success(1))
    computation.end(1, .success(1))
    _ = try await (first.get(), second.get())
    async let third = ask("c")
    try await eventually("it computes") { computation.count == 3 }
    computation.end(2, .success(5))
    #expect(try await third.get() == 5)
  }
}
