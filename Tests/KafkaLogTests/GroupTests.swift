import KafkaLog
import Payouts
import Testing

@Suite("Groups")
struct GroupTests {
  @Test("two members share the partitions, and one takes all of them when the other leaves")
  func shares() async throws {
    try await Stage.with(partitions: 4) { stage in
      let first = try stage.consumer()
      var one = Transcript()
      #expect(try await one.take(from: first) { $0.owned.count == 4 })

      let second = try stage.consumer()
      var two = Transcript()
      #expect(
        try await eventually {
          try await one.take(from: first, within: .milliseconds(50)) { _ in false }
          try await two.take(from: second, within: .milliseconds(50)) { _ in false }
          return one.owned.count == 2 && two.owned.count == 2
        })
      #expect(one.owned.isDisjoint(with: two.owned))
      #expect(first.assignment == one.owned)

      await second.close()
      #expect(try await one.take(from: first) { $0.owned.count == 4 })
      await first.close()
    }
  }

  @Test("no record of a partition comes after it was revoked, though it was read ahead")
  func noStrays() async throws {
    try await Stage.with(partitions: 4) { stage in
      let producer = try stage.producer()
      for partition in Int32(0)..<4 {
        try await producer.append((0..<2000).map { .text("\($0)", partition: partition) })
      }
      let first = try stage.consumer()
      var one = Transcript()
      // Some are taken, many wait in the buffer.
      try await one.take(from: first, limit: 5) { $0.records.count >= 20 }
      #expect(try await eventually { first.bufferDepth > 1000 })

      let second = try stage.consumer()
      var two = Transcript()
      try await two.take(from: second) { !$0.owned.isEmpty }
      try await one.take(from: first) { $0.owned.count == 2 && $0.events.count > 2 }
      let texts = { (transcript: Transcript) in
        Set(transcript.records.map { "\($0.partition):\($0.text)" })
      }
      // Nothing was committed, so the two together read everything that is theirs.
      let isComplete = try await eventually {
        try await one.take(from: first, within: .milliseconds(50)) { _ in false }
        try await two.take(from: second, within: .milliseconds(50)) { _ in false }
        return texts(one).union(texts(two)).count == 8000
      }
      let lags = (try await first.lag(), try await second.lag())
      #expect(isComplete, "\(texts(one).count) and \(texts(two).count) of 8000, lag \(lags)")
      #expect(one.strays.isEmpty)
      #expect(two.strays.isEmpty)
      await first.close()
      await second.close()
      await producer.close()
    }
  }

  @Test("a static member that comes back has its own partitions, and the other notices nothing")
  func staticMember() async throws {
    try await Stage.with(partitions: 4) { stage in
      let stays = try stage.consumer(instance: "stays")
      let leaves = try stage.consumer(instance: "leaves")
      var one = Transcript()
      var two = Transcript()
      #expect(
        try await eventually {
          try await one.take(from: stays, within: .milliseconds(50)) { _ in false }
          try await two.take(from: leaves, within: .milliseconds(50)) { _ in false }
          return one.owned.count == 2 && two.owned.count == 2
        })
      let owned = two.owned
      let told = one.events.count
      await leaves.close()

      let returned = try stage.consumer(instance: "leaves")
      var three = Transcript()
      #expect(try await three.take(from: returned) { !$0.owned.isEmpty })
      #expect(three.owned == owned)
      try await one.take(from: stays, within: .seconds(1)) { _ in false }
      #expect(one.events.count == told)
      await stays.close()
      await returned.close()
    }
  }

  @Test("of two processes with one member name, the first is told to stop")
  func fenced() async throws {
    try await Stage.with(partitions: 1) { stage in
      let first = try stage.consumer(instance: "same")
      var one = Transcript()
      try await one.take(from: first) { !$0.owned.isEmpty }
      let second = try stage.consumer(instance: "same")
      var two = Transcript()
      #expect(try await two.take(from: second) { !$0.owned.isEmpty })
      var error: LogError?
      #expect(
        try await eventually {
          do {
            _ = try await first.next(limit: 1, wait: .milliseconds(100))
          } catch let fault as LogError {
            error = fault
          }
          return error != nil
        })
      #expect(error?.code == .refused)
      #expect(error?.effect == .refused)
      await first.close()
      await second.close()
    }
  }
}
