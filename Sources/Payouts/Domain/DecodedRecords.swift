/// What a batch of records said, and those that said nothing understandable.
struct DecodedRecords<Message> {
  /// In the order of the records.
  var messages: [Message] = []
  /// For `payouts.deadletter`.
  var deadLetters: [DeadLetter] = []

  init(_ records: [IncomingRecord], _ decode: (IncomingRecord) throws(MalformedRecord) -> Message) {
    messages.reserveCapacity(records.count)
    for record in records {
      do throws(MalformedRecord) {
        messages.append(try decode(record))
      } catch {
        deadLetters.append(DeadLetter(record, reason: error.reason))
      }
    }
  }

  /// Puts the dead letters into their topic; they never stop a worker.
  func bury(in log: any LogAppender, telling observer: any StageObserver) async throws(LogError) {
    guard !deadLetters.isEmpty else { return }
    try await log.append(deadLetters.map(LogMessages.deadLetter))
    for letter in deadLetters {
      observer.observe(
        .deadLetter(
          topic: letter.topic, partition: letter.partition, offset: letter.offset,
          reason: letter.reason))
    }
  }
}
