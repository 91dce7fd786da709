import Tron

/// What every part of the Batcher works with.
public struct BatcherContext: Sendable {
  let payouts: any PayoutStore
  let windows: any WindowStore
  let lanes: any LaneStore
  let transfers: any TransferStore
  let log: any LogAppender
  let clock: any WallClock
  let observer: any StageObserver
  let failpoints: any Failpoints
  let kyc: KYCGate
  let partitions: Int32

  /// - Parameters:
  ///   - store: payouts and transfers, and what windows and lanes ask of them.
  ///   - kyc: holds back payouts whose recipients have no active record.
  ///   - partitions: how many partitions the journal has.
  public init(
    store: some PayoutStore & WindowStore & LaneStore & TransferStore, log: any LogAppender,
    clock: any WallClock, observer: any StageObserver, failpoints: any Failpoints,
    kyc: KYCGate, partitions: Int32
  ) {
    self.payouts = store
    self.windows = store
    self.lanes = store
    self.transfers = store
    self.log = log
    self.clock = clock
    self.observer = observer
    self.failpoints = failpoints
    self.kyc = kyc
    self.partitions = partitions
  }
}
