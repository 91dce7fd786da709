/// What a stage does with the records of its topics; a consumer loop drives it.
///
/// Calls never overlap. An offset is committed only after the `process` call that had its record
/// returned, so a record may be seen again after a crash and must then change nothing.
public protocol RecordProcessor: Sendable {
  /// These partitions are ours from now on; their records come after this call.
  func assigned(_ partitions: [TopicPartition]) async
  /// These partitions are no longer ours: whatever is remembered of them is void.
  func revoked(_ partitions: [TopicPartition]) async
  /// Takes the effect of every record. Throwing means that the same records, less those of
  /// partitions revoked meanwhile, are to be given again later; throwing ``MustBeginAnew`` that the
  /// process is to end.
  func process(_ records: [IncomingRecord]) async throws
  /// Why records cannot be processed now; `nil` when they can. No record is fetched meanwhile.
  func readiness() async -> String?
  /// How many records are still to be read in our partitions, now and then.
  func lagMeasured(_ lag: [TopicPartition: Int64]) async
}

extension RecordProcessor {
  /// Nothing is remembered of partitions.
  public func assigned(_ partitions: [TopicPartition]) async {}
  /// Nothing is remembered of partitions.
  public func revoked(_ partitions: [TopicPartition]) async {}
  /// Why records cannot be processed now; `nil` when they can.
  public func readiness() async -> String? { nil }
  /// Of no interest.
  public func lagMeasured(_ lag: [TopicPartition: Int64]) async {}
}

/// What is remembered of the records read so far is no longer good for what comes. The process ends;
/// the next one begins with an empty memory and reads again.
public struct MustBeginAnew: Error, CustomStringConvertible {
  /// For logs.
  public let description: String

  /// - Parameter description: what happened.
  public init(_ description: String) { self.description = description }
}
