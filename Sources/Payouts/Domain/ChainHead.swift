import Tron

/// What the Confirmer last saw of the chain; the Signer's only notion of it.
public struct ChainHead: Hashable, Codable, Sendable {
  /// A block seen as head or as solidified head.
  public struct Block: Hashable, Codable, Sendable {
    /// Height.
    public var number: BlockNumber
    /// Id.
    public var id: BlockID
    /// The block's own time.
    public var time: UnixMilliseconds

    /// Collects the parts.
    public init(number: BlockNumber, id: BlockID, time: UnixMilliseconds) {
      self.number = number
      self.id = id
      self.time = time
    }
  }

  /// The latest block.
  public var latest: Block
  /// The latest solidified block; reference blocks come from here.
  public var solidified: Block
  /// Sun per unit of energy burned.
  public var energyPrice: Sun
  /// Sun per byte of bandwidth burned.
  public var bandwidthPrice: Sun
  /// What a USDT transfer to a recipient without USDT costs in energy, the worst case.
  public var transferEnergy: Int64
  /// When this was written, by the writer's clock.
  public var updatedAt: UnixMilliseconds

  /// Collects the parts.
  public init(
    latest: Block, solidified: Block, energyPrice: Sun, bandwidthPrice: Sun,
    transferEnergy: Int64, updatedAt: UnixMilliseconds
  ) {
    self.latest = latest
    self.solidified = solidified
    self.energyPrice = energyPrice
    self.bandwidthPrice = bandwidthPrice
    self.transferEnergy = transferEnergy
    self.updatedAt = updatedAt
  }

  enum CodingKeys: String, CodingKey {
    case latest, solidified, energyPrice = "energy_price_sun"
    case bandwidthPrice = "bandwidth_price_sun", transferEnergy = "transfer_energy"
    case updatedAt = "updated_at"
  }
}

/// One of our wallets: registered by the Signer, kept fresh by the Confirmer.
public struct Wallet: Hashable, Codable, Sendable {
  /// What the wallet owns as of a solidified block.
  public struct Funds: Hashable, Codable, Sendable {
    /// USDT.
    public var usdt: USDTAmount
    /// TRX, burned for energy and bandwidth when there is none staked.
    public var trx: Sun
    /// Staked energy that is left.
    public var energy: Int64
    /// The solidified height that the USDT balance was read at.
    public var asOf: BlockNumber

    /// Collects the parts.
    public init(usdt: USDTAmount, trx: Sun, energy: Int64, asOf: BlockNumber) {
      self.usdt = usdt
      self.trx = trx
      self.energy = energy
      self.asOf = asOf
    }

    enum CodingKeys: String, CodingKey {
      case usdt = "usdt_micro", trx = "trx_sun", energy, asOf = "as_of"
    }
  }

  /// Its address.
  public var address: TronAddress
  /// The routers that it pays for.
  public var routers: [RouterType]
  /// What it owns; `nil` until the Confirmer looked.
  public var funds: Funds?
  /// When it became one of ours, by the Signer's clock; `nil` when nobody noted it.
  public var registeredAt: UnixMilliseconds?
  /// When the funds were written, by the writer's clock.
  public var updatedAt: UnixMilliseconds

  /// Collects the parts.
  public init(
    address: TronAddress, routers: [RouterType], funds: Funds? = nil, updatedAt: UnixMilliseconds,
    registeredAt: UnixMilliseconds? = nil
  ) {
    self.address = address
    self.routers = routers
    self.funds = funds
    self.updatedAt = updatedAt
    self.registeredAt = registeredAt
  }

  enum CodingKeys: String, CodingKey {
    case address, routers, funds, updatedAt = "updated_at", registeredAt = "registered_at"
  }
}
