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
  /// What may be admitted in a day and an hour.
  public var limits: LimitPolicy
  /// When the circuit breaker opens and closes.
  public var breaker: BreakerPolicy
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
    limits = LimitPolicy(
      routers: [
        .v0: try AmountLimits(reader, Variables.limitDaily, Variables.limitHourly),
        .kyc: try AmountLimits(reader, Variables.limitDailyKYC, Variables.limitHourlyKYC),
      ],
      tenant: try AmountLimits(reader, Variables.limitTenantDaily, Variables.limitTenantHourly))
    breaker = try BreakerPolicy(reader)
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
        SettingFault(
          secret.name,
          "the secret is shorter than the 32 bytes that HS256 needs; openssl rand -hex 32 makes one",
          example: Variables.jwtSecretFile.variable.exampleLine))
    }
  }
}

extension AmountLimits {
  init(
    _ reader: SettingsReader, _ daily: Setting<AmountLimit>, _ hourly: Setting<AmountLimit>
  ) throws(SettingFaults) {
    self.init(
      daily: try reader.required(daily).amount, hourly: try reader.required(hourly).amount)
  }
}
