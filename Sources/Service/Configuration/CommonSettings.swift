import Foundation
import Logging
import Payouts
import Tron

/// How to reach the broker.
public struct BrokerSettings: Sendable {
  /// Brokers to ask first; never empty.
  public var bootstrapServers: [HostPort]
  /// Stands before every topic and group name.
  public var topicPrefix: String
  /// Partitions of the topics that we create.
  public var partitions: Int32
  /// File with further librdkafka properties.
  public var propertiesFile: String?
  /// Static group membership; `nil` for none.
  public var groupInstanceID: String?

  /// The bootstrap servers as librdkafka wants them.
  public var bootstrapList: String { bootstrapServers.map(\.description).joined(separator: ",") }
}

/// How to reach the store.
public struct StoreSettings: Sendable {
  /// Connection string; its description shows no credentials.
  public var uri: SensitiveText
  /// Database.
  public var database: String
}

/// What is logged and how.
public struct LogSettings: Sendable {
  /// The least level that is logged.
  public var level: Logger.Level
  /// JSON or text; `nil` decides by whether standard error is a terminal.
  public var format: LogFormat?

  /// Collects the parts.
  public init(level: Logger.Level, format: LogFormat?) {
    self.level = level
    self.format = format
  }
}

/// Where the operations listener listens.
public struct OpsSettings: Sendable {
  /// Address.
  public var host: String
  /// Port; 0 takes a free one.
  public var port: Int

  /// Collects the parts.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }
}

/// What every process of the fleet needs to know.
public struct CommonSettings: Sendable {
  /// Who it is.
  public var role: Role
  /// The broker.
  public var kafka: BrokerSettings
  /// The store.
  public var mongo: StoreSettings
  /// Logging.
  public var log: LogSettings
  /// The operations listener; `nil` for a process that serves none.
  public var ops: OpsSettings?
  /// The TRON network.
  public var network: TronNetwork
  /// How often the store is swept for work that no message told of.
  public var sweepInterval: Duration
  /// `FAILPOINTS`; `nil` when not set.
  public var failpoints: FailpointSettings?

  /// Reads them.
  public init(_ reader: SettingsReader) throws(SettingFaults) {
    role = reader.role
    log = LogSettings(
      level: try reader.required(Variables.logLevel), format: try reader.value(Variables.logFormat))
    ops =
      Role.workers.contains(role)
      ? OpsSettings(
        host: try reader.required(Variables.opsHost),
        port: try reader.required(Variables.opsPort)) : nil
    kafka = BrokerSettings(
      bootstrapServers: try reader.required(Variables.kafkaBootstrapServers),
      topicPrefix: try reader.required(Variables.kafkaTopicPrefix),
      partitions: Int32(try reader.required(Variables.kafkaPartitions)),
      propertiesFile: try reader.value(Variables.kafkaPropertiesFile),
      groupInstanceID: try Self.groupInstanceID(reader, ops: ops))
    mongo = StoreSettings(
      uri: try Self.mongoURI(reader), database: try reader.required(Variables.mongoDatabase))
    network = try reader.required(Variables.tronNetwork)
    sweepInterval = try reader.value(Variables.sweepInterval) ?? .seconds(5)
    failpoints = try FailpointSettings(reader)
  }

  private static func groupInstanceID(
    _ reader: SettingsReader, ops: OpsSettings?
  ) throws(SettingFaults) -> String? {
    guard let ops else { return nil }
    if let set = try reader.value(Variables.kafkaGroupInstanceID) {
      return set.isEmpty ? nil : set
    }
    // A free port changes with every start, and an identity that changes is none.
    guard ops.port != 0 else { return nil }
    return "\(reader.role.rawValue)-\(ProcessInfo.processInfo.hostName)-\(ops.port)"
  }

  private static func mongoURI(_ reader: SettingsReader) throws(SettingFaults) -> SensitiveText {
    guard let path = try reader.value(Variables.mongoURIFile) else {
      return try reader.required(Variables.mongoURI)
    }
    if reader.isSet(Variables.mongoURI.variable) {
      reader.add(
        SettingFault(
          Variables.mongoURI.variable, "is set together with MONGO_URI_FILE; set one of them"))
    }
    let text = try reader.fileText(Variables.mongoURIFile.variable, path: path)
    do {
      return try Variables.mongoURI.parse(text)
    } catch {
      throw SettingFaults([
        SettingFault(
          Variables.mongoURIFile.variable, "the file's content (not shown) \(error.message)")
      ])
    }
  }
}

extension SettingsReader {
  /// The USDT contract: the one that is set, else the network's own.
  func usdtContract(_ network: TronNetwork) throws(SettingFaults) -> TronAddress {
    if let set = try value(Variables.usdtContract) { return set }
    do {
      return try Variables.usdtContract.parse(network.usdtContract)
    } catch {
      throw SettingFaults([SettingFault(Variables.usdtContract.variable, error.message)])
    }
  }
}

/// The settings of one role.
public protocol RoleSettings: Sendable {
  /// Whose they are.
  static var role: Role { get }
  /// What every process needs.
  var common: CommonSettings { get }
  /// Reads and checks them.
  init(_ reader: SettingsReader) throws(SettingFaults)
}
