import CLibrdkafka
import Payouts
import Tron

/// Finds where to read each newly assigned partition from.
struct StartOffsets {
  // LIMIT: one question to the brokers.
  private static let timeout: Int32 = 5000

  let handle: OpaquePointer
  let start: KafkaConsumer.Start
  let floor: (@Sendable (Int32) -> Int64)?
  let now: UnixMilliseconds

  /// Writes the offsets into the list.
  func find(for list: PartitionList) throws(LogError) {
    switch start {
    case .beginning: for index in list.elements.indices { setBeginning(&list.elements[index]) }
    case .committed: try findCommitted(list)
    case .rewind(let horizon): try findRewound(list, horizon)
    }
  }

  /// What is safe when the brokers do not answer: to read too much.
  func fallBack(for list: PartitionList) {
    for index in list.elements.indices {
      // The library itself goes on asking for committed offsets.
      list.elements[index].offset =
        start == .committed ? LogicalOffset.invalid : LogicalOffset.beginning
    }
  }

  private func setBeginning(_ element: inout rd_kafka_topic_partition_t) {
    element.offset = LogicalOffset.beginning
  }

  private func findCommitted(_ list: PartitionList) throws(LogError) {
    try check(
      rd_kafka_committed(handle, list.pointer, Self.timeout), effect: .none, "committed offsets")
    try list.checkEach(effect: .none, "committed offsets")
    for index in list.elements.indices where list.elements[index].offset < 0 {
      setBeginning(&list.elements[index])
    }
  }

  /// The first record that is younger than the horizon, or the committed offset or the floor when
  /// that is before it: nothing unprocessed is skipped, and memory is rebuilt as far back as asked.
  ///
  /// Without a committed offset, or with one beyond the end (the brokers lost data), it is the
  /// beginning.
  private func findRewound(_ list: PartitionList, _ horizon: Duration) throws(LogError) {
    try findCommitted(list)
    let committed = list.elements.map(\.offset)
    // RACE: ends come before the look-up by time. "No record that young" then holds for every
    // record before the end, and those after it are read.
    var ends: [Int64] = []
    for element in list.elements { ends.append(try end(of: element)) }
    let byTime = try offsets(for: list, youngerThan: now.advanced(by: horizon * -1))
    for index in list.elements.indices {
      let isUsable = (0...ends[index]).contains(committed[index])
      let rewound = byTime[index] < 0 ? ends[index] : byTime[index]
      let latest = floor.map { min(rewound, $0(list.elements[index].partition)) } ?? rewound
      list.elements[index].offset =
        isUsable ? min(committed[index], latest) : LogicalOffset.beginning
    }
  }

  private func end(of element: rd_kafka_topic_partition_t) throws(LogError) -> Int64 {
    var low: Int64 = 0
    var high: Int64 = 0
    let code = rd_kafka_query_watermark_offsets(
      handle, element.topic, element.partition, &low, &high, Self.timeout)
    try check(code, effect: .none, "watermarks")
    return max(0, high)
  }

  private func offsets(
    for list: PartitionList, youngerThan time: UnixMilliseconds
  ) throws(LogError) -> [Int64] {
    for index in list.elements.indices { list.elements[index].offset = time.value }
    try check(
      rd_kafka_offsets_for_times(handle, list.pointer, Self.timeout), effect: .none,
      "offsets by time")
    try list.checkEach(effect: .none, "offsets by time")
    return list.elements.map(\.offset)
  }
}

extension UnixMilliseconds {
  fileprivate func advanced(by duration: Duration) -> UnixMilliseconds {
    advanced(milliseconds: Int64(duration / .milliseconds(1)))
  }
}
