import Tron

/// What a test can ask of the chain.
extension Devnet {
  func blacklist(_ account: TronAddress, _ isBlacklisted: Bool) async throws {}
  func pauseToken(_ isPaused: Bool) async throws {}
  func exhaustEnergy(_ isExhausted: Bool) async throws {}
  func fund(_ account: TronAddress, _ amount: USDTAmount) async throws {}
  func swallowBroadcasts(_ swallows: Bool) async throws {}
  func become(unreliable kind: Unreliability) async throws {}
}
