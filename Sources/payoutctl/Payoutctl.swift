import ArgumentParser
import Service

/// The operator's command line.
@main
struct Payoutctl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "payoutctl",
    abstract: "Operates a fleet that pays USDT on TRON.",
    version: Version.text,
    subcommands: [
      InitCommand.self, StatusCommand.self, WindowsCommand.self, AuditCommand.self,
      AuditLogCommand.self, BreakerCommand.self, KYCCommand.self, PayoutCommand.self,
      BatchCommand.self, ReplayCommand.self, LimitsCommand.self, TokenCommand.self,
      KeystoreCommand.self, TxCommand.self,
    ])
}
