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

  /// A wait that a test ends.
  private final class Patience: Sendable {
    private let waits = Mutex<[CheckedContinuation<Void, Never>]>([])
    private let isOver = Mutex(false)

    func wait() async {
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isOver = isOver.withLock { isOver in
            if !isOver { waits.withLock { $0.append(continuation) } }
            return isOver
          }
          if isOver { continuation.resume() }
        }
      } onCancel: {
        end()
      }
    }

    func end() {
      isOver.withLock { $0 = true }
      for wait in waits.withLock({ waits in
        defer { waits = [] }
        return waits
      }) { wait.resume() }
    }
  }

  private let patience = Patience()
  private let shared: SharedComputation<String, Int>
  private let computation = Computation()

  init() {
    let patience = patience
    shared = SharedComputation(maximumUnderWay: 2, maximumWaiting: 2) { await patience.wait() }
  }

  private func ask(_ key: String) async -> Result<Int, StoreError> {
    do throws(StoreError) {
      return .success(
        try await shared.value(key) { () throws(StoreError) in try await computation.run() })
    } catch { return .failure(error) }
  }

  private func waiters(_ key: String) -> Int? { shared.joinedCount(key) }

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

  @Test("More different ones than are allowed at once wait in line, and are taken in its order")
  func inLine() async throws {
    async let first = ask("a")
    async let second = ask("b")
    try await eventually("both compute") { computation.count == 2 }
    async let third = ask("c")
    try await eventually("it waits") { shared.lineCount == 1 }
    async let same = ask("c")
    try await eventually("the same waits as well") { shared.lineCount == 2 }
    #expect(computation.count == 2)
    computation.end(0, .success(1))
    try await eventually("it computes") { computation.count == 3 }
    #expect(shared.lineCount == 0 && waiters("c") == 1)
    computation.end(1, .success(2))
    computation.end(2, .success(5))
    #expect(try await [first.get(), second.get(), third.get(), same.get()] == [1, 2, 5, 5])
    #expect(computation.count == 3)
  }

  @Test("A line that is full refuses, and whoever has waited long enough gives up")
  func bounded() async throws {
    async let first = ask("a")
    async let second = ask("b")
    try await eventually("both compute") { computation.count == 2 }
    async let third = ask("c")
    async let fourth = ask("d")
    try await eventually("two wait") { shared.lineCount == 2 }
    guard case .failure(let refusal) = await ask("e") else {
      Issue.record("a fifth one was computed")
      return
    }
    #expect(refusal.code == .tooSlow)
    patience.end()
    for outcome in await [third, fourth] {
      guard case .failure(let error) = outcome else {
        Issue.record("it was computed without room")
        continue
      }
      #expect(error.code == .tooSlow)
    }
    #expect(shared.lineCount == 0 && computation.count == 2)
    computation.end(0, .success(1))
    computation.end(1, .success(1))
    _ = try await (first.get(), second.get())
    async let later = ask("c")
    try await eventually("it computes") { computation.count == 3 }
    computation.end(2, .success(5))
    #expect(try await later.get() == 5)
  }
}
