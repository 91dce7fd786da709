import Payouts

extension Collection {
  /// How many documents are in each of these states; reads an index that begins with `state`, as many
  /// entries as there are such documents.
  func count<State: BSONText & Hashable>(in states: [State]) throws(StoreError) -> [State: Int] {
    let counts: [(State, Int)] = try aggregate(Self.countPipeline(states)) {
      reader throws(BSONFault) in
      (try reader.value("_id"), try reader.value("count"))
    }
    return Dictionary(counts, uniquingKeysWith: +)
  }

  /// Names the states, so that the server may read the index alone.
  static func countPipeline(_ states: [some BSONText]) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { stage in
            stage.append("$match") { $0.append("state", BSONOperator.oneOf(states)) }
          },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id", "$state")
              group.append("count") { $0.append("$sum", 1) }
            }
          },
        ])
    }
  }
}
