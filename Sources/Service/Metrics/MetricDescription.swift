/// What a metric is, for the exposition and for docs/metrics.md.
public struct MetricDescription: Sendable {
  /// The Prometheus type.
  public enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  /// The name as exposed.
  public let name: String
  /// The type.
  public let kind: Kind
  /// One line.
  public let help: String
  /// The names of its labels.
  public let labels: [String]
  /// Upper bounds of a histogram's buckets, rising.
  public let buckets: [Double]
  /// Whether a counter counts whole millionths of what it exposes: amounts are never floating point.
  public let countsMillionths: Bool

  init(
    _ name: String, _ kind: Kind, labels: [String] = [], buckets: [Double] = Buckets.seconds,
    countsMillionths: Bool = false, _ help: String
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.labels = labels
    self.buckets = buckets
    self.countsMillionths = countsMillionths
  }
}

/// Upper bounds that suit what is measured.
public enum Buckets {
  /// Durations of calls and batches, in seconds.
  public static let seconds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
  ]
  /// Ages of transfers, in seconds: a block takes three, a solidified one about a minute.
  public static let ages: [Double] = [
    0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600, 21_600,
  ]
  /// Counts of things handled together.
  public static let counts: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
}
