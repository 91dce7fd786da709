/// Which executable of the fleet a process is.
public enum Role: String, CaseIterable, Sendable {
  case ingest, batcher, signer, confirmer, devnet, payoutctl

  /// One sentence for `--help`.
  public var summary: String {
    switch self {
    case .ingest: "Takes payout requests over HTTP and admits or refuses them."
    case .batcher: "Forms transfers from due payouts."
    case .signer: "Plans and signs the transactions of transfers; holds the key."
    case .confirmer: "Arms, broadcasts and watches transactions until the chain decides."
    case .devnet: "A TRON node for development and tests."
    case .payoutctl: "The operator's command line."
    }
  }

  /// Those that serve an operations listener.
  public static let workers: [Role] = [.ingest, .batcher, .signer, .confirmer]

  /// Those that use the broker and the store.
  public static let all: [Role] = workers + [.payoutctl]
}
