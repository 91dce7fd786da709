import Foundation
import Hummingbird
import HummingbirdTesting
import Testing
import Tron

@testable import DevnetNode

@Suite struct TronpyTests {
  /// The witness is a Python program with an unmodified tronpy; `PYTHON_WITNESS` is a python that
  /// has it.
  @Test(.timeLimit(.minutes(3))) func `tronpy, unmodified, does everything it can do`() async throws
  {
    let python = try #require(
      ProcessInfo.processInfo.environment["PYTHON_WITNESS"],
      "set PYTHON_WITNESS to a python with tronpy 0.6.2 (make test does)")
    let script = try #require(
      Bundle.module.url(forResource: "tronpy_witness", withExtension: "py"))
    let secret = sha256(Array("tronpy witness".utf8))
    let wallet = try Wallet(secret: secret)
    var genesis = Genesis()
    genesis.edits = [
      .setSun(wallet.address, 1_000_000_000), .setMicroUSDT(wallet.address, 1_000_000_000),
    ]
    var configuration = DevnetConfiguration()
    configuration.blockIntervalMilliseconds = 200
    configuration.port = 0
    let clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    var state = try DevnetNode.genesisState(genesis, configuration, nowMilliseconds: clock())
    _ = try DevnetNode.produceInitialBlocks(&state, nowMilliseconds: clock())
    let node = DevnetNode(state: state, clock: clock)
    let production = Task { try await BlockProduction(node: node).run() }
    defer { production.cancel() }
    try await Application(responder: DevnetResponder(node: node)).test(.live) { client in
      let port = try #require(client.port)
      let (status, output) = try await Self.run(
        python, [script.path, "http://127.0.0.1:\(port)", hexString(secret)])
      #expect(status == 0, "\(output)")
      #expect(output.contains("all steps passed"), "\(output)")
    }
  }

  /// Runs a program to its end, off the cooperative pool.
  private static func run(
    _ program: String, _ arguments: [String]
  ) async throws -> (Int32, String) {
    try await withCheckedThrowingContinuation { continuation in
      Thread {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        do {
          try process.run()
          let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
          process.waitUntilExit()
          continuation.resume(
            returning: (process.terminationStatus, String(decoding: output, as: UTF8.self)))
        } catch {
          continuation.resume(throwing: error)
        }
      }.start()
    }
  }
}
