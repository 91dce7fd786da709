import Foundation
import MongoStore
import Payouts
import Service

/// The guards as an operator moves them: in the store itself, so that they can be moved while the API
/// is away, in the name of the operating system's user.
struct OperatorAccess {
  let store: MongoStore
  let actor: AuditActor
  let breaker: BreakerControl
  let register: KYCRegister

  init(_ access: SystemAccess) throws {
    store = try access.store()
    let user = NSUserName().isEmpty ? "uid \(getuid())" : NSUserName()
    let host = ProcessInfo.processInfo.hostName
    actor = AuditActor(who: user, role: "operator", from: host)
    let clock = SystemClock()
    let audit = AuditAppender(store: store, clock: clock, writer: "payoutctl-\(host)")
    breaker = BreakerControl(
      store: store, audit: audit, clock: clock,
      observer: StageEventReporter(logger: SystemAccess.quiet("breaker")),
      policy: access.settings.breaker)
    register = KYCRegister(store: store, audit: audit, clock: clock)
  }

  /// The user's name, for what is shown to others.
  var who: String { actor.who ?? "operator" }
}
