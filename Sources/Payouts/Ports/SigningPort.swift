import Tron

/// Holds a wallet's key and signs with it; the key never comes out.
public protocol TransferSigner: Sendable {
  /// The wallet.
  var address: TronAddress { get }
  /// The recoverable signature (r ‖ s ‖ v, 65 bytes, low s, v 0 or 1; RFC 6979, so the same bytes
  /// always give the same signature) of a transaction id.
  func signature(of txid: TransactionID) throws(SigningError) -> [UInt8]
}

/// A signature that could not be made.
public struct SigningError: Error, Sendable, CustomStringConvertible {
  /// For logs; never the key.
  public var message: String

  /// Wraps a message.
  public init(_ message: String) { self.message = message }

  /// For logs and people.
  public var description: String { message }
}
