import Tron

/// Says what the Signer may plan.
public protocol PlanningGate: Sendable {
  /// Why nothing may be planned at all; `nil` when something may.
  func objection() async throws(StoreError) -> String?
  /// Those of the transfers that may be planned now.
  func admitted(_ ready: [Transfer]) async throws(StoreError) -> Set<TransferID>
}

/// The breaker as the Signer obeys it: nothing while it is open, a few while it is half-open.
public struct BreakerGate: PlanningGate {
  private let view: BreakerView
  private let control: BreakerControl

  /// Collects the parts.
  public init(view: BreakerView, control: BreakerControl) {
    self.view = view
    self.control = control
  }

  /// Why nothing may be planned at all.
  public func objection() async throws(StoreError) -> String? {
    let breaker = try await view.current()
    guard breaker.state == .open else { return nil }
    let cause = breaker.cause?.rawValue ?? "unknown"
    return "the circuit breaker is open (\(cause)): \(breaker.reason)"
  }

  /// Everything, nothing, or what still has room among the trials.
  public func admitted(_ ready: [Transfer]) async throws(StoreError) -> Set<TransferID> {
    guard !ready.isEmpty else { return [] }
    let all = Set(ready.map(\.id))
    switch try await view.current().state {
    case .closed: return all
    case .open: return []
    case .halfOpen:
      let order = ready.sorted { ($0.lane, $0.createdAt) < ($1.lane, $1.createdAt) }
      let breaker = try await control.apply(
        .trialsRequested(
          order.map { Trial(transfer: $0.id, attempt: $0.nextAttempt, at: $0.updatedAt) }),
        by: .system("signer")
      ).breaker
      switch breaker.state {
      case .closed: return all
      case .open: return []
      case .halfOpen: return all.intersection(breaker.trials.map(\.transfer))
      }
    }
  }
}

/// Lets everything through; for simulations of what the breaker plays no part in.
public struct OpenGate: PlanningGate {
  /// Makes one.
  public init() {}
  /// Nothing speaks against it.
  public func objection() async throws(StoreError) -> String? { nil }
  /// All of them.
  public func admitted(_ ready: [Transfer]) async throws(StoreError) -> Set<TransferID> {
    Set(ready.map(\.id))
  }
}

/// Some of the records have to wait until the breaker is closed.
struct PlanningSuspended: Error, CustomStringConvertible {
  var description: String {
    "the circuit breaker lets only a few transfers through until it is known how they end"
  }
}
