import Synchronization

/// Where each journal partition must be read from at the latest, as the store last said; see
/// ``JournalPositionStore``. Asked for when a partition is assigned, on whatever thread that is.
public final class JournalFloors: Sendable {
  private let offsets: Mutex<[Int32: Int64]>

  /// - Parameter positions: as the store has them when the process starts.
  public init(_ positions: [JournalPosition] = []) {
    offsets = Mutex(Self.offsets(positions))
  }

  /// The offset of a partition; its beginning when the store says nothing of it.
  public func offset(of partition: Int32) -> Int64 { offsets.withLock { $0[partition] ?? 0 } }

  func replace(_ positions: [JournalPosition]) {
    let new = Self.offsets(positions)
    offsets.withLock { $0 = new }
  }

  private static func offsets(_ positions: [JournalPosition]) -> [Int32: Int64] {
    Dictionary(positions.map { ($0.partition, $0.offset) }, uniquingKeysWith: min)
  }
}

/// Writes how far the partitions of one Confirmer were read, and notices when the store fell back.
struct JournalPositionKeeper {
  let context: ConfirmerContext

  /// One look at the store. A position that is not the one this process wrote last means that the store
  /// fell back (or that somebody else has the partition): then everything in memory is looked at again,
  /// and nothing is written before that is done.
  func keep() async throws {
    let all = try await context.positions.journalPositions()
    context.floors.replace(all)
    let stored = Dictionary(
      all.map { ($0.partition, $0) }, uniquingKeysWith: { first, _ in first })
    for (partition, offset) in due(stored) {
      let written = try await context.positions.write(
        offset, of: partition, replacing: stored[partition])
      context.state.with { contents in
        if let written {
          contents.journals[partition]?.written = .init(position: written)
        } else {
          contents.journals[partition]?.reopen()
        }
      }
    }
  }

  /// Partitions of which something new was read, and how far.
  private func due(_ stored: [Int32: JournalPosition]) -> [(partition: Int32, offset: Int64)] {
    var fallen = 0
    let due = context.state.with { contents in
      var due: [(partition: Int32, offset: Int64)] = []
      for partition in contents.journals.keys.sorted() {
        let present = stored[partition]
        if let known = contents.journals[partition]?.written, known.position != present {
          contents.journals[partition]?.reopen()
          fallen += 1
        }
        contents.journals[partition]?.written = .init(position: present)
        guard let journal = contents.journals[partition], !journal.isReopened,
          let offset = journal.position, offset > present?.offset ?? -1
        else { continue }
        due.append((partition, offset))
      }
      return due
    }
    if fallen > 0 { context.observer.observe(.storeFellBack(partitions: fallen)) }
    return due
  }
}
