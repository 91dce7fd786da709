import Payouts
import Tron

/// What the API needs to know of its surroundings.
public struct APIConfiguration: Sendable {
  /// The network's name, for health.
  public var network: String
  /// Refused as a recipient.
  public var usdtContract: TronAddress
  /// How long a request waits for the broker.
  public var publishWait: Duration = .milliseconds(500)
  /// How long an IMMEDIATE payout usually takes to be confirmed: a block or two to be included,
  /// about nineteen more to be solidified.
  public var expectedConfirmationSeconds: Int64 = 90
  // LIMIT: by the contract.
  /// The largest body.
  public var maximumBodyBytes = 256 * 1024
  // LIMIT: payouts of one store commit.
  /// The largest group.
  public var maximumGroup = 500
  // LIMIT: so that one slow commit does not hold up everything, and a group can gather.
  /// Groups at a time.
  public var maximumGroupsUnderWay = 2
  // LIMIT: beyond this, clients are told to come back.
  /// Payouts that wait for a group.
  public var maximumWaiting = 2000
  // LIMIT: slow clients hold connections.
  /// How long a request's body may take.
  public var bodyDeadline: Duration = .seconds(30)
  // LIMIT: so that a client that is still sending sees the answer.
  /// How long the rest of a refused body is read.
  public var lingering: Duration = .seconds(2)
  // LIMIT: idle clients hold connections.
  /// How long a connection may be silent between requests, or take for a head.
  public var idle: Duration = .seconds(75)

  /// Collects what has no default.
  public init(network: String, usdtContract: TronAddress) {
    self.network = network
    self.usdtContract = usdtContract
  }
}

/// What the API works on.
public struct APIPorts: Sendable {
  /// Payouts.
  public var payouts: any PayoutStore
  /// Transfers.
  public var transfers: any TransferStore
  /// Wallets, chain head, epoch.
  public var facts: any FactStore
  /// The log.
  public var log: any LogAppender
  /// The wall clock.
  public var clock: any WallClock
  /// Where tests let the process die.
  public var failpoints: any Failpoints

  /// Collects the parts.
  public init(
    payouts: any PayoutStore, transfers: any TransferStore, facts: any FactStore,
    log: any LogAppender, clock: any WallClock, failpoints: any Failpoints = NoFailpoints()
  ) {
    self.payouts = payouts
    self.transfers = transfers
    self.facts = facts
    self.log = log
    self.clock = clock
    self.failpoints = failpoints
  }
}

/// How callers prove who they are.
public struct APICredentials: Sendable {
  /// The shared secret of HS256 tokens.
  public var hs256Secret: [UInt8]?
  /// A JWKS document with the public keys of RS256, ES256 and EdDSA tokens.
  public var jwks: [UInt8]?
  /// The issuer that tokens must name.
  public var issuer: String?
  /// The audience that tokens must name.
  public var audience: String?
  /// The gateway's secret.
  public var internalToken: [UInt8]?

  /// Collects the parts.
  public init(
    hs256Secret: [UInt8]? = nil, jwks: [UInt8]? = nil, issuer: String? = nil,
    audience: String? = nil, internalToken: [UInt8]? = nil
  ) {
    self.hs256Secret = hs256Secret
    self.jwks = jwks
    self.issuer = issuer
    self.audience = audience
    self.internalToken = internalToken
  }

  func authenticator() async throws(TokenKeysFault) -> Authenticator {
    Authenticator(
      tokens: TokenVerifier(
        keys: try await TokenKeys(hs256Secret: hs256Secret, jwks: jwks), issuer: issuer,
        audience: audience),
      internalToken: internalToken)
  }
}
