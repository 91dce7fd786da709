extension FaultRule {
  /// Members that every kind of fault has.
  private static let commonMembers: Set<String> = [
    "kind", "path", "probability", "count", "for_ms", "seed",
  ]

  init(json: JSONValue) throws(ConfigurationError) {
    let kind = json["kind"]?.text ?? ""
    guard let known = Self.members[kind] else {
      throw ConfigurationError(
        "fault.kind: \"\(kind)\" is not one of \(Self.members.keys.sorted().joined(separator: ", "))"
      )
    }
    let members = try Members(json, "fault", known: Self.commonMembers.union(known))
    effect = try Self.effect(kind, members)
    path = members["path"]?.text
    remaining = try members.integer("count", 1...Members.amounts.upperBound)
    durationMilliseconds = try members.integer("for_ms", 1...Members.amounts.upperBound)
    seed = UInt64(try members.integer("seed", 0...Int64.max) ?? 1)
    if let probability = members["probability"] {
      guard let value = probability.double, (0...1).contains(value) else {
        throw ConfigurationError("fault.probability: expected a number from 0 to 1")
      }
      self.probability = value
    }
  }

  /// The kinds and their own members.
  private static let members: [String: Set<String>] = [
    "delay": ["ms", "jitter_ms", "when"], "status": ["status", "body", "when"],
    "close": ["when"], "garbage": ["when"], "html": ["when"], "rate_limit": ["when"],
    "empty": ["when"], "not_found": ["when"], "stale": ["blocks"],
    "broadcast_code": ["code", "message", "when"], "lose_broadcast": [], "drop_from_pool": [],
  ]

  private static func effect(
    _ kind: String, _ members: Members
  ) throws(ConfigurationError) -> Effect {
    let moment = try moment(members)
    switch kind {
    case "delay":
      return .delay(
        milliseconds: try members.integer("ms", 0...3_600_000) ?? 0,
        jitter: try members.integer("jitter_ms", 0...3_600_000) ?? 0, moment)
    case "status":
      let status = Int(try members.integer("status", 200...599) ?? 503)
      return .answer(.status(status, members["body"]?.text ?? ""), moment)
    case "close": return .answer(.close, moment)
    case "garbage": return .answer(.garbage, moment)
    case "html": return .answer(.html, moment)
    case "rate_limit": return .answer(.rateLimit, moment)
    case "empty": return .answer(.empty, moment)
    case "not_found": return .answer(.notFound, moment)
    case "stale": return .stale(blocks: try members.integer("blocks", 1...1_000_000) ?? 1)
    case "broadcast_code": return .broadcastCode(try refusal(members, moment), moment)
    case "lose_broadcast": return .loseBroadcast
    default: return .dropFromPool
    }
  }

  private static func moment(_ members: Members) throws(ConfigurationError) -> Moment {
    guard let text = members["when"]?.text else { return .before }
    guard let moment = Moment(rawValue: text) else {
      throw ConfigurationError("fault.when: expected before or after")
    }
    return moment
  }

  private static func refusal(
    _ members: Members, _ moment: Moment
  ) throws(ConfigurationError) -> Refusal {
    guard let code = BroadcastCode(name: members["code"]?.text ?? "") else {
      let names = BroadcastCode.allCases.map(\.name).joined(separator: ", ")
      throw ConfigurationError("fault.code: expected one of \(names)")
    }
    return Refusal(code: code, message: members["message"]?.text ?? usualMessage(code, moment))
  }

  private static func usualMessage(_ code: BroadcastCode, _ moment: Moment) -> String {
    switch code {
    case .success: ""
    case .signatureError: Refusal.signature("sig error").message
    case .contractValidateError: Refusal.contract("null").message
    case .contractExecutionError: Refusal.execution("null").message
    case .bandwidthError: Refusal.bandwidth.message
    case .duplicateTransaction: Refusal.duplicate.message
    case .taposError: Refusal.tapos.message
    case .tooBig: Refusal.tooBig.message
    case .expired: Refusal.expired.message
    case .serverBusy: Refusal.busy.message
    case .noConnection: "No connection."
    // The real node says this code twice: before it looks, and after it took the transaction.
    case .notEnoughEffectiveConnection:
      moment == .before
        ? "Effective connection:0 lt minEffectiveConnection:1" : "P2P broadcast failed."
    case .blockUnsolidified: "Block unsolidified."
    case .otherError: Refusal.other("null").message
    }
  }

  /// Writes the fault as it would be set.
  func write(to writer: inout JSONWriter) {
    writer.member("kind", string: kind)
    switch effect {
    case .delay(let milliseconds, let jitter, let moment):
      writer.member("ms", integer: milliseconds)
      writer.field("jitter_ms", integer: jitter)
      writer.member("when", string: moment.rawValue)
    case .answer(let substitute, let moment):
      if case .status(let status, _) = substitute {
        writer.member("status", integer: Int64(status))
      }
      writer.member("when", string: moment.rawValue)
    case .stale(let blocks): writer.member("blocks", integer: blocks)
    case .broadcastCode(let refusal, let moment):
      writer.member("code", string: refusal.code.name)
      writer.member("when", string: moment.rawValue)
    case .loseBroadcast, .dropFromPool: break
    }
    if let path { writer.member("path", string: path) }
    writer.key("probability")
    writer.raw("\(probability)".utf8)
    if let remaining { writer.member("count", integer: remaining) }
    if let durationMilliseconds { writer.member("for_ms", integer: durationMilliseconds) }
  }

  private var kind: String {
    switch effect {
    case .delay: "delay"
    case .answer(.close, _): "close"
    case .answer(.status, _): "status"
    case .answer(.garbage, _): "garbage"
    case .answer(.html, _): "html"
    case .answer(.rateLimit, _): "rate_limit"
    case .answer(.empty, _): "empty"
    case .answer(.notFound, _): "not_found"
    case .stale: "stale"
    case .broadcastCode: "broadcast_code"
    case .loseBroadcast: "lose_broadcast"
    case .dropFromPool: "drop_from_pool"
    }
  }
}

extension Fork {
  init(json: JSONValue) throws(ConfigurationError) {
    let members = try Members(
      json, "fork", known: ["depth", "transactions", "probability", "seed"])
    depth = Int(try members.integer("depth", 1...1_000_000) ?? 1)
    if let text = members["transactions"]?.text {
      guard let fate = Fate(rawValue: text) else {
        throw ConfigurationError("fork.transactions: expected return, drop or reorder")
      }
      self.fate = fate
    }
    if let probability = members["probability"] {
      guard let value = probability.double, (0...1).contains(value) else {
        throw ConfigurationError("fork.probability: expected a number from 0 to 1")
      }
      self.probability = value
    }
    seed = UInt64(try members.integer("seed", 0...Int64.max) ?? 1)
  }
}

extension Members {
  /// `true` or `false`, required.
  func flag(_ name: String) throws(ConfigurationError) -> Bool {
    guard case .bool(let flag) = self[name] else {
      throw ConfigurationError("\(name): expected true or false")
    }
    return flag
  }
}
