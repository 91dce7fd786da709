import CLibrdkafka
import Dispatch
import Logging
import Payouts
import Synchronization

/// A member of a consumer group.
///
/// Partitions are assigned eagerly (`range`): a rebalance takes all of them and gives them anew.
/// That is the oldest and simplest protocol, it is what static members get their own partitions
/// back with after a restart, and a restart of a static member is no rebalance at all. The
/// incremental protocol would spare re-reading when copies are added, and has known faults in
/// the client version we link.
public final class KafkaConsumer: LogConsumer {
  /// Where an assigned partition is read from, at every assignment.
  public enum Start: Hashable, Sendable {
    /// After what the group committed; from the beginning where it committed nothing.
    case committed
    /// From the first record that is younger than this by the clock, or from the committed offset
    /// when that is earlier; from the beginning where nothing usable is committed.
    case rewind(Duration)
    /// From the first record that is there.
    case beginning
  }

  /// Which group, which topics, how much at a time.
  public struct Options: Sendable {
    /// The group's name without the prefix.
    public var role: String
    /// A name that this copy keeps over restarts (static membership): unique within the group.
    public var instance: String?
    /// What to read.
    public var topics: [Topic]
    /// From where.
    public var start: Start
    /// With ``Start/rewind(_:)``: the offset from which a partition must be read at the latest. Called
    /// on the client library's thread; must not wait.
    public var floor: (@Sendable (Int32) -> Int64)?
    /// Records read ahead.
    public var bufferLimitRecords = 4096
    /// Their size.
    public var bufferLimitBytes = 32 << 20
    /// A copy that is silent this long loses its partitions.
    public var sessionTimeout: Duration = .seconds(10)

    /// A member of the group `role`.
    public init(
      role: String, topics: [Topic], start: Start = .committed,
      floor: (@Sendable (Int32) -> Int64)? = nil, instance: String? = nil
    ) {
      self.role = role
      self.topics = topics
      self.start = start
      self.floor = floor
      self.instance = instance
    }
  }

  private let settings: KafkaSettings
  private let handle: KafkaHandle
  private let mailbox: ConsumerMailbox
  private let commits = BlockingQueue("kafka-commit")
  private let ended = Completion()

  /// Joins the group in the background; fails only on unusable settings.
  public init(
    settings: KafkaSettings, options: Options, clock: any WallClock, logger: Logger
  ) throws(KafkaSettingsError) {
    self.settings = settings
    let roomMade = DispatchSemaphore(value: 0)
    let pollQueue = PollQueue()
    mailbox = ConsumerMailbox(
      limits: .init(records: options.bufferLimitRecords, bytes: options.bufferLimitBytes)
    ) { isRoomMade in
      if isRoomMade { roomMade.signal() }
      pollQueue.interrupt()
    }
    let connection = ConnectionBoard()
    let log = ThrottledLog(logger)
    let thread = ConsumerThread(
      mailbox: mailbox, roomMade: roomMade, names: TopicNames(options.topics, settings: settings),
      start: options.start, floor: options.floor, clock: clock, log: log, connection: connection)
    handle = try KafkaHandle(
      RD_KAFKA_CONSUMER, settings.consumerConfiguration(options),
      events: HandleEvents(connection: connection, log: log, rebalance: thread.rebalance))
    rd_kafka_poll_set_consumer(handle.pointer)
    pollQueue.open(handle.pointer)
    subscribe(options.topics.map(settings.name(of:)))
    thread.start(handle) { [ended] in
      pollQueue.close()
      ended.finish()
    }
  }

  deinit { mailbox.stop() }

  private func subscribe(_ names: [String]) {
    let list = PartitionList(capacity: names.count)
    for name in names { list.add(name, RD_KAFKA_PARTITION_UA) }
    // Fails only on names that no topic can have; then no event ever comes, and `next` says why.
    let code = rd_kafka_subscribe(handle.pointer, list.pointer)
    if code != RD_KAFKA_RESP_ERR_NO_ERROR {
      mailbox.end(LogError(code, effect: .refused, "subscribe"))
    }
  }

  /// Whether there is a broker to talk to.
  public var connection: KafkaConnection { handle.events.connection.connection }

  /// The partitions that are ours, as far as `next` told or will tell.
  public var assignment: Set<TopicPartition> { Set(mailbox.positions.keys) }

  /// Records that were read ahead and not yet taken.
  public var bufferDepth: Int { mailbox.depth }

  /// The next event. One task at a time; returns early with `nil` when the task is cancelled.
  /// Throws `closed` after `close`, and `refused` for good when another process uses our
  /// member name.
  public func next(limit: Int, wait: Duration) async throws(LogError) -> ConsumerEvent? {
    try await mailbox.next(limit: limit, wait: wait)
  }

  /// Commits and waits for the broker's answer. What is not ours any more is left out quietly: its
  /// new owner reads those records again, which changes nothing.
  public func commit(_ offsets: [TopicPartition: Int64]) async throws(LogError) {
    guard !offsets.isEmpty else { return }
    try await commits.run { [self] () throws(LogError) in try commitNow(offsets) }
  }

  private func commitNow(_ offsets: [TopicPartition: Int64]) throws(LogError) {
    try checkOpen()
    let owned = mailbox.positions
    let list = PartitionList(capacity: offsets.count)
    for (partition, offset) in offsets where owned.keys.contains(partition) {
      list.add(settings.name(of: partition.topic), partition.partition, offset: offset)
    }
    guard !list.elements.isEmpty else { return }
    let code = rd_kafka_commit(handle.pointer, list.pointer, 0)
    // RACE: a rebalance between the look above and the broker's answer.
    let lost = [
      RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION, RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID,
      RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    ]
    if lost.contains(code) { return }
    try check(code, effect: .inDoubt, "commit")
    for element in list.elements where !lost.contains(element.err) {
      try check(element.err, effect: .inDoubt, "commit")
    }
  }

  /// How many records are still to be taken, as of the last answers of the brokers; without the
  /// partitions that none has come for yet.
  public func lag() async throws(LogError) -> [TopicPartition: Int64] {
    try checkOpen()
    var lags: [TopicPartition: Int64] = [:]
    for (partition, position) in mailbox.positions {
      var low = LogicalOffset.invalid
      var high = LogicalOffset.invalid
      let code = rd_kafka_get_watermark_offsets(
        handle.pointer, settings.name(of: partition.topic), partition.partition, &low, &high)
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0 else { continue }
      lags[partition] = max(0, high - max(position ?? low, low))
    }
    return lags
  }

  /// Waits for a commit under way and leaves the group, within a bound. No event comes afterwards.
  ///
  /// A static member keeps its partitions until its session times out, so that its restart is no
  /// rebalance.
  public func close() async {
    mailbox.end(Self.closed)
    await commits.drain()
    mailbox.stop()
    await ended.wait()
  }

  private func checkOpen() throws(LogError) {
    if let end = mailbox.ended { throw end }
  }

  private static let closed = LogError(
    code: .closed, effect: .none, message: "the consumer is closed")
}

extension KafkaSettings {
  fileprivate func consumerConfiguration(
    _ options: KafkaConsumer.Options
  ) throws(KafkaSettingsError) -> KafkaConfiguration {
    let configuration = try configuration(
      tuning: [
        // A record is here soon after it was appended.
        "fetch.wait.max.ms": "50",
        "fetch.error.backoff.ms": "100",
        // LIMIT: what the client library reads ahead on its own.
        "queued.min.messages": "10000",
        "queued.max.messages.kbytes": "65536",
        // Brokers may answer with more than was asked for: with all that is there.
        "receive.message.max.bytes": "1000000000",
        "heartbeat.interval.ms": String(options.sessionTimeout.milliseconds / 10),
      ],
      guarantees: [
        "group.id": groupName(role: options.role),
        "partition.assignment.strategy": "range",
        "session.timeout.ms": String(options.sessionTimeout.milliseconds),
        "enable.auto.commit": "false",
        "enable.auto.offset.store": "false",
        "auto.offset.reset": "earliest",
      ])
    if let instance = options.instance {
      try configuration.set("group.instance.id", instance)
    }
    return configuration
  }
}
