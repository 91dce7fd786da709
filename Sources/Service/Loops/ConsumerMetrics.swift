import Metrics
import Payouts

/// The metrics of one consumer loop.
struct ConsumerMetrics: Sendable {
  let retries: Counter
  let commitFailures: Counter
  private let batchRecords: Recorder
  private let batchDuration: Timer
  private let records: [Topic: Counter]
  private let lags: [Topic: Meter]
  private let partitions: [Topic: Meter]

  init(loop: String) {
    retries = MetricNames.consumerRetries.counter(("loop", loop))
    commitFailures = MetricNames.consumerCommitFailures.counter(("loop", loop))
    batchRecords = MetricNames.consumerBatchRecords.recorder(("loop", loop))
    batchDuration = MetricNames.consumerBatchDuration.timer(("loop", loop))
    records = Self.byTopic { MetricNames.consumerRecords.counter(("topic", $0)) }
    lags = Self.byTopic { MetricNames.consumerLag.gauge(("topic", $0)) }
    partitions = Self.byTopic { MetricNames.consumerPartitions.gauge(("topic", $0)) }
  }

  private static func byTopic<Metric>(_ make: (String) -> Metric) -> [Topic: Metric] {
    Dictionary(uniqueKeysWithValues: Topic.all.map { ($0, make($0.name)) })
  }

  func processed(_ batch: [IncomingRecord], in duration: Duration) {
    guard !batch.isEmpty else { return }
    batchRecords.record(Int64(batch.count))
    batchDuration.record(duration)
    for (topic, records) in Dictionary(grouping: batch, by: \.topic) {
      self.records[topic]?.increment(by: records.count)
    }
  }

  func lag(_ lag: [TopicPartition: Int64]) {
    let byTopic = Dictionary(lag.map { ($0.key.topic, $0.value) }, uniquingKeysWith: +)
    for (topic, meter) in lags { meter.set(byTopic[topic] ?? 0) }
  }

  func assigned(_ assigned: Set<TopicPartition>) {
    let byTopic = Dictionary(grouping: assigned, by: \.topic)
    for (topic, meter) in partitions { meter.set(byTopic[topic]?.count ?? 0) }
  }
}
