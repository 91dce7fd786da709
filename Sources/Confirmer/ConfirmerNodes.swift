import Payouts
import Service
import Synchronization
import TronNode

/// The TRON nodes of the configuration, over one shared transport.
struct ConfirmerNodes {
  let full: [any FullNode]
  let solidity: [any SolidityNode]

  init(_ settings: NodeSettings) throws {
    var options = NodeTransport.Options()
    options.proxy = settings.proxy?.text
    let transport = try NodeTransport(options)
    let key: NodeAPIKey?
    do throws(NodeSettingsError) {
      key = try settings.apiKey.map { (key) throws(NodeSettingsError) in try NodeAPIKey(key.text) }
    } catch {
      throw SettingFaults([
        SettingFault(
          "TRON_API_KEY_FILE", error.reason, example: "TRON_API_KEY_FILE=/run/secrets/trongrid")
      ])
    }
    full = try settings.nodes.map {
      TronFullNode(url: try NodeURL($0), key: key, transport: transport)
    }
    solidity = try settings.solidityNodes.map {
      TronSolidityNode(url: try NodeURL($0), key: key, transport: transport)
    }
  }
}

/// The last value of something that is read now and then.
final class Latest<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)

  var value: Value? {
    get { stored.withLock { $0 } }
    set { stored.withLock { $0 = newValue } }
  }
}
