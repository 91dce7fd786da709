import Payouts
import Tron

/// How to reach TRON.
public struct NodeSettings: Sendable {
  /// Base URLs of full nodes; never empty.
  public var nodes: [String]
  /// Base URLs of nodes whose solidified chain decides; never empty.
  public var solidityNodes: [String]
  /// Sent as `TRON-PRO-API-KEY`.
  public var apiKey: Secret?
  /// Proxy; its description shows no credentials.
  public var proxy: SensitiveText?

  init(_ reader: SettingsReader) throws(SettingFaults) {
    nodes = try reader.required(Variables.tronNodes)
    solidityNodes = try reader.value(Variables.tronSolidityNodes) ?? nodes
    apiKey = try reader.secret(Variables.tronAPIKeyFile)
    proxy = try reader.value(Variables.tronProxy)
  }
}

/// Settings of the Confirmer.
public struct ConfirmerSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.confirmer
  /// What every process needs.
  public var common: CommonSettings
  /// The nodes.
  public var nodes: NodeSettings
  /// The USDT contract.
  public var usdtContract: TronAddress
  /// How many solidity nodes must prove a death; never more than there are.
  public var deathProofNodes: Int
  /// How far the new owner of a journal partition re-reads.
  public var journalRewind: Duration
  /// How often an armed transaction is sent again.
  public var broadcastInterval: Duration
  /// How often nodes are asked for new blocks.
  public var scanInterval: Duration
  /// Dead transactions of one transfer after which it is reported as failed.
  public var maxAttempts: Int
  /// When the circuit breaker opens and closes.
  public var breaker: BreakerPolicy
  /// How long a transaction of our wallet may be unknown.
  public var foreignSpendGrace: Duration
  /// Most records processed together.
  public var batchLimit: Int

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    nodes = try NodeSettings(reader)
    usdtContract = try reader.usdtContract(common.network)
    deathProofNodes =
      try reader.value(Variables.deathProofNodes) ?? (common.network == .devnet ? 1 : 2)
    journalRewind = try reader.required(Variables.journalRewind)
    broadcastInterval = try reader.required(Variables.broadcastInterval)
    scanInterval = try reader.required(Variables.scanInterval)
    maxAttempts = try reader.required(Variables.maxAttempts)
    breaker = try BreakerPolicy(reader)
    foreignSpendGrace = try reader.required(Variables.foreignSpendGrace)
    batchLimit = try reader.required(Variables.batchLimit)
    if nodes.solidityNodes.count < deathProofNodes {
      let have = nodes.solidityNodes.count
      let variable = Variables.tronSolidityNodes.variable
      reader.addMissing(
        variable,
        "names \(have) node\(have == 1 ? "" : "s"), but DEATH_PROOF_NODES wants \(deathProofNodes)"
          + " to agree on \(common.network.rawValue)")
    }
    // A PLAN that the rewind leaves out is not known to be alive, so another could be armed beside it.
    let shortest = Self.shortestRewind
    if common.network != .devnet, journalRewind < shortest {
      reader.addMissing(
        Variables.journalRewind.variable,
        "must be at least \(shortest.components.seconds) on \(common.network.rawValue): the longest"
          + " validity of a transaction and the time until it is solidified")
    }
    try reader.finish()
  }

  /// The longest `TX_VALIDITY_SECONDS`, and ten minutes until a block is surely solidified.
  private static let shortestRewind = Duration.seconds(3600 + 600)
}

/// Settings of payoutctl, which takes its own options from its own command line.
public struct PayoutctlSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.payoutctl
  /// What every process needs.
  public var common: CommonSettings
  /// The nodes.
  public var nodes: NodeSettings
  /// The USDT contract.
  public var usdtContract: TronAddress
  /// When the circuit breaker opens and closes.
  public var breaker: BreakerPolicy
  /// Where the API listens.
  public var http: OpsSettings
  /// Shared secret that development tokens are signed with.
  public var jwtSecret: Secret?
  /// Issuer of development tokens.
  public var jwtIssuer: String?
  /// Audience of development tokens.
  public var jwtAudience: String?
  /// How the Batcher forms transfers of a window.
  public var netting: NettingSettings
  /// What Ingest may admit in a day and an hour, all tenants together.
  public var limits: [RouterType: AmountLimits]

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    nodes = try NodeSettings(reader)
    usdtContract = try reader.usdtContract(common.network)
    netting = try NettingSettings(reader)
    limits = [
      .v0: try AmountLimits(reader, Variables.limitDaily, Variables.limitHourly),
      .kyc: try AmountLimits(reader, Variables.limitDailyKYC, Variables.limitHourlyKYC),
    ]
    http = OpsSettings(
      host: try reader.required(Variables.httpHost), port: try reader.required(Variables.httpPort))
    breaker = try BreakerPolicy(reader)
    jwtSecret = try reader.secret(Variables.jwtSecretFile)
    jwtIssuer = try reader.value(Variables.jwtIssuer)
    jwtAudience = try reader.value(Variables.jwtAudience)
    try reader.finish()
  }
}
