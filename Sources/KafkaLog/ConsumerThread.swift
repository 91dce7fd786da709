import CLibrdkafka
import Dispatch
import Foundation
import Payouts

/// The one thread of a consumer: reads record by record, serves rebalances, holds back when the
/// buffer is full.
///
/// Not the batch call of the client library: in the version we link, that one returns records of
/// partitions that a rebalance took away.
// SAFETY: the mutable parts are touched on the thread only; rebalances run inside its polls.
final class ConsumerThread: @unchecked Sendable {
  // LIMIT: records that go into the buffer at once.
  private static let chunk = 256
  // LIMIT: a reader that is merely slow only delays polls; one that stands still this long has its
  // partitions paused, which throws away what was fetched ahead.
  private static let pauseAfter = Duration.milliseconds(500)
  // LIMIT: how long an assignment waits for its start offsets.
  private static let assignmentPatience = Duration.seconds(30)
  // LIMIT: how long leaving the group may take.
  private static let leaveTimeout = Duration.seconds(5)

  private let mailbox: ConsumerMailbox
  private let roomMade: DispatchSemaphore
  private let names: TopicNames
  private let start: KafkaConsumer.Start
  private let floor: (@Sendable (Int32) -> Int64)?
  private let clock: any WallClock
  private let log: ThrottledLog
  private let connection: ConnectionBoard

  private var fresh: [IncomingRecord] = []
  private var isPaused = false

  init(
    mailbox: ConsumerMailbox, roomMade: DispatchSemaphore, names: TopicNames,
    start: KafkaConsumer.Start, floor: (@Sendable (Int32) -> Int64)?, clock: any WallClock,
    log: ThrottledLog, connection: ConnectionBoard
  ) {
    self.mailbox = mailbox
    self.roomMade = roomMade
    self.names = names
    self.start = start
    self.floor = floor
    self.clock = clock
    self.log = log
    self.connection = connection
  }

  /// Reads until the mailbox is stopped, then leaves the group and calls `onEnd`.
  func start(_ handle: KafkaHandle, onEnd: @escaping @Sendable () -> Void) {
    let thread = Thread { [self] in
      read(handle.pointer)
      leave(handle.pointer)
      onEnd()
    }
    thread.name = "kafka-consumer"
    thread.start()
  }

  private func read(_ handle: OpaquePointer) {
    while true {
      let duties = mailbox.duties(now: .now)
      if duties.isStopped { return }
      if duties.isFull && !isPaused {
        holdBack(handle)
        continue
      }
      if isPaused && duties.isHalfEmpty { resume(handle) }
      readChunk(handle, patience: duties.patience)
    }
  }

  /// Waits for the first record, then takes what is there already.
  private func readChunk(_ handle: OpaquePointer, patience: Duration) {
    var timeout = patience.milliseconds
    while fresh.count < Self.chunk, let message = rd_kafka_consumer_poll(handle, timeout) {
      accept(message, handle)
      rd_kafka_message_destroy(message)
      timeout = 0
    }
    flush()
  }

  private func accept(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ handle: OpaquePointer)
  {
    guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else {
      return failed(message, handle)
    }
    if let record = IncomingRecord(message, names: names) { fresh.append(record) }
  }

  private func flush() {
    guard !fresh.isEmpty else { return }
    let records = exchange(&fresh, with: [])
    mailbox.deliver { $0.read(records) }
  }

  /// Most errors pass: the client library goes on by itself. A fatal one (another process has our
  /// member id) ends the consumer.
  private func failed(_ message: UnsafeMutablePointer<rd_kafka_message_t>, _ handle: OpaquePointer)
  {
    let reason = rd_kafka_message_errstr(message).map { String(cString: $0) } ?? ""
    let name = String(cString: rd_kafka_err2name(message.pointee.err))
    log.write(.warning, facility: name, reason)
    connection.failed("\(name): \(reason)", everyBrokerDown: false)
    let fatal = rd_kafka_fatal_error(handle, nil, 0)
    if fatal != RD_KAFKA_RESP_ERR_NO_ERROR {
      mailbox.end(LogError(fatal, effect: .refused, "consume"))
    }
  }
}

// MARK: Back-pressure

extension ConsumerThread {
  private func holdBack(_ handle: OpaquePointer) {
    guard mailbox.wantRoom() else { return }
    let limit = DispatchTime.now() + .milliseconds(Int(Self.pauseAfter.milliseconds))
    if roomMade.wait(timeout: limit) == .success { return }
    // RACE: room made just now is found half empty by the next look.
    isPaused = true
    withAssignment(handle) { list in
      log(rd_kafka_pause_partitions(handle, list), "PAUSE")
    }
  }

  private func resume(_ handle: OpaquePointer) {
    isPaused = false
    withAssignment(handle) { list in
      log(rd_kafka_resume_partitions(handle, list), "RESUME")
    }
  }

  private func withAssignment(
    _ handle: OpaquePointer,
    _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Void
  ) {
    var list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    log(rd_kafka_assignment(handle, &list), "ASSIGNMENT")
    guard let list else { return }
    body(list)
    rd_kafka_topic_partition_list_destroy(list)
  }

  private func log(_ code: rd_kafka_resp_err_t, _ facility: String) {
    guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
    log.write(.warning, facility: facility, String(cString: rd_kafka_err2str(code)))
  }
}

// MARK: Assignments

extension ConsumerThread {
  /// Called by the client library inside a poll.
  func rebalance(
    _ handle: OpaquePointer, _ code: rd_kafka_resp_err_t,
    _ partitions: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>
  ) {
    flush()
    guard code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS else {
      // A pause outlives an assignment: the partition would stay silent when it comes back.
      if isPaused { resume(handle) }
      mailbox.deliver { $0.revoked(names.partitions(partitions)) }
      return log(rd_kafka_assign(handle, nil), "UNASSIGN")
    }
    let list = PartitionList(copying: partitions)
    findStarts(of: list, handle)
    let starts = list.elements.compactMap { element in
      names.topic(element.topic).map {
        (TopicPartition(topic: $0, partition: element.partition), known(element.offset))
      }
    }
    mailbox.deliver { $0.assigned(Dictionary(starts) { _, new in new }) }
    log(rd_kafka_assign(handle, list.pointer), "ASSIGN")
  }

  private func known(_ offset: Int64) -> Int64? { offset >= 0 ? offset : nil }

  private func findStarts(of list: PartitionList, _ handle: OpaquePointer) {
    let deadline = ContinuousClock.now + Self.assignmentPatience
    let offsets = StartOffsets(
      handle: handle, start: start, floor: floor, now: clock.now())
    while !mailbox.isStopped, ContinuousClock.now < deadline {
      do {
        return try offsets.find(for: list)
      } catch {
        log.write(.warning, facility: "START", error.message)
        Thread.sleep(forTimeInterval: 0.2)
      }
    }
    offsets.fallBack(for: list)
  }

  /// The queue is served until the library says that the consumer is closed, or for long enough.
  private func leave(_ handle: OpaquePointer) {
    let queue = rd_kafka_queue_new(handle)
    if let error = rd_kafka_consumer_close_queue(handle, queue) {
      log(rd_kafka_error_code(error), "CLOSE")
      rd_kafka_error_destroy(error)
    }
    let deadline = ContinuousClock.now + Self.leaveTimeout
    while rd_kafka_consumer_closed(handle) == 0, ContinuousClock.now < deadline {
      rd_kafka_queue_poll_callback(queue, 50)
    }
    rd_kafka_queue_destroy(queue)
  }
}
