import Logging
import Tron

/// Which TRON network the fleet works on.
public enum TronNetwork: String, CaseIterable, Sendable {
  case mainnet, nile, shasta, devnet

  /// The USDT contract's address there, base58.
  public var usdtContract: String {
    switch self {
    case .mainnet, .devnet: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
    case .nile: "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf"
    case .shasta: "TG3XXyExBkPp9nzdajDZsozEu4BkaSJozs"
    }
  }
}

/// How log lines look.
public enum LogFormat: String, CaseIterable, Sendable {
  /// One JSON object a line.
  case json
  /// For people.
  case text
}

/// How copies of Ingest count requests.
public enum RateLimitScope: String, CaseIterable, Sendable {
  /// All copies together.
  case shared
  /// Each copy for itself.
  case local
  /// Not at all.
  case off
}
