import MongoStore
import Payouts
import Service

extension Runtime {
  /// Moves the shared circuit breaker in this process's name.
  public func breakerControl(_ store: MongoStore, policy: BreakerPolicy) -> BreakerControl {
    let role = Settings.role.rawValue
    return BreakerControl(
      store: store,
      audit: AuditAppender(
        store: store, clock: clock, writer: settings.common.kafka.groupInstanceID ?? role),
      clock: clock, observer: observer, policy: policy)
  }
}
