import Tron

extension DevnetNode {
  /// Blocks that a new chain begins with, in rounds of the witnesses: enough for a solidified block
  /// to be there.
  private static let initialRounds = 2

  /// The chain of the data directory, or a new one whose first, empty blocks end now, so that it
  /// can be used at once.
  public convenience init(
    _ configuration: DevnetConfiguration, clock: @escaping @Sendable () -> Int64
  ) throws {
    let genesis = try Genesis.read(configuration.genesisFile)
    let now = clock()
    guard let directory = configuration.dataDirectory else {
      var state = try Self.genesisState(genesis, configuration, nowMilliseconds: now)
      _ = try Self.produceInitialBlocks(&state, nowMilliseconds: now)
      self.init(state: state, clock: clock)
      return
    }
    if let records = try BlockFile.records(directory), !records.isEmpty {
      let state = try Self.replay(records, genesis, configuration, nowMilliseconds: now)
      let file = try BlockFile.reopen(directory, schedule: state.chain.schedule)
      self.init(state: state, file: file, clock: clock)
    } else {
      var state = try Self.genesisState(genesis, configuration, nowMilliseconds: now)
      let header = ChainRecord.Header(schedule: state.chain.schedule, seed: genesis.seed)
      let file = try BlockFile.create(directory, header)
      try file.append(try Self.produceInitialBlocks(&state, nowMilliseconds: now))
      self.init(state: state, file: file, clock: clock)
    }
  }

  /// A chain of the genesis block alone, which lies as far back as the initial blocks need.
  static func genesisState(
    _ genesis: Genesis, _ configuration: DevnetConfiguration, nowMilliseconds: Int64
  ) throws -> NodeState {
    let interval = configuration.blockIntervalMilliseconds
    let blocks = Int64(initialRounds * configuration.witnessCount)
    // Whole intervals since 1970, as on the real chain.
    let now = nowMilliseconds / interval * interval
    let schedule = Schedule(
      genesisMilliseconds: now - blocks * interval, intervalMilliseconds: interval,
      witnessCount: configuration.witnessCount)
    return try state(genesis, schedule, configuration)
  }

  private static func state(
    _ genesis: Genesis, _ schedule: Schedule, _ configuration: DevnetConfiguration
  ) throws -> NodeState {
    let rules = NodeRules(
      token: Executor.TetherContract(
        address: try TronAddress(base58: Genesis.tokenAddress),
        owner: try Witness(index: 0).address),
      poolLimit: configuration.poolLimit)
    var state = try NodeState(genesis: genesis, schedule: schedule, rules: rules)
    state.isProducing = configuration.isProducing
    return state
  }

  static func produceInitialBlocks(
    _ state: inout NodeState, nowMilliseconds: Int64
  ) throws -> [NodeState.Event] {
    var events: [NodeState.Event] = []
    for slot in 1...Int64(initialRounds * state.witnesses.count) {
      events += try state.produce(slot: slot, nowMilliseconds: nowMilliseconds)
    }
    return events
  }

  /// Builds the state again from a block file, which must fit the configuration.
  static func replay(
    _ records: [ChainRecord], _ genesis: Genesis, _ configuration: DevnetConfiguration,
    nowMilliseconds: Int64
  ) throws -> NodeState {
    guard case .genesis(let header) = records.first else {
      throw ConfigurationError("DEVNET_DATA_DIR: blocks.jsonl does not begin with a genesis line")
    }
    guard header.seed == genesis.seed,
      header.schedule.intervalMilliseconds == configuration.blockIntervalMilliseconds,
      header.schedule.witnessCount == configuration.witnessCount
    else {
      throw ConfigurationError(
        "DEVNET_DATA_DIR: the chain there was begun with another genesis file, slot length or"
          + " number of witnesses; use another directory")
    }
    var state = try Self.state(genesis, header.schedule, configuration)
    for (index, record) in records.dropFirst().enumerated() {
      guard try state.replay(record) else {
        throw ConfigurationError("DEVNET_DATA_DIR: line \(index + 2) of blocks.jsonl does not fit")
      }
    }
    // Blocks may have been produced ahead of their time.
    state.clockOffsetMilliseconds = max(0, state.chain.head.timestamp - nowMilliseconds)
    return state
  }
}
