import Hummingbird
import Tron

/// The HTTP API of the node, method by method, without HTTP.
struct NodeAPI: Sendable {
  typealias Method = @Sendable (NodeAPI, Call) throws(APIError) -> ByteBuffer

  let node: DevnetNode

  /// `nil` when the scope has no such method.
  static func method(_ name: String, _ scope: Call.Scope) -> Method? {
    switch scope {
    case .wallet: walletMethods[name]
    case .solidity: solidityMethods[name]
    }
  }

  /// The body of the answer, failures included: they are status 200 as well.
  func answer(_ method: Method, _ call: Call) -> ByteBuffer {
    do throws(APIError) {
      return try method(self, call)
    } catch {
      return ByteBuffer(bytes: error.body)
    }
  }

  static let empty = ByteBuffer(string: "{}")

  static func body(
    capacity: Int = 512, _ write: (inout JSONWriter) -> Void
  ) -> ByteBuffer {
    ByteBuffer(bytes: JSONWriter.build(capacity: capacity, write))
  }
}

extension NodeAPI {
  /// What both scopes have.
  private static let commonMethods: [String: Method] = [
    "getnowblock": { api, call throws(APIError) in api.nowBlock(call) },
    "getblock": { api, call throws(APIError) in try api.block(call) },
    "getblockbynum": { api, call throws(APIError) in try api.blockByNumber(call) },
    "getblockbyid": { api, call throws(APIError) in try api.blockByID(call) },
    "getblockbylimitnext": { api, call throws(APIError) in try api.blocksByRange(call) },
    "getblockbylatestnum": { api, call throws(APIError) in try api.latestBlocks(call) },
    "gettransactioncountbyblocknum": { api, call throws(APIError) in
      try api.transactionCount(call)
    },
    "gettransactionbyid": { api, call throws(APIError) in try api.transaction(call) },
    "gettransactioninfobyid": { api, call throws(APIError) in try api.transactionInfo(call) },
    "gettransactioninfobyblocknum": { api, call throws(APIError) in
      try api.transactionInfos(call)
    },
    "getaccount": { api, call throws(APIError) in api.account(call) },
    "triggerconstantcontract": { api, call throws(APIError) in try api.constantCall(call) },
    "estimateenergy": { api, call throws(APIError) in api.estimateEnergy(call) },
    "getnodeinfo": { api, call throws(APIError) in api.nodeInfo(call) },
    "listwitnesses": { api, call throws(APIError) in api.witnesses(call) },
    "getenergyprices": { api, call throws(APIError) in api.energyPrices(call) },
    "getbandwidthprices": { api, call throws(APIError) in api.bandwidthPrices(call) },
  ]

  private static let solidityMethods = commonMethods

  private static let walletMethods: [String: Method] = commonMethods.merging(
    [
      "broadcasthex": { api, call throws(APIError) in try api.broadcastHex(call) },
      "broadcasttransaction": { api, call throws(APIError) in try api.broadcastJSON(call) },
      "getsignweight": { api, call throws(APIError) in try api.signWeight(call) },
      "createtransaction": { api, call throws(APIError) in try api.createTransaction(call) },
      "triggersmartcontract": { api, call throws(APIError) in try api.triggerContract(call) },
      "getaccountresource": { api, call throws(APIError) in api.accountResource(call) },
      "getaccountnet": { api, call throws(APIError) in api.accountNet(call) },
      "getcontract": { api, call throws(APIError) in try api.contract(call) },
      "getcontractinfo": { api, call throws(APIError) in try api.contractInfo(call) },
      "getchainparameters": { api, call throws(APIError) in api.chainParameters(call) },
      "getnextmaintenancetime": { api, call throws(APIError) in api.nextMaintenance(call) },
      "validateaddress": { api, call throws(APIError) in api.validateAddress(call) },
      "gettransactionfrompending": { api, call throws(APIError) in
        try api.pendingTransaction(call)
      },
      "gettransactionlistfrompending": { api, call throws(APIError) in api.pendingList(call) },
      "getpendingsize": { api, call throws(APIError) in api.pendingSize(call) },
      "listnodes": { api, call throws(APIError) in NodeAPI.empty },
    ], uniquingKeysWith: { _, method in method })
}
