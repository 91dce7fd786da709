/// How far a Confirmer had got with a journal partition when it said so.
public struct JournalPosition: Hashable, Sendable {
  /// The partition.
  public var partition: Int32
  /// The effect of every record before this offset is in the store, or is not needed.
  public var offset: Int64
  /// Names the write; the next one replaces exactly this.
  public var token: WriteToken

  /// Collects the parts.
  public init(partition: Int32, offset: Int64, token: WriteToken) {
    self.partition = partition
    self.offset = offset
    self.token = token
  }
}

/// The `journal_positions` collection: how far each partition's records have had their effect, *kept in
/// the store that they have their effect in*. When the store falls back the position falls back with it,
/// so whoever takes the partition next reads everything again since then, however long ago that was; and
/// whoever has it notices that the store fell back.
public protocol JournalPositionStore: Sendable {
  /// Every position.
  func journalPositions() async throws(StoreError) -> [JournalPosition]
  /// Replaces a position if the stored one still has the token of `old` (`nil`: if there is none);
  /// answers the new one, or `nil` when it was another.
  func write(
    _ offset: Int64, of partition: Int32, replacing old: JournalPosition?
  ) async throws(StoreError) -> JournalPosition?
}
