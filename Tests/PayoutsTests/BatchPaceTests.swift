import Testing

@testable import Payouts

@Suite struct BatchPaceTests {
  @Test("What is done quickly is taken in growing batches, up to the most")
  func grows() {
    var pace = BatchPace(most: 500)
    var limits: [Int] = []
    for _ in 0..<6 {
      limits.append(pace.limit)
      pace.processed(pace.limit, in: .milliseconds(20))
    }
    #expect(limits == [50, 100, 200, 400, 500, 500])
  }

  @Test("A batch that took too long is followed by one that fits")
  func shrinks() {
    var pace = BatchPace(most: 500)
    pace.processed(50, in: .milliseconds(500))
    #expect(pace.limit == 25)
    pace.processed(25, in: .milliseconds(500))
    #expect(pace.limit == 12)
  }

  @Test("However slow it is, some are taken, and never more than the most")
  func bounds() {
    var pace = BatchPace(most: 500)
    pace.processed(50, in: .seconds(60))
    #expect(pace.limit == BatchPace.least)
    var narrow = BatchPace(most: 3)
    #expect(narrow.limit == 3)
    narrow.processed(3, in: .seconds(60))
    #expect(narrow.limit == 3)
    narrow.processed(3, in: .milliseconds(1))
    #expect(narrow.limit == 3)
  }

  @Test("A slow batch is left behind again, step by step, while full ones fit")
  func recovers() {
    var pace = BatchPace(most: 500)
    pace.processed(50, in: .seconds(60))
    for _ in 0..<100 { pace.processed(pace.limit, in: .milliseconds(200)) }
    #expect(pace.limit == 500)
  }

  @Test("Batches that are not half full change nothing")
  func stays() {
    var pace = BatchPace(most: 500)
    pace.processed(7, in: .milliseconds(1))
    #expect(pace.limit == 50)
    pace.processed(20, in: .seconds(2))
    #expect(pace.limit == 50)
    pace.processed(0, in: .seconds(9))
    #expect(pace.limit == 50)
  }
}
