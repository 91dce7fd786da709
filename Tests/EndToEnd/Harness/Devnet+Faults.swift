import Foundation
import Tron

/// What a test can ask of the chain.
extension Devnet {
  /// The USDT contract lets a blacklisted sender's transfers revert.
  func blacklist(_ account: TronAddress, _ isBlacklisted: Bool) async throws {
    try await command("accounts", "{\"address\":\"\(account)\",\"blacklisted\":\(isBlacklisted)}")
  }

  /// The USDT contract lets every transfer revert while it is paused.
  func pauseToken(_ isPaused: Bool) async throws {
    try await command("contract", "{\"paused\":\(isPaused)}")
  }

  /// Sets what an account owns.
  func fund(_ account: TronAddress, _ amount: USDTAmount) async throws {
    try await command("accounts", "{\"address\":\"\(account)\",\"usdt_micro\":\(amount.micro)}")
  }

  /// Makes energy ten times as dear as the node says, so that a fee limit made from what it says
  /// is too low and every transfer runs out of energy.
  func exhaustEnergy() async throws {
    let said = try await node.get("/wallet/getchainparameters")
    try await fault(
      "{\"kind\":\"status\",\"status\":200,\"path\":\"/wallet/getchainparameters\","
        + "\"body\":\(jsonString(said.text))}")
    try await command("parameters", "{\"energy_fee\":1000}")
  }

  /// Broadcasts are answered with success and lost, until the faults are removed.
  func swallowBroadcasts() async throws {
    try await fault("{\"kind\":\"lose_broadcast\"}")
  }

  /// Ends every fault.
  func removeFaults() async throws {
    let answer = try await node.call("DELETE", "/devnet/faults")
    guard answer.status == 200 else { throw Problem("DELETE /devnet/faults: \(answer.text)") }
  }

  /// Sets the faults of a kind of unreliability, on a good part of the calls.
  func become(unreliable kind: Unreliability) async throws {
    let faults: [String] =
      switch kind {
      case .errorsAfterAcceptance:
        [
          "\"kind\":\"broadcast_code\",\"code\":\"NOT_ENOUGH_EFFECTIVE_CONNECTION\",\"probability\":0.4",
          "\"kind\":\"broadcast_code\",\"code\":\"OTHER_ERROR\",\"probability\":0.2",
          "\"kind\":\"status\",\"status\":502,\"path\":\"/wallet/broadcast*\",\"probability\":0.2",
          "\"kind\":\"garbage\",\"path\":\"/wallet/broadcast*\",\"probability\":0.1",
        ]
      case .timeouts:
        [
          "\"kind\":\"delay\",\"ms\":11000,\"path\":\"/wallet/broadcast*\",\"probability\":0.1",
          "\"kind\":\"close\",\"path\":\"/wallet/broadcast*\",\"probability\":0.3",
          "\"kind\":\"delay\",\"ms\":200,\"jitter_ms\":1500,\"path\":\"/wallet*\",\"probability\":0.1",
          "\"kind\":\"rate_limit\",\"path\":\"/wallet*\",\"probability\":0.05",
        ]
      case .silentDrops:
        [
          "\"kind\":\"drop_from_pool\",\"probability\":0.4",
          "\"kind\":\"lose_broadcast\",\"probability\":0.2",
        ]
      case .forks: []
      }
    for (seed, members) in faults.enumerated() {
      let moment = kind == .silentDrops ? "" : "\"when\":\"after\","
      try await fault("{\(moment)\"seed\":\(seed),\(members)}")
    }
  }

  /// What is told of the chain is missing, old or broken, on a good part of the calls.
  func answerReadsBadly() async throws {
    let kinds = [
      "\"kind\":\"not_found\",\"path\":\"/walletsolidity/gettransactioninfobyid\",\"probability\":0.5",
      "\"kind\":\"not_found\",\"path\":\"/walletsolidity/*\",\"probability\":0.15",
      "\"kind\":\"stale\",\"blocks\":6,\"path\":\"/walletsolidity/*\",\"probability\":0.2",
      "\"kind\":\"html\",\"path\":\"/walletsolidity/*\",\"probability\":0.05",
      "\"kind\":\"empty\",\"path\":\"/walletsolidity/*\",\"probability\":0.05",
      "\"kind\":\"close\",\"path\":\"/walletsolidity/*\",\"probability\":0.05",
    ]
    for (seed, members) in kinds.enumerated() { try await fault("{\"seed\":\(seed),\(members)}") }
  }

  /// Every call's connection is cut for a while.
  func goAway(after pause: Duration, for time: Duration) async throws {
    try await Task.sleep(for: pause)
    try await fault("{\"kind\":\"close\",\"for_ms\":\(time.components.seconds * 1_000)}")
    try await Task.sleep(for: time)
  }

  /// Switches to another branch again and again; its transactions are mined later, in another
  /// order, or are gone and have to be sent again.
  func fork(times: Int) async throws {
    let fates = ["return", "reorder", "drop"]
    for time in 0..<times {
      try await Task.sleep(for: .milliseconds(1100))
      let answer = try await node.post(
        "/devnet/fork",
        "{\"depth\":\(time % 3 + 1),\"transactions\":\"\(fates[time % 3])\",\"probability\":0.7,"
          + "\"seed\":\(time)}")
      // Just then there may be fewer blocks that are not solidified.
      guard answer.status == 200 || answer.status == 409 else { throw Problem(answer.text) }
    }
  }

  private func fault(_ body: String) async throws { try await command("faults", body) }

  private func command(_ name: String, _ body: String) async throws {
    let answer = try await node.post("/devnet/\(name)", body)
    guard answer.status == 200 else { throw Problem("/devnet/\(name) \(body): \(answer.text)") }
  }

  private func jsonString(_ text: String) throws -> String {
    String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  }
}
