import Logging
import Metrics
import Payouts
import ServiceLifecycle

/// Reads a group's records in batches, has them processed and commits their offsets afterwards.
///
/// Everything happens in one task, so `assigned`, `revoked` and `process` never overlap. What
/// cannot be processed is repeated for ever: the loop never skips a record and never commits one
/// whose effect was not taken. Graceful shutdown finishes the batch in hand, commits and closes.
public struct ConsumerLoop: ServiceLifecycle.Service {
  /// How the loop reads.
  public struct Options: Sendable {
    /// Most records of a batch.
    public var limit: Int
    /// Whether batches are smaller while they take long, see `BatchPace`. Not for a stage that waits for
    /// others as part of its work.
    public var isPaced: Bool
    /// How long one look at the log waits; also how soon shutdown is noticed.
    public var wait: Duration
    /// How often the lag is measured.
    public var lagInterval: Duration

    /// Collects the parts.
    public init(
      limit: Int = 500, isPaced: Bool = true, wait: Duration = .milliseconds(250),
      lagInterval: Duration = .seconds(5)
    ) {
      self.limit = limit
      self.isPaced = isPaced
      self.wait = wait
      self.lagInterval = lagInterval
    }
  }

  let name: String
  let consumer: any LogConsumer
  let processor: any RecordProcessor
  let context: LoopContext
  let options: Options
  let metrics: ConsumerMetrics

  /// - Parameter name: The loop's name in health, logs and metrics.
  public init(
    name: String, consumer: any LogConsumer, processor: any RecordProcessor,
    context: LoopContext, options: Options = Options()
  ) {
    self.name = name
    self.consumer = consumer
    self.processor = processor
    self.context = context
    self.options = options
    self.metrics = ConsumerMetrics(loop: name)
  }

  /// Consumes until shutdown, then closes the consumer. Throws when the log refuses us for good, for
  /// example because another process uses our member name.
  public func run() async throws {
    context.health.idle(name, "starting")
    var turn = ConsumerTurn(loop: self)
    while !isStopping, turn.refusal == nil { await turn.step() }
    await consumer.close()
    context.watchdog.end(name)
    context.health.idle(name, "stopped")
    if let refusal = turn.refusal, !isStopping { throw refusal }
  }

  /// Whether the process is ending.
  var isStopping: Bool { Task.isShuttingDownGracefully || Task.isCancelled }
}
