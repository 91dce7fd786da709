import Foundation

/// The standard metrics of a process, read from `/proc` when they are asked for.
enum ProcessMetrics {
  static let descriptions = [
    MetricDescription("process_cpu_seconds_total", .counter, "User and system time used."),
    MetricDescription("process_max_fds", .gauge, "Most file descriptors that may be open."),
    MetricDescription("process_open_fds", .gauge, "Open file descriptors."),
    MetricDescription("process_resident_memory_bytes", .gauge, "Memory in RAM."),
    MetricDescription(
      "process_start_time_seconds", .gauge, "When the process started, since 1970."),
    MetricDescription("process_threads", .gauge, "Threads."),
    MetricDescription("process_virtual_memory_bytes", .gauge, "Address space in use."),
  ]

  /// Appends what can be read; elsewhere than on Linux that is nothing.
  static func render(into text: inout String) {
    let values = read()
    for description in descriptions {
      guard let value = values[description.name] else { continue }
      text.header(description.name, description.kind, description.help)
      text.sample(description.name, "", value)
    }
  }

  static func read() -> [String: Double] {
    var values: [String: Double] = [:]
    let ticks = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
    let page = Double(max(1, sysconf(Int32(_SC_PAGESIZE))))
    // The name in brackets may hold spaces, so fields are counted from its end (proc(5): state=3).
    if let stat = file("/proc/self/stat"), let end = stat.lastIndex(of: ")") {
      let fields = stat[stat.index(after: end)...].split(separator: " ")
      func field(_ number: Int) -> Double? {
        fields.indices.contains(number - 3) ? Double(fields[number - 3]) : nil
      }
      if let user = field(14), let system = field(15) {
        values["process_cpu_seconds_total"] = (user + system) / ticks
      }
      values["process_threads"] = field(20)
      values["process_virtual_memory_bytes"] = field(23)
      values["process_resident_memory_bytes"] = field(24).map { $0 * page }
      if let boot = bootTime, let start = field(22) {
        values["process_start_time_seconds"] = boot + start / ticks
      }
    }
    values["process_open_fds"] = openDescriptors()
    var limit = rlimit()
    // SAFETY: `limit` is a local that the call fills.
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      values["process_max_fds"] = Double(limit.rlim_cur)
    }
    return values
  }

  private static let bootTime: Double? = file("/proc/stat")?.split(separator: "\n")
    .first { $0.hasPrefix("btime ") }
    .flatMap { Double($0.dropFirst(6)) }

  private static func openDescriptors() -> Double? {
    do {
      // One of them is the directory's own.
      return Double(try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count - 1)
    } catch {
      return nil
    }
  }

  private static func file(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
