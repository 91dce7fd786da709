import CoreMetrics
import Synchronization

/// One line, or one group of lines, of a metric: a value for one combination of labels.
protocol Series: AnyObject, Sendable {
  static var kind: MetricDescription.Kind { get }
  /// Appends the sample lines.
  func render(name: String, labels: String, into text: inout String)
}

/// A value that only grows.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
  static let kind = MetricDescription.Kind.counter
  private let whole = Atomic<Int64>(0)
  private let fraction = AtomicDouble()
  private let countsMillionths: Bool

  init(countsMillionths: Bool = false) { self.countsMillionths = countsMillionths }

  func increment(by amount: Int64) {
    if amount > 0 { whole.wrappingAdd(amount, ordering: .relaxed) }
  }

  func increment(by amount: Double) {
    if amount > 0, amount.isFinite { fraction.add(amount) }
  }

  /// A counter that falls is a restart to Prometheus; nothing here ever asks for it.
  func reset() {}

  func render(name: String, labels: String, into text: inout String) {
    let whole = whole.load(ordering: .relaxed)
    if countsMillionths {
      text.sample(name, labels, millionths: whole)
    } else {
      text.sample(name, labels, Double(whole) + fraction.load())
    }
  }
}

/// A value that goes up and down.
final class GaugeSeries: Series, MeterHandler, RecorderHandler {
  static let kind = MetricDescription.Kind.gauge
  private let value = AtomicDouble()

  func set(_ value: Int64) { self.value.store(Double(value)) }
  func set(_ value: Double) { self.value.store(value) }
  func increment(by amount: Double) { value.add(amount) }
  func decrement(by amount: Double) { value.add(-amount) }
  func record(_ value: Int64) { self.value.store(Double(value)) }
  func record(_ value: Double) { self.value.store(value) }

  func render(name: String, labels: String, into text: inout String) {
    text.sample(name, labels, value.load())
  }
}

/// How values are distributed over buckets.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
  static let kind = MetricDescription.Kind.histogram

  private struct State {
    var counts: [UInt64]
    var sum = 0.0
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    self.bounds = bounds
    self.state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    guard value.isFinite else { return }
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

  func preferDisplayUnit(_ unit: TimeUnit) {}

  func render(name: String, labels: String, into text: inout String) {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    let separator = labels.isEmpty ? "" : ","
    var total: UInt64 = 0
    for (index, count) in counts.enumerated() {
      total += count
      let bound = index < bounds.count ? prometheusNumber(bounds[index]) : "+Inf"
      text.sample("\(name)_bucket", "\(labels)\(separator)le=\"\(bound)\"", Double(total))
    }
    text.sample("\(name)_sum", labels, sum)
    text.sample("\(name)_count", labels, Double(total))
  }
}

/// A double that many threads change.
private final class AtomicDouble: Sendable {
  private let bits = Atomic<UInt64>(0.0.bitPattern)

  func load() -> Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func store(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, original) = bits.weakCompareExchange(
        expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = original
    }
  }
}
