import ArgumentParser
import Foundation
import KafkaLog
import Logging
import MongoStore
import Payouts
import Service
import Wiring

/// What every command that reaches the system is given: the same variables as the workers.
struct SystemAccess {
  let settings: PayoutctlSettings

  init() throws {
    switch SettingsLoad<PayoutctlSettings>.load(
      arguments: [], environment: ProcessInfo.processInfo.environment)
    {
    case .run(let settings): self.settings = settings
    case .refuse(let faults):
      throw CommandFailure(faults.faults.map(String.init(describing:)).joined(separator: "\n"))
    case .show(let text): throw CommandFailure(text)
    }
  }

  func store() throws -> MongoStore {
    try MongoStore.open(
      uri: settings.common.mongo.uri.text, database: settings.common.mongo.database, threads: 2,
      logger: Self.quiet("store"))
  }

  func kafka() throws -> KafkaSettings { try KafkaSettings(settings.common.kafka) }

  func admin() throws -> KafkaAdmin {
    try KafkaAdmin(settings: try kafka(), logger: Self.quiet("log"))
  }

  func producer() throws -> KafkaProducer {
    try KafkaProducer(settings: try kafka(), logger: Self.quiet("log"))
  }

  /// Commands answer with one line of their own; what libraries have to say only shows when it is
  /// serious.
  static func quiet(_ label: String) -> Logger {
    var logger = Logger(label: label)
    logger.logLevel = .critical
    return logger
  }
}
