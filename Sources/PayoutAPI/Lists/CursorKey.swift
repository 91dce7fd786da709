import Crypto
import Payouts
import Synchronization

/// The key that cursors are signed with: one for all copies, kept in the store, read once.
final class CursorKey: Sendable {
  private static let size = SymmetricKeySize.bits256

  private let secrets: any SecretStore
  private let known = Mutex<SymmetricKey?>(nil)

  init(secrets: any SecretStore) { self.secrets = secrets }

  func value() async throws(StoreError) -> SymmetricKey {
    if let key = known.withLock({ $0 }) { return key }
    let candidate = SymmetricKey(size: Self.size).withUnsafeBytes { Array($0) }
    let bytes = try await secrets.secret(.listCursor, orFirst: candidate)
    guard bytes.count * 8 == Self.size.bitCount else {
      throw StoreError(
        code: .corrupt, effect: .none, message: "secrets \(SecretName.listCursor.rawValue): size")
    }
    let key = SymmetricKey(data: bytes)
    known.withLock { $0 = key }
    return key
  }
}
