import Payouts
import Tron

/// What tokens are checked with.
public struct TokenSettings: Sendable {
  /// Shared secret of HS256 tokens.
  public var hs256Secret: Secret?
  /// File of public keys.
  public var jwksFile: String?
  /// Where public keys are fetched.
  public var jwksURL: String?
  /// The issuer that tokens must name.
  public var issuer: String?
  /// The audience that tokens must name.
  public var audience: String?
}

/// What may be admitted through one router; not in effect yet.
public struct AmountLimits: Sendable, Hashable {
  /// Most in a UTC day.
  public var daily: USDTAmount
  /// Most in a UTC hour.
  public var hourly: USDTAmount
}

/// Settings of Ingest.
public struct IngestSettings: RoleSettings {
  /// Whose settings these are.
  public static let role = Role.ingest
  /// What every process needs.
  public var common: CommonSettings
  /// Where the API listens.
  public var http: OpsSettings
  /// Tokens.
  public var tokens: TokenSettings
  /// Trusts identity headers; they are refused without it.
  public var internalToken: Secret?
  /// The USDT contract.
  public var usdtContract: TronAddress
  /// How long a request waits for the broker.
  public var publishWait: Duration
  /// Web pages of these origins may call.
  public var allowedOrigins: [String]
  /// How copies count requests.
  public var rateLimits: RateLimitScope
  /// By router; not in effect yet.
  public var limits: [RouterType: AmountLimits]
  /// When windows end.
  public var windows: WindowSettings

  /// Reads and checks them; throws everything that is wrong.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    common = try CommonSettings(reader)
    http = OpsSettings(
      host: try reader.required(Variables.httpHost), port: try reader.required(Variables.httpPort))
    tokens = TokenSettings(
      hs256Secret: try reader.secret(Variables.jwtSecretFile),
      jwksFile: try reader.value(Variables.jwksFile), jwksURL: try reader.value(Variables.jwksURL),
      issuer: try reader.value(Variables.jwtIssuer),
      audience: try reader.value(Variables.jwtAudience))
    internalToken = try reader.secret(Variables.internalTokenFile)
    usdtContract = try reader.usdtContract(common.network)
    publishWait = try reader.required(Variables.publishWait)
    allowedOrigins = try reader.value(Variables.allowedOrigins) ?? []
    rateLimits = try reader.required(Variables.rateLimits)
    limits = [
      .v0: AmountLimits(
        daily: try reader.required(Variables.limitDaily),
        hourly: try reader.required(Variables.limitHourly)),
      .kyc: AmountLimits(
        daily: try reader.required(Variables.limitDailyKYC),
        hourly: try reader.required(Variables.limitHourlyKYC)),
    ]
    windows = try WindowSettings(reader, common.network)
    checkTokens(reader)
    try reader.finish()
  }

  private func checkTokens(_ reader: SettingsReader) {
    if tokens.hs256Secret == nil, tokens.jwksFile == nil, tokens.jwksURL == nil {
      reader.addMissing(
        Variables.jwtSecretFile.variable,
        "there is no source of keys for tokens; set this, JWT_JWKS_FILE or JWT_JWKS_URL")
    }
    // LIMIT: RFC 7518, 3.2: an HS256 key has at least the size of the hash.
    if let secret = tokens.hs256Secret, secret.bytes.count < 32 {
      reader.add(
        SettingFault(secret.name, "the secret is shorter than the 32 bytes that HS256 needs"))
    }
  }
}
