import Hummingbird
import Tron

/// Carries out the commands of the operator: `/devnet/…`.
struct AdminAPI: Sendable {
  let node: DevnetNode

  /// The answer to a command, as JSON.
  func carryOut(_ command: AdminCommand) throws(AdminError) -> [UInt8] {
    switch command {
    case .addFault(let rule):
      guard let id = node.addFault(rule) else {
        throw AdminError(code: .conflict, message: "there are too many faults")
      }
      return Self.object { $0.member("id", integer: id) }
    case .removeFault(let id):
      guard node.removeFault(id) else {
        throw AdminError(code: .unknown, message: "no fault \(id)")
      }
      return Self.object { _ in }
    case .removeAllFaults: node.removeAllFaults()
    case .fork(let fork): return try self.fork(fork)
    case .holdSolidity(let hold): node.update { state, _ in state.hold(solidity: hold) }
    case .production(let isRunning, let offline):
      node.update { state, _ in
        if let isRunning { state.isProducing = isRunning }
        if let offline { state.offlineWitnesses = Set(offline) }
      }
    case .produce(let blocks, let advance):
      try perform { try node.produce(blocks: blocks, advanceMilliseconds: advance) }
    case .edit(let edits):
      node.update { state, now in state.edit(edits, nowMilliseconds: now) }
    case .dropFromPool(let id): return dropFromPool(id)
    case .resetCounters: node.resetCounters()
    case .status: return status()
    case .arrivals: return arrivals()
    }
    return head()
  }

  private func perform(_ body: () throws -> Void) throws(AdminError) {
    do {
      try body()
    } catch {
      throw AdminError(code: .failed, message: "\(error)")
    }
  }

  private func fork(_ fork: Fork) throws(AdminError) -> [UInt8] {
    let unsolidified = node.read { state in state.chain.head.number - state.chain.solidNumber }
    guard fork.depth <= unsolidified else {
      throw AdminError(
        code: .conflict, message: "only \(unsolidified) blocks are not solidified yet")
    }
    let outcome: Fork.Outcome
    do {
      outcome = try node.fork(fork)
    } catch {
      throw AdminError(code: .failed, message: "\(error)")
    }
    return Self.object { writer in
      writer.member("replaced_blocks", integer: Int64(outcome.replacedBlocks))
      writer.array("affected_transactions") { array in
        for id in outcome.affected { array.hex(id.bytes) }
      }
    }
  }

  private func dropFromPool(_ id: TransactionID?) -> [UInt8] {
    let dropped = node.update { state, now in state.dropFromPool(id, nowMilliseconds: now) }
    return Self.object { $0.member("dropped", integer: Int64(dropped)) }
  }

  private func head() -> [UInt8] {
    let (head, solid) = node.read { state in (state.chain.head.number, state.chain.solidNumber) }
    return Self.object {
      $0.member("head", integer: head)
      $0.member("solid", integer: solid)
    }
  }

  private func status() -> [UInt8] {
    let snapshot = node.read { state in Snapshot(state) }
    let faults = node.faults
    return Self.object { writer in
      snapshot.write(to: &writer)
      writer.array("faults") { array in
        for fault in faults {
          array.object {
            $0.member("id", integer: fault.id)
            fault.rule.write(to: &$0)
            $0.member("strikes", integer: fault.strikes)
          }
        }
      }
      writer.counts("calls", node.callCounts)
      writer.counts("broadcasts", node.broadcastCounts)
    }
  }

  private func arrivals() -> [UInt8] {
    let arrivals = node.firstArrivals.sorted { ($0.value, $0.key.hex) < ($1.value, $1.key.hex) }
    return Self.object { writer in
      for (id, milliseconds) in arrivals {
        writer.key(id.hex)
        writer.integer(milliseconds)
      }
    }
  }

  static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
    JSONWriter.build { $0.object(body) }
  }
}

/// The figures of the state that the status shows.
private struct Snapshot: Sendable {
  let head: Block
  let solid: Block
  let pool: Int
  let isProducing: Bool
  let offline: [Int]
  let hold: Chain.SolidityHold
  let clockOffset: Int64
  let transactions: Int

  init(_ state: NodeState) {
    head = state.chain.head
    solid = state.chain.solid
    pool = state.pool.count
    isProducing = state.isProducing
    offline = state.offlineWitnesses.sorted()
    hold = state.chain.solidityHold
    clockOffset = state.clockOffsetMilliseconds
    transactions = state.chain.transactionCount
  }

  func write(to writer: inout JSONWriter) {
    writer.object("head") { Self.write(head, to: &$0) }
    writer.object("solid") { Self.write(solid, to: &$0) }
    writer.member("pool", integer: Int64(pool))
    writer.member("transactions", integer: Int64(transactions))
    writer.member("producing", bool: isProducing)
    writer.array("offline_witnesses") { array in
      for index in offline { array.integer(Int64(index)) }
    }
    switch hold {
    case .none: writer.member("solidity_hold", string: "none")
    case .stopped: writer.member("solidity_hold", string: "stop")
    case .lag(let blocks): writer.member("solidity_hold", string: "lag \(blocks)")
    }
    writer.member("clock_offset_ms", integer: clockOffset)
  }

  private static func write(_ block: Block, to writer: inout JSONWriter) {
    writer.member("number", integer: block.number)
    writer.member("id", hex: block.id.bytes)
    writer.member("timestamp", integer: block.timestamp)
  }
}

extension JSONWriter {
  fileprivate mutating func counts(_ name: StaticString, _ counts: [String: Int]) {
    object(name) { object in
      for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
        object.key(name)
        object.integer(Int64(count))
      }
    }
  }
}
