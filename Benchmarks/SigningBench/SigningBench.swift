import ArgumentParser
import Foundation
import Secp256k1
import Tron

/// Compares building, hashing and signing transfers with libsecp256k1's bare signing rate.
///
/// The three are measured in turns within one run, in processor time of one thread, so that what
/// else the machine does touches all of them alike.
@main
struct SigningBench: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "signing-bench")

  @Option(help: "How many turns; the medians are reported.")
  var rounds = 21

  @Option(help: "How many signatures in each turn.")
  var count = 2_000

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard rounds > 0, count > 0 else {
      throw ValidationError("--rounds and --count must be above zero")
    }
  }

  func run() throws {
    let secret = [UInt8](repeating: 0x42, count: 32)
    let bare = try BareSigner(key: secret)
    let work = try TransferWork(key: PrivateKey(bytes: secret))
    // One turn of each that does not count: lazy initialisation, caches, processor frequency.
    _ = (try bare.sign(count), try work.buildAndSign(count), try work.buildAndHash(count))
    var turns: [Turn] = []
    for _ in 0..<rounds {
      turns.append(
        Turn(
          bare: try rate { try bare.sign(count) },
          full: try rate { try work.buildAndSign(count) },
          build: try rate { try work.buildAndHash(count) }))
    }
    try report(turns)
  }

  private struct Turn {
    var bare: Double
    var full: Double
    var build: Double
  }

  /// How often a second, by the thread's processor time.
  private func rate(_ work: () throws -> UInt64) throws -> Double {
    let start = threadTime()
    let checksum = try work()
    let seconds = threadTime() - start
    guard checksum != 0 else { throw Unused() }
    return Double(count) / seconds
  }

  private struct Unused: Error {}

  private func threadTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private struct Report: Encodable {
    var rounds: Int
    var signaturesPerRound: Int
    var bareSignaturesPerSecond: Int
    var builtHashedAndSignedPerSecond: Int
    var builtAndHashedPerSecond: Int
    var ratio: Double
    var ratioWorst: Double
  }

  private func report(_ turns: [Turn]) throws {
    let ratios = turns.map { $0.full / $0.bare }
    let report = Report(
      rounds: rounds, signaturesPerRound: count,
      bareSignaturesPerSecond: Int(median(turns.map(\.bare))),
      builtHashedAndSignedPerSecond: Int(median(turns.map(\.full))),
      builtAndHashedPerSecond: Int(median(turns.map(\.build))),
      ratio: rounded(median(ratios)), ratioWorst: rounded(ratios.min() ?? 0))
    if json {
      let encoder = JSONEncoder()
      encoder.keyEncodingStrategy = .convertToSnakeCase
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print("bare recoverable signing    \(report.bareSignaturesPerSecond)/s")
      print("build, hash and sign        \(report.builtHashedAndSignedPerSecond)/s")
      print("build and hash              \(report.builtAndHashedPerSecond)/s")
      print("ratio of the first two      \(report.ratio) (worst turn \(report.ratioWorst))")
    }
  }

  private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  private func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
