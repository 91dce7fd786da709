import Hummingbird
import Tron

extension NodeAPI {
  /// LIMIT: blocks in one answer.
  private static let blocksPerAnswer: Int64 = 100

  func nowBlock(_ call: Call) -> ByteBuffer {
    let block = node.read { state in state.block(state.sight(call).height, state.sight(call)) }
    return body(block, call)
  }

  func blockByNumber(_ call: Call) throws(APIError) -> ByteBuffer {
    let number = try call.parameters.integer("num")
    return body(node.read { state in state.block(number, state.sight(call)) }, call)
  }

  func blockByID(_ call: Call) throws(APIError) -> ByteBuffer {
    guard let id = BlockID(bytes: try call.parameters.hex("value")) else { return Self.empty }
    return body(node.read { state in state.block(id, state.sight(call)) }, call)
  }

  func block(_ call: Call) throws(APIError) -> ByteBuffer {
    let detail = call.parameters["detail"]?.bool ?? false
    guard let text = call.parameters.text("id_or_num"), !text.isEmpty else {
      let head = node.read { state in state.block(state.sight(call).height, state.sight(call)) }
      return body(head, call, detail: detail)
    }
    if text.utf8.count == 64 {
      guard let id = BlockID(hex: text) else { throw Self.badID }
      return body(node.read { state in state.block(id, state.sight(call)) }, call, detail: detail)
    }
    guard let number = Int64(text) else { throw Self.badID }
    guard number >= 0 else {
      throw APIError(nil, "num must be non-negative.")
    }
    let block = node.read { state in state.block(number, state.sight(call)) }
    return body(block, call, detail: detail)
  }

  private static let badID = APIError(nil, "id must be legal block hash.")

  func blocksByRange(_ call: Call) throws(APIError) -> ByteBuffer {
    let start = try call.parameters.integer("startNum")
    let end = try call.parameters.integer("endNum")
    guard start >= 0, end > start, end.addingClamped(-start) <= Self.blocksPerAnswer else {
      return Self.empty
    }
    let blocks = node.read { state in
      (start..<end).compactMap { state.block($0, state.sight(call)) }
    }
    return body(blocks, call)
  }

  func latestBlocks(_ call: Call) throws(APIError) -> ByteBuffer {
    let count = try call.parameters.integer("num")
    guard count > 0, count < Self.blocksPerAnswer else { return Self.empty }
    let blocks = node.read { state in
      let sight = state.sight(call)
      return (max(0, sight.height - count + 1)...sight.height).compactMap {
        state.block($0, sight)
      }
    }
    return body(blocks, call)
  }

  func transactionCount(_ call: Call) throws(APIError) -> ByteBuffer {
    let number = try call.parameters.integer("num")
    let block = node.read { state in state.block(number, state.sight(call)) }
    let count = block.map { Int64($0.transactions.count) } ?? -1
    return Self.body { $0.object { $0.member("count", integer: count) } }
  }

  private func body(_ block: Block?, _ call: Call, detail: Bool = true) -> ByteBuffer {
    guard let block else { return Self.empty }
    let isVisible = call.parameters.isVisible
    let key = ResponseCache.Key(
      id: block.id, kind: detail ? .block : .header, isVisible: isVisible)
    return node.responses.body(key) {
      JSONWriter.build(capacity: 1024 + (detail ? 1400 * block.transactions.count : 0)) {
        $0.block(block, visible: isVisible, detail: detail)
      }
    }
  }

  private func body(_ blocks: [Block], _ call: Call) -> ByteBuffer {
    Self.body(capacity: 65_536) { writer in
      writer.object { object in
        guard !blocks.isEmpty else { return }
        object.array("block") { array in
          for block in blocks { array.raw(body(block, call).readableBytesView) }
        }
      }
    }
  }
}
