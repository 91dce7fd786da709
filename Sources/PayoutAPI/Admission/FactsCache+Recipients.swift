import Payouts
import Tron

extension FactsCache {
  /// Who may be paid, as of now.
  func recipients(usdtContract: TronAddress) async throws(APIError) -> RecipientPolicy {
    do {
      return RecipientPolicy(
        usdtContract: usdtContract, ownWallets: try await current().ownWallets)
    } catch {
      throw APIError(error)
    }
  }
}
