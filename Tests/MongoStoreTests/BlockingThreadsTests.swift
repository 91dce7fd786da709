import Foundation
import Payouts
import Testing
import Tron

@testable import MongoStore

@Suite struct BlockingThreadsTests {
  @Test func `two hundred tasks share a few threads and all come back`() async throws {
    try await withDatabase(threads: 3) { store in
      let transfers = try (0..<200).map { try sampleTransfer("t\($0)") }
      let won = try await withThrowingTaskGroup { group in
        for transfer in transfers {
          group.addTask {
            try await store.insert([transfer])
            let change = TransferChange(from: transfer, to: transfer.moved(to: .held))
            return try await store.compareAndSet([change]).count
          }
        }
        return try await group.reduce(0, +)
      }
      #expect(won == 200)
      #expect(try await store.count(in: TransferState.allCases) == [TransferState.held: 200])
      let isIdle = try await eventually { store.load.busy == 0 && store.load.waiting == 0 }
      #expect(isIdle)
    }
  }

  @Test func `a blocked call blocks no task`() async throws {
    let gate = Gate()
    let threads = try threads(1, capacity: 4)
    async let blocked: Void = threads.run { _ throws(StoreError) in gate.wait() }
    let isBusy = try await eventually { threads.load.busy == 1 }
    #expect(isBusy)
    // As many tasks as there could be cooperative threads still run.
    let sum = await withTaskGroup { group in
      for number in 0..<64 { group.addTask { number } }
      return await group.reduce(0, +)
    }
    #expect(sum == 2_016)
    gate.open()
    try await blocked
    await threads.close()
  }

  @Test func `more calls than may wait are refused and nothing happened`() async throws {
    let gate = Gate()
    let threads = try threads(1, capacity: 2)
    async let running: Void = threads.run { _ throws(StoreError) in gate.wait() }
    let isBusy = try await eventually { threads.load.busy == 1 }
    #expect(isBusy)
    async let first = threads.run { _ throws(StoreError) in 1 }
    async let second = threads.run { _ throws(StoreError) in 2 }
    let isFull = try await eventually { threads.load.waiting == 2 }
    #expect(isFull)
    let error = await #expect(throws: StoreError.self) {
      try await threads.run { _ throws(StoreError) in 3 }
    }
    #expect(error?.code == .unavailable)
    #expect(error?.effect == Effect.none)
    gate.open()
    try await running
    #expect(try await [first, second] == [1, 2])
    await threads.close()
  }

  @Test func `a cancelled task gives up a call that waits, not one that has begun`() async throws {
    let gate = Gate()
    let threads = try threads(1, capacity: 4)
    let begun = Task {
      try await threads.run { _ throws(StoreError) in
        gate.wait()
        return "done"
      }
    }
    let isBusy = try await eventually { threads.load.busy == 1 }
    #expect(isBusy)
    let waiting = Task { try await threads.run { _ throws(StoreError) in "never" } }
    let isWaiting = try await eventually { threads.load.waiting == 1 }
    #expect(isWaiting)
    waiting.cancel()
    begun.cancel()
    let error = await #expect(throws: StoreError.self) { try await waiting.value }
    #expect(error?.effect == Effect.none)
    gate.open()
    #expect(try await begun.value == "done")
    await threads.close()
  }

  @Test func `a task that is cancelled already calls nothing`() async throws {
    let threads = try threads(1, capacity: 4)
    let gate = Gate()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await threads.run { _ throws(StoreError) in gate.open() }
    }
    task.cancel()
    await #expect(throws: StoreError.self) { try await task.value }
    #expect(!gate.isOpen)
    await threads.close()
  }

  @Test func `closing waits for what has begun and refuses the rest`() async throws {
    let gate = Gate()
    let threads = try threads(1, capacity: 4)
    async let begun = threads.run { _ throws(StoreError) in
      gate.wait()
      return 1
    }
    let isBusy = try await eventually { threads.load.busy == 1 }
    #expect(isBusy)
    let waiting = Task { try await threads.run { _ throws(StoreError) in 2 } }
    let isWaiting = try await eventually { threads.load.waiting == 1 }
    #expect(isWaiting)
    async let closed: Void = threads.close()
    await #expect(throws: StoreError.self) { try await waiting.value }
    gate.open()
    #expect(try await begun == 1)
    await closed
    let error = await #expect(throws: StoreError.self) {
      try await threads.run { _ throws(StoreError) in 3 }
    }
    #expect(error?.effect == Effect.none)
    await threads.close()
  }

  @Test func `letting go of the threads ends them and frees the connections`() async throws {
    weak var pool: ClientPool?
    do {
      let kept = try ClientPool(ConnectionURI("mongodb://127.0.0.1:1"), size: 2)
      pool = kept
      let threads = BlockingThreads(count: 2, capacity: 4, pool: kept, database: "test")
      #expect(try await threads.run { _ throws(StoreError) in 1 } == 1)
    }
    let isFreed = try await eventually { pool == nil }
    #expect(isFreed)
  }

  private func threads(_ count: Int, capacity: Int) throws -> BlockingThreads {
    BlockingThreads(
      count: count, capacity: capacity,
      pool: try ClientPool(ConnectionURI("mongodb://127.0.0.1:1"), size: count),
      database: "test")
  }
}

/// Holds threads, not tasks, until it is opened.
private final class Gate: @unchecked Sendable {
  private let condition = NSCondition()
  private var opened = false

  var isOpen: Bool { condition.withLock { opened } }

  func open() {
    condition.withLock {
      opened = true
      condition.broadcast()
    }
  }

  func wait() {
    condition.withLock { while !opened { condition.wait() } }
  }
}
