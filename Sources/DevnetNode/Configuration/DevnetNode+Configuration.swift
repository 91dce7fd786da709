import Tron

extension DevnetNode {
  /// Blocks that a new chain begins with, in rounds of the witnesses: enough for a solidified block to be there.
  private static let initialRounds = 2

  /// A new chain whose first, empty blocks end now, so that it can be used at once.
  public convenience init(
    _ configuration: DevnetConfiguration, clock: @escaping @Sendable () -> Int64
  ) throws {
    let genesis = try Genesis.read(configuration.genesisFile)
    let state = try Self.newChain(genesis, configuration, nowMilliseconds: clock())
    self.init(state: state, clock: clock)
  }

  static func newChain(
    _ genesis: Genesis, _ configuration: DevnetConfiguration, nowMilliseconds: Int64
  ) throws -> NodeState {
    let interval = configuration.blockIntervalMilliseconds
    let blocks = Int64(initialRounds * configuration.witnessCount)
    // Whole intervals since 1970, as on the real chain.
    let now = nowMilliseconds / interval * interval
    let schedule = Schedule(
      genesisMilliseconds: now - blocks * interval, intervalMilliseconds: interval,
      witnessCount: configuration.witnessCount)
    let rules = NodeRules(
      token: Executor.TetherContract(
        address: try TronAddress(base58: Genesis.tokenAddress),
        owner: try Witness(index: 0).address),
      poolLimit: configuration.poolLimit)
    var state = try NodeState(genesis: genesis, schedule: schedule, rules: rules)
    state.isProducing = configuration.isProducing
    for slot in 1...blocks {
      _ = try state.produce(slot: slot, nowMilliseconds: nowMilliseconds)
    }
    return state
  }
}
