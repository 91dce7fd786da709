import Foundation

/// Answers every connection with the same 400, whatever is asked.
final class RefusingServer: Sendable {
  let port: UInt16
  private let listener: Int32

  struct Failure: Error {
    var code = errno
  }

  init(body: String, retryAfter: String?) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw Failure() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(listener, address, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, address, &length) == 0
      }
    }
    guard result else { throw Failure() }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    let advice = retryAfter.map { "Retry-After: \($0)\r\n" } ?? ""
    let answer = Array(
      ("HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\n\(advice)Connection: close\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    Thread.detachNewThread { Self.serve(listener, answer) }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private static func serve(_ listener: Int32, _ answer: [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else {
        close(listener)
        return
      }
      // A request of one row arrives whole, head and body.
      var request: [UInt8] = []
      while !request.contains(UInt8(ascii: "]")) {
        let count = recv(connection, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        request += buffer[..<count]
      }
      _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL))
      shutdown(connection, Int32(SHUT_WR))
      while recv(connection, &buffer, buffer.count, 0) > 0 {}
      close(connection)
    }
  }
}
