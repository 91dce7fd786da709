import Foundation
import Synchronization
import TronNode

/// What a node was asked.
struct Asked: Sendable {
  var path: String
  var headers: [String: String]
  var body: String
}

/// What a scripted node does then.
struct Reply: Sendable {
  enum Ending {
    case keepAlive, close, reset
  }

  var bytes: [UInt8]
  var delay: Duration = .zero
  var ending = Ending.keepAlive

  /// An answer with its length told.
  static func text(
    _ body: String, status: Int = 200, type: String = "application/json", extra: String = ""
  ) -> Reply {
    let head =
      "HTTP/1.1 \(status) X\r\nContent-Type: \(type)\r\n\(extra)"
      + "Content-Length: \(body.utf8.count)\r\n\r\n"
    return Reply(bytes: Array((head + body).utf8))
  }

  /// An answer in chunks.
  static func chunked(_ parts: [String]) -> Reply {
    let chunks = parts.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined()
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return Reply(bytes: Array((head + chunks + "0\r\n\r\n").utf8))
  }

  func after(_ delay: Duration) -> Reply { with { $0.delay = delay } }
  func then(_ ending: Ending) -> Reply { with { $0.ending = ending } }

  private func with(_ change: (inout Reply) -> Void) -> Reply {
    var reply = self
    change(&reply)
    return reply
  }
}

/// A real server on loopback that says what a test wants, byte for byte.
final class ScriptedNode: Sendable {
  struct Seen {
    var asked: [Asked] = []
    var connections = 0
    var busy = 0
    var busiest = 0
    /// The names that a SOCKS client wanted resolved.
    var names: [String] = []
  }

  let port: UInt16
  private let listener: Int32
  private let isSocks: Bool
  private let script: @Sendable (Asked) -> Reply
  private let seen = Mutex(Seen())

  init(
    isSocks: Bool = false, _ script: @escaping @Sendable (Asked) -> Reply
  ) throws {
    self.isSocks = isSocks
    self.script = script
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) | listen(listener, 512) | getsockname(listener, $0, &length)
      }
    }
    guard code == 0 else { throw POSIXError(.EADDRINUSE) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread { [self] in accept(listener) }.start()
  }

  /// Always the same answer.
  convenience init(_ reply: Reply) throws { try self.init { _ in reply } }

  /// Stops listening; the thread, which keeps this alive, then ends.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  var url: NodeURL { get throws { try NodeURL("http://127.0.0.1:\(port)") } }
  var now: Seen { seen.withLock { $0 } }

  private func accept(_ listener: Int32) {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      guard connection >= 0 else { break }
      seen.withLock { $0.connections += 1 }
      Thread { [self] in serve(connection) }.start()
    }
    close(listener)
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    if isSocks, !shakeHands(connection) { return }
    while let asked = readRequest(connection) {
      seen.withLock {
        $0.asked.append(asked)
        $0.busy += 1
        $0.busiest = max($0.busiest, $0.busy)
      }
      let reply = script(asked)
      Thread.sleep(forTimeInterval: reply.delay / .seconds(1))
      seen.withLock { $0.busy -= 1 }
      guard write(reply.bytes, connection) else { return }
      switch reply.ending {
      case .keepAlive: continue
      case .close: return
      case .reset:
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
          connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        return
      }
    }
  }

  private func write(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return false }
      rest = rest.dropFirst(sent)
    }
    return true
  }

  private func read(_ count: Int, _ connection: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    guard recv(connection, &bytes, count, Int32(MSG_WAITALL)) == count else { return nil }
    return bytes
  }

  private func readRequest(_ connection: Int32) -> Asked? {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
      guard let byte = read(1, connection) else { return nil }
      head += byte
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces)
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    guard let body = length == 0 ? [] : read(length, connection) else { return nil }
    return Asked(
      path: String(lines[0].split(separator: " ")[1]), headers: headers,
      body: String(decoding: body, as: UTF8.self))
  }

  /// SOCKS 5 without authentication, connecting to nowhere but itself.
  private func shakeHands(_ connection: Int32) -> Bool {
    guard let greeting = read(2, connection), greeting[0] == 5,
      read(Int(greeting[1]), connection) != nil, write([5, 0], connection),
      let request = read(5, connection), request[3] == 3,
      let name = read(Int(request[4]), connection), read(2, connection) != nil
    else { return false }
    seen.withLock { $0.names.append(String(decoding: name, as: UTF8.self)) }
    return write([5, 0, 0, 1, 0, 0, 0, 0, 0, 0], connection)
  }
}
