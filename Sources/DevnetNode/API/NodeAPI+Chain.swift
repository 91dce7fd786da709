import Hummingbird
import Tron

extension NodeAPI {
  private static let maintenanceIntervalMilliseconds: Int64 = 21_600_000

  func nodeInfo(_ call: Call) -> ByteBuffer {
    let (head, solid) = node.read { state -> (Block?, Block?) in
      let height = state.sight(call).height
      return (state.chain.block(height), state.chain.block(min(height, state.chain.solidNumber)))
    }
    return Self.body(capacity: 1024) { writer in
      writer.object { object in
        object.member("beginSyncNum", integer: head?.number ?? 0)
        object.member("block", string: Self.summary(head))
        object.member("solidityBlock", string: Self.summary(solid))
        object.member("currentConnectCount", integer: 0)
        object.member("activeConnectCount", integer: 0)
        object.member("passiveConnectCount", integer: 0)
        object.member("totalFlow", integer: 0)
        object.array("peerList") { _ in }
        object.object("configNodeInfo") {
          $0.member("codeVersion", string: "4.8.0")
          $0.member("supportConstant", bool: true)
        }
        object.object("machineInfo") { _ in }
        object.object("cheatWitnessInfoMap") { _ in }
      }
    }
  }

  private static func summary(_ block: Block?) -> String {
    block.map { "Num:\($0.number),ID:\($0.id.hex)" } ?? ""
  }

  func witnesses(_ call: Call) -> ByteBuffer {
    let isVisible = call.parameters.isVisible
    let rows = node.read { state in
      zip(state.witnesses.map(\.address), state.chain.latestNumbers).map { ($0, $1) }
    }
    return Self.body(capacity: 8192) { writer in
      writer.object { object in
        object.array("witnesses") { array in
          for (index, (address, latest)) in rows.enumerated() {
            array.object {
              $0.member("address", address: address, visible: isVisible)
              $0.member("voteCount", integer: Int64(1_000_000 - index))
              $0.member("url", string: "http://witness\(index).devnet")
              $0.field("latestBlockNum", integer: latest)
              $0.member("isJobs", bool: true)
            }
          }
        }
      }
    }
  }

  func energyPrices(_ call: Call) -> ByteBuffer { prices(parameters(call).energyFee) }

  func bandwidthPrices(_ call: Call) -> ByteBuffer { prices(parameters(call).transactionFee) }

  private func prices(_ price: Int64) -> ByteBuffer {
    Self.body { $0.object { $0.member("prices", string: "0:\(price)") } }
  }

  private func parameters(_ call: Call) -> ChainParameters {
    node.read { state in state.view(state.sight(call)).globals.parameters }
  }

  func nextMaintenance(_ call: Call) -> ByteBuffer {
    let (genesis, head) = node.read { state in
      (state.chain.schedule.genesisMilliseconds, state.chain.head.timestamp)
    }
    let interval = Self.maintenanceIntervalMilliseconds
    let next = genesis + ((head - genesis) / interval + 1) * interval
    return Self.body { $0.object { $0.member("num", integer: next) } }
  }

  /// Every value that is not zero, and only the key of the others.
  func chainParameters(_ call: Call) -> ByteBuffer {
    let parameters = parameters(call)
    let rows: [(String, Int64)] = [
      ("getMaintenanceTimeInterval", Self.maintenanceIntervalMilliseconds),
      ("getAccountUpgradeCost", 9_999_000_000),
      ("getCreateAccountFee", parameters.createAccountFee),
      ("getTransactionFee", parameters.transactionFee),
      ("getAssetIssueFee", 1_024_000_000),
      ("getWitnessPayPerBlock", 8_000_000),
      ("getWitnessStandbyAllowance", 115_200_000_000),
      ("getCreateNewAccountFeeInSystemContract", parameters.createNewAccountFee),
      ("getCreateNewAccountBandwidthRate", 1),
      ("getAllowCreationOfContracts", 1),
      ("getRemoveThePowerOfTheGr", -1),
      ("getEnergyFee", parameters.energyFee),
      ("getExchangeCreateFee", 1_024_000_000),
      ("getMaxCpuTimeOfOneTx", 80),
      ("getAllowUpdateAccountName", 0),
      ("getAllowSameTokenName", 1),
      ("getAllowDelegateResource", 1),
      ("getTotalEnergyLimit", Stake.totalEnergyLimit),
      ("getAllowTvmTransferTrc10", 1),
      ("getTotalEnergyCurrentLimit", Stake.totalEnergyLimit),
      ("getAllowMultiSign", 1),
      ("getAllowAdaptiveEnergy", 0),
      ("getTotalNetLimit", Stake.totalNetLimit),
      ("getMultiSignFee", parameters.multiSignFee),
      ("getMemoFee", parameters.memoFee),
      ("getFreeNetLimit", parameters.freeNetLimit),
      ("getMaxFeeLimit", parameters.maximumFeeLimit),
      ("getAllowDynamicEnergy", 1),
      ("getDynamicEnergyThreshold", 5_000_000_000),
      ("getDynamicEnergyIncreaseFactor", 2000),
      ("getDynamicEnergyMaxFactor", 34_000),
      ("getConsensusLogicOptimization", 1),
    ]
    return Self.body(capacity: 4096) { writer in
      writer.object { object in
        object.array("chainParameter") { array in
          for (key, value) in rows {
            array.object {
              $0.member("key", string: key)
              $0.field("value", integer: value)
            }
          }
        }
      }
    }
  }
}
