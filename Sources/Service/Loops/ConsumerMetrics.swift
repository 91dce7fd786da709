import Metrics
import Payouts

/// The metrics of one consumer loop.
struct ConsumerMetrics: Sendable {
  let retries: Counter
  let commitFailures: Counter
  private let batchRecords: Recorder
  private let batchDuration: Timer

  init(loop: String) {
    retries = MetricNames.consumerRetries.counter(("loop", loop))
    commitFailures = MetricNames.consumerCommitFailures.counter(("loop", loop))
    batchRecords = MetricNames.consumerBatchRecords.recorder(("loop", loop))
    batchDuration = MetricNames.consumerBatchDuration.timer(("loop", loop))
  }

  func processed(_ batch: [IncomingRecord], in duration: Duration) {
    guard !batch.isEmpty else { return }
    batchRecords.record(Int64(batch.count))
    batchDuration.record(duration)
    for (topic, records) in Dictionary(grouping: batch, by: \.topic) {
      MetricNames.consumerRecords.counter(("topic", topic.name)).increment(by: records.count)
    }
  }

  /// Topics that were read once and are no longer have no lag here.
  func lag(_ lag: [TopicPartition: Int64], topics: Set<Topic>) {
    let byTopic = Dictionary(lag.map { ($0.key.topic, $0.value) }, uniquingKeysWith: +)
    for topic in topics {
      MetricNames.consumerLag.gauge(("topic", topic.name)).set(byTopic[topic] ?? 0)
    }
  }

  func assigned(_ assigned: Set<TopicPartition>, topics: Set<Topic>) {
    let byTopic = Dictionary(grouping: assigned, by: \.topic)
    for topic in topics {
      MetricNames.consumerPartitions.gauge(("topic", topic.name)).set(byTopic[topic]?.count ?? 0)
    }
  }
}
