import Tron

/// A line of the block file: JSON, so that it can be read and mended by hand.
enum ChainRecord: Sendable {
  /// The first line: what the chain was begun with.
  case genesis(Header)
  /// A block on the head.
  case block(slot: Int64, id: BlockID, edits: [LedgerEdit], transactions: [NodeTransaction])
  /// The last blocks were taken back by a fork.
  case pop(count: Int)

  /// What two runs on one file must agree about.
  struct Header: Equatable, Sendable {
    let schedule: Schedule
    /// Hash of the genesis file.
    let seed: [UInt8]
  }

  /// The record of what happened to the chain.
  init(_ event: NodeState.Event, schedule: Schedule) {
    switch event {
    case .appended(let block):
      self = .block(
        slot: schedule.slot(at: block.timestamp), id: block.id, edits: block.edits,
        transactions: block.transactions.map(\.transaction))
    case .popped(let count): self = .pop(count: count)
    }
  }

  /// One line with its end.
  var line: [UInt8] {
    JSONWriter.build { writer in
      writer.object { object in
        switch self {
        case .genesis(let header):
          object.member("genesis", integer: header.schedule.genesisMilliseconds)
          object.member("interval_ms", integer: header.schedule.intervalMilliseconds)
          object.member("witnesses", integer: Int64(header.schedule.witnessCount))
          object.member("seed", hex: header.seed)
        case .block(let slot, let id, let edits, let transactions):
          object.member("slot", integer: slot)
          object.member("id", hex: id.bytes)
          object.array("edits") { array in for edit in edits { edit.write(to: &array) } }
          object.array("transactions") { array in
            for transaction in transactions { array.hex(transaction.signedBytes) }
          }
        case .pop(let count): object.member("pop", integer: Int64(count))
        }
      }
    } + [UInt8(ascii: "\n")]
  }

  /// Reads a line without its end; `nil` when it is damaged.
  init?(line: [UInt8]) {
    guard let json = try? JSONParser.parse(line) else { return nil }
    if let count = json["pop"]?.integer, count > 0 {
      self = .pop(count: Int(count))
    } else if let slot = json["slot"]?.integer {
      guard let id = BlockID(hex: json["id"]?.text ?? ""),
        let edits = Self.all(json["edits"], LedgerEdit.init(json:)),
        let transactions = Self.all(json["transactions"], NodeTransaction.init(json:))
      else { return nil }
      self = .block(slot: slot, id: id, edits: edits, transactions: transactions)
    } else {
      guard let genesis = json["genesis"]?.integer, let interval = json["interval_ms"]?.integer,
        let witnesses = json["witnesses"]?.integer,
        let seed = (json["seed"]?.text).flatMap({ Tron.bytes(hex: $0) })
      else { return nil }
      let schedule = Schedule(
        genesisMilliseconds: genesis, intervalMilliseconds: interval,
        witnessCount: Int(witnesses))
      self = .genesis(Header(schedule: schedule, seed: seed))
    }
  }

  private static func all<Element>(
    _ json: JSONValue?, _ read: (JSONValue) -> Element?
  ) -> [Element]? {
    guard let elements = json?.elements else { return nil }
    let values = elements.compactMap(read)
    return values.count == elements.count ? values : nil
  }
}

extension NodeTransaction {
  fileprivate convenience init?(json: JSONValue) {
    guard let bytes = json.text.flatMap({ Tron.bytes(hex: $0) }),
      let decoded = try? DecodedTransaction(transaction: bytes)
    else { return nil }
    self.init(decoded)
  }
}
