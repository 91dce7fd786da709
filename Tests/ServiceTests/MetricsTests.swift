import CoreMetrics
import Foundation
import Metrics
import Testing

@testable import Service

@Suite struct MetricsTests {
  /// The exposition without the metrics that differ from run to run.
  private func text(_ metrics: PrometheusMetrics) -> String {
    let lines = metrics.exposition().split(separator: "\n", omittingEmptySubsequences: false)
    let end = lines.firstIndex { $0.hasPrefix("# HELP process_") } ?? lines.endIndex
    return lines[..<end].map { $0 + "\n" }.joined()
  }

  @Test("The exposition is what Prometheus reads")
  func golden() {
    let metrics = PrometheusMetrics(descriptions: [
      MetricDescription("requests_total", .counter, labels: ["route"], "Requests."),
      MetricDescription("depth", .gauge, "How \\ deep\nit is."),
      MetricDescription("wait_seconds", .histogram, labels: ["loop"], buckets: [0.1, 1], "Waits."),
    ])
    metrics.makeCounter(label: "requests", dimensions: [("route", "/a\"b\\c\nd")]).increment(by: 3)
    metrics.makeCounter(label: "requests_total", dimensions: [("route", "/")])
      .increment(by: Int64(1))
    metrics.makeMeter(label: "depth", dimensions: []).set(-2.5)
    let timer = metrics.makeTimer(label: "wait", dimensions: [("loop", "x")])
    timer.recordNanoseconds(100_000_000)
    timer.recordNanoseconds(500_000_000)
    timer.recordNanoseconds(2_000_000_000)
    #expect(
      text(metrics) == """
        # HELP depth How \\\\ deep\\nit is.
        # TYPE depth gauge
        depth -2.5
        # HELP metrics_refused_total Series that were not exposed because of a bound or a wrong type.
        # TYPE metrics_refused_total counter
        metrics_refused_total 0
        # HELP requests_total Requests.
        # TYPE requests_total counter
        requests_total{route="/"} 1
        requests_total{route="/a\\"b\\\\c\\nd"} 3
        # HELP wait_seconds Waits.
        # TYPE wait_seconds histogram
        wait_seconds_bucket{loop="x",le="0.1"} 1
        wait_seconds_bucket{loop="x",le="1"} 2
        wait_seconds_bucket{loop="x",le="+Inf"} 3
        wait_seconds_sum{loop="x"} 2.6
        wait_seconds_count{loop="x"} 3

        """)
  }

  @Test("A counter of millionths stays exact where a sum of fractions would not")
  func millionths() {
    let metrics = PrometheusMetrics(descriptions: [
      MetricDescription("usdt_total", .counter, countsMillionths: true, "USDT.")
    ])
    let counter = metrics.makeCounter(label: "usdt_total", dimensions: [])
    for (amount, shown) in [
      (100_000, "0.1"), (200_000, "0.3"), (1, "0.300001"), (699_999, "1"),
      (9_007_199_254_740_993, "9007199255.740993"),
    ] as [(Int64, String)] {
      counter.increment(by: amount)
      #expect(text(metrics).contains("\nusdt_total \(shown)\n"), "\(text(metrics))")
    }
  }

  @Test("promtool finds nothing to say about every metric of the catalogue")
  func promtool() throws {
    guard let tool = Self.promtoolPath else {
      return print("promtool is not installed; set PROMTOOL to check the exposition with it")
    }
    let metrics = PrometheusMetrics()
    for description in MetricNames.all where !description.name.hasPrefix("process_") {
      let labels = description.labels.map { ($0, "value \"of\" \\ \($0)\n") }
      switch description.kind {
      case .counter:
        metrics.makeCounter(label: description.name, dimensions: labels).increment(by: Int64(7))
      case .gauge: metrics.makeMeter(label: description.name, dimensions: labels).set(0.25)
      case .histogram:
        let recorder = metrics.makeRecorder(
          label: description.name, dimensions: labels, aggregate: true)
        for value in [0.0003, 0.7, 3, 100_000] { recorder.record(value) }
      }
    }
    metrics.makeCounter(label: "hb.requests", dimensions: [("http.route", "/x")])
      .increment(by: Int64(1))
    #expect(!metrics.exposition().contains("metrics_refused_total 1"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = ["check", "metrics"]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(metrics.exposition().utf8))
    try input.fileHandleForWriting.close()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: said, as: UTF8.self) == "")
  }

  private static var promtoolPath: String? {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/promtool" }
    return ([environment["PROMTOOL"]].compactMap { $0 } + folders)
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  @Test("Nothing is lost when many tasks count, time and set at once")
  func hammer() async {
    let metrics = PrometheusMetrics()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          for index in 0..<2000 {
            metrics.makeCounter(label: "hits", dimensions: [("n", "\(index % 10)")])
              .increment(by: Int64(1))
            metrics.makeFloatingPointCounter(label: "parts", dimensions: []).increment(by: 0.5)
            metrics.makeTimer(label: "time", dimensions: []).recordNanoseconds(1_000_000)
            metrics.makeMeter(label: "level", dimensions: []).increment(by: task % 2 == 0 ? 1 : -1)
            if index % 500 == 0 { _ = metrics.exposition() }
          }
        }
      }
    }
    let text = metrics.exposition()
    for digit in 0..<10 { #expect(text.contains("hits_total{n=\"\(digit)\"} 1600\n")) }
    #expect(text.contains("parts_total 8000\n"))
    #expect(text.contains("time_seconds_count 16000\n"))
    #expect(text.contains("time_seconds_bucket{le=\"0.001\"} 16000\n"))
    #expect(text.contains("level 0\n"))
  }

  @Test("Labels that carry data end in one overflow series")
  func cardinality() {
    let metrics = PrometheusMetrics(mostSeries: 3)
    for index in 0..<10 {
      metrics.makeCounter(label: "hits", dimensions: [("id", "\(index)")]).increment(by: Int64(1))
    }
    let text = metrics.exposition()
    #expect(text.contains("hits_total{id=\"2\"} 1\n"))
    #expect(!text.contains("hits_total{id=\"3\"}"))
    #expect(text.contains("hits_total{id=\"overflow\"} 7\n"))
    #expect(text.contains("metrics_refused_total 7\n"))
  }

  @Test("A metric of another type than before is counted nowhere, and that is counted")
  func wrongType() {
    let metrics = PrometheusMetrics()
    metrics.makeMeter(label: "x_total", dimensions: []).set(1.0)
    metrics.makeCounter(label: "x", dimensions: []).increment(by: Int64(5))
    let text = metrics.exposition()
    #expect(text.contains("x_total 1\n"))
    #expect(text.contains("metrics_refused_total 1\n"))
  }

  @Test(
    "Names and labels become ones that Prometheus allows",
    arguments: [
      ("http.server-time", "http_server_time"), ("9lives", "_9lives"), ("", "_"), ("é", "__"),
    ])
  func names(raw: String, expected: String) {
    #expect(Exposition.name(raw) == expected)
  }

  @Test("Counters never fall and never become numbers that are none")
  func oddValues() {
    let metrics = PrometheusMetrics()
    let counter = metrics.makeFloatingPointCounter(label: "c", dimensions: [])
    for value in [1, -5, Double.nan, .infinity] { counter.increment(by: value) }
    let histogram = metrics.makeRecorder(label: "h", dimensions: [], aggregate: true)
    for value in [Double.nan, .infinity, 1] { histogram.record(value) }
    let text = metrics.exposition()
    #expect(
      text.contains("c_total 1\n") && text.contains("h_count 1\n") && text.contains("h_sum 1\n"))
  }

  @Test(
    "Numbers are written as Prometheus reads them",
    arguments: [
      (0, "0"), (1, "1"), (-3, "-3"), (0.25, "0.25"), (1e21, "1e+21"), (.infinity, "+Inf"),
      (-.infinity, "-Inf"), (.nan, "NaN"), (1_767_225_599.5, "1767225599.5"),
    ] as [(Double, String)])
  func numbers(value: Double, expected: String) {
    #expect(prometheusNumber(value) == expected)
  }

  @Test("The process's own metrics are read from the system")
  func process() throws {
    let values = ProcessMetrics.read()
    #expect(Set(values.keys) == Set(ProcessMetrics.descriptions.map(\.name)))
    #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
    #expect(try #require(values["process_open_fds"]) >= 3)
    let started = try #require(values["process_start_time_seconds"])
    #expect(abs(started - Date().timeIntervalSince1970) < 3600)
  }

  @Test("docs/metrics.md has exactly the rows of the catalogue")
  func documented() throws {
    let document = try repositoryFile("docs/metrics.md")
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    let expected = MetricNames.all.map { metric in
      let labels =
        metric.labels.isEmpty ? "" : metric.labels.map { "`\($0)`" }.joined(separator: ", ")
      return "| `\(metric.name)` | \(metric.kind.rawValue) | \(labels) | \(metric.help) |"
    }
    for row in expected where !rows.contains(row) { Issue.record("missing: \(row)") }
    for row in rows where !expected.contains(row) { Issue.record("unknown: \(row)") }
  }

  @Test("Catalogue names are unique and carry the endings of their types")
  func catalogue() {
    #expect(Set(MetricNames.all.map(\.name)).count == MetricNames.all.count)
    for metric in MetricNames.all {
      #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"))
      #expect(metric.labels == metric.labels.sorted())
      #expect(metric.buckets == metric.buckets.sorted())
    }
  }
}
