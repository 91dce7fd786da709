import CoreMetrics
import Synchronization

/// Keeps every metric of the process and renders them in the Prometheus text format.
///
/// Making a metric takes a lock; a caller keeps what it made, and counting is then one atomic
/// operation (a histogram takes a lock of its own).
public final class PrometheusMetrics: MetricsFactory, Sendable {
  private struct Family {
    var description: MetricDescription
    var series: [String: any Series] = [:]
  }

  // LIMIT: series of one metric; the rest is counted together under the label value "overflow".
  private let mostSeries: Int
  // LIMIT: metrics of the process; more are a name that carries data.
  private static let mostFamilies = 500

  private let catalogue: [String: MetricDescription]
  private let families = Mutex<[String: Family]>([:])
  private let refused: CounterSeries

  /// - Parameter descriptions: Types, help texts and buckets of known metrics.
  public init(
    descriptions: [MetricDescription] = MetricNames.all, mostSeries: Int = 500
  ) {
    self.mostSeries = mostSeries
    catalogue = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    refused = CounterSeries()
    let own = MetricNames.metricsRefused
    families.withLock { $0[own.name] = Family(description: own, series: ["": refused]) }
  }

  /// All metrics, sorted by name.
  public func exposition() -> String {
    let snapshot = families.withLock { Array($0) }
    var text = ""
    text.reserveCapacity(16_384)
    for (name, family) in snapshot.sorted(by: { $0.key < $1.key }) {
      text.header(name, family.description.kind, family.description.help)
      for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
        series.render(name: name, labels: labels, into: &text)
      }
    }
    ProcessMetrics.render(into: &text)
    return text
  }

  /// A whole counter; its name ends in `_total` whether or not the label does.
  public func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    counter(label, dimensions)
  }

  /// A counter of fractions.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    counter(label, dimensions)
  }

  /// A gauge.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(Exposition.name(label), dimensions) { _ in GaugeSeries() }
  }

  /// A histogram, or a gauge when values are not to be aggregated.
  public func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    let name = Exposition.name(label)
    guard aggregate else { return series(name, dimensions) { _ in GaugeSeries() } }
    return series(name, dimensions) {
      HistogramSeries(bounds: $0?.buckets ?? Buckets.counts)
    }
  }

  /// A histogram of seconds.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    series(Self.name(label, ending: "_seconds"), dimensions) {
      HistogramSeries(bounds: $0?.buckets ?? Buckets.seconds)
    }
  }

  /// Does nothing: series are shared and live as long as the process.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Does nothing: series are shared and live as long as the process.
  public func destroyMeter(_ handler: any MeterHandler) {}
  /// Does nothing: series are shared and live as long as the process.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// Does nothing: series are shared and live as long as the process.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Does nothing: series are shared and live as long as the process.
  public func destroyTimer(_ handler: any TimerHandler) {}

  private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
    series(Self.name(label, ending: "_total"), dimensions) {
      CounterSeries(countsMillionths: $0?.countsMillionths ?? false)
    }
  }

  private func series<S: Series>(
    _ name: String, _ dimensions: [(String, String)], make: (MetricDescription?) -> S
  ) -> S {
    let labels = Exposition.labels(dimensions)
    let described = catalogue[name]
    let found: S? = families.withLock { families in
      guard families[name] != nil || families.count < Self.mostFamilies else { return nil }
      var family =
        families.removeValue(forKey: name)
        ?? Family(description: described ?? Self.undescribed(name, S.kind))
      defer { families[name] = family }
      guard family.description.kind == S.kind else { return nil }
      var key = labels
      if family.series[key] == nil, family.series.count >= mostSeries {
        refused.increment(by: Int64(1))
        key = Exposition.labels(dimensions.map { ($0.0, "overflow") })
      }
      if let series = family.series[key] { return series as? S }
      let series = make(described)
      family.series[key] = series
      return series
    }
    if let found { return found }
    refused.increment(by: Int64(1))
    return make(described)
  }

  private static func undescribed(
    _ name: String, _ kind: MetricDescription.Kind
  ) -> MetricDescription {
    MetricDescription(name, kind, "A metric of a library, see its documentation.")
  }

  private static func name(_ label: String, ending: String) -> String {
    let name = Exposition.name(label)
    return name.hasSuffix(ending) ? name : name + ending
  }
}

extension MetricDescription {
  /// A counter of this name at the process's metrics backend.
  public func counter(_ labels: (String, String)...) -> Counter {
    Counter(label: name, dimensions: labels)
  }

  /// A gauge of this name.
  public func gauge(_ labels: (String, String)...) -> Meter {
    Meter(label: name, dimensions: labels)
  }

  /// A histogram of durations of this name.
  public func timer(_ labels: (String, String)...) -> Timer {
    Timer(label: name, dimensions: labels)
  }

  /// A histogram of numbers of this name.
  public func recorder(_ labels: (String, String)...) -> Recorder {
    Recorder(label: name, dimensions: labels, aggregate: true)
  }
}

extension Timer {
  /// Records a duration.
  public func record(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    recordNanoseconds(overflow ? .max : nanoseconds + attoseconds / 1_000_000_000)
  }
}
