import Payouts
import Tron

// The queries of lists and statistics, apart from the calls, so that a test can ask the server which
// index each one uses.

/// One part of a list: payouts of one state and one router, or everything when the list is of all.
struct PayoutListPart: Hashable {
  var scope: PayoutScope
  var state: PayoutState?
  var router: RouterType?

  /// The parts of a list, in the order of life.
  static func parts(of filter: PayoutFilter) -> [PayoutListPart] {
    guard !filter.isUnfiltered else { return [PayoutListPart(scope: filter.scope)] }
    return parts(filter.scope, filter.states, filter.routers)
  }

  /// What an unfiltered list leaves out: payouts that clients do not see yet.
  static func hidden(in filter: PayoutFilter) -> [PayoutListPart] {
    guard filter.isUnfiltered else { return [] }
    return parts(filter.scope, PayoutState.hidden, filter.routers)
  }

  private static func parts(
    _ scope: PayoutScope, _ states: [PayoutState], _ routers: [RouterType]
  ) -> [PayoutListPart] {
    states.flatMap { state in
      routers.map { PayoutListPart(scope: scope, state: state, router: $0) }
    }
  }

  /// The fields of an index, in its order.
  func write(to filter: borrowing BSONDocument, _ range: PayoutIDRange) {
    filter.append(scope)
    filter.append("state", ifPresent: state)
    filter.append("request.router", ifPresent: router)
    filter.append(range)
  }
}

extension PayoutState {
  /// The states whose payouts clients do not see.
  static let hidden = allCases.filter { !$0.isAdmitted }
}

/// Ids from one on, up to another, which is left out; creation times are ranges of ids.
struct PayoutIDRange: Hashable {
  /// The first; every id is above the empty one.
  var from = PayoutID("")
  /// What is left out, and everything above.
  var until: PayoutID?

  init(from: UnixMilliseconds?, until: UnixMilliseconds?, before: PayoutID? = nil) {
    if let from { self.from = .lowest(at: from) }
    self.until = [until.map(PayoutID.lowest), before].compactMap { $0 }.min()
  }
}

extension BSONDocument {
  fileprivate func append(_ scope: PayoutScope) {
    switch scope {
    case .all: break
    case .tenant(let tenant): append("tenant", tenant)
    }
  }

  fileprivate func append(_ range: PayoutIDRange) {
    append("_id") { ids in
      ids.append("$gte", range.from)
      ids.append("$lt", ifPresent: range.until)
    }
  }
}

extension FindQuery {
  /// The ids of one part of a list, newest first.
  static func newest(_ part: PayoutListPart, _ range: PayoutIDRange, limit: Int) -> FindQuery {
    FindQuery(limit: limit, newestIDs: true) { filter in
      part.write(to: filter, range)
      // Few and never for long, so the server passes over them; in a part they cannot occur.
      if part.state == nil, !PayoutState.hidden.isEmpty {
        filter.append("state", BSONOperator(name: "$nin", value: PayoutState.hidden))
      }
    }
  }
}

/// Only the id of a payout.
struct PayoutIDRecord: BSONReadableRecord {
  let id: PayoutID

  init(from reader: BSONReader) throws(BSONFault) { id = try reader.value("_id") }
}

enum PayoutPipelines {
  /// What every pipeline begins with.
  static func match(
    _ part: PayoutListPart, _ range: PayoutIDRange, in filter: borrowing BSONDocument
  ) { part.write(to: filter, range) }

  /// Counts one part of a list, but not further than a limit.
  static func count(_ part: PayoutListPart, _ range: PayoutIDRange, limit: Int) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { $0.append("$match") { match(part, range, in: $0) } },
          BSONEmbedded { $0.append("$limit", limit) },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id", BSONNull())
              group.append("count") { $0.append("$sum", 1) }
            }
          },
        ])
    }
  }

  /// Adds up the payouts of a range of ids by hour, router and state.
  static func hourSums(_ scope: PayoutScope, _ range: PayoutIDRange) -> BSONDocument {
    BSONDocument { document in
      document.append(
        "pipeline",
        [
          BSONEmbedded { stage in
            stage.append("$match") { match(PayoutListPart(scope: scope), range, in: $0) }
          },
          BSONEmbedded { stage in
            stage.append("$group") { group in
              group.append("_id") { id in
                id.append("hour") { $0.append("$subtract", Self.createdAtAndItsRest) }
                id.append("router", "$request.router")
                id.append("state", "$state")
              }
              group.append("count") { $0.append("$sum", 1) }
              group.append("amount_micro") { $0.append("$sum", "$request.amount_micro") }
            }
          },
        ])
    }
  }

  /// The instant of creation, and how far into its hour that is.
  static var createdAtAndItsRest: [BSONAny] {
    [
      BSONAny("$created_at"),
      BSONAny(
        BSONEmbedded { rest in
          rest.append("$mod", [BSONAny("$created_at"), BSONAny(HourSum.milliseconds)])
        }),
    ]
  }
}

/// An element of an array whose elements are of several types.
struct BSONAny: BSONWritable {
  private let value: any BSONWritable

  init(_ value: some BSONWritable) { self.value = value }

  func append(to document: borrowing BSONDocument, key: BSONKey) {
    value.append(to: document, key: key)
  }
}
