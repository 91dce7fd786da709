import Dispatch
import Foundation
import Glibc

/// An HTTP answer.
struct HTTPAnswer: Sendable {
  var status: Int
  /// By lower-case name.
  var headers: [String: String]
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(body))
    } catch {
      throw Problem("not a \(type): \(text.prefix(600)) (\(error))")
    }
  }
}

/// A client of one local port: a connection per call, so that nothing is remembered between the
/// lives of a server, and raw bytes wherever a test wants to misbehave.
struct HTTPClient: Sendable {
  let port: Int
  var timeoutSeconds = 15

  func get(_ path: String, headers: [String: String] = [:]) async throws -> HTTPAnswer {
    try await call("GET", path, headers: headers)
  }

  func post(
    _ path: String, _ body: String, headers: [String: String] = [:]
  ) async throws -> HTTPAnswer {
    try await call(
      "POST", path, headers: ["Content-Type": "application/json"].merging(headers) { $1 },
      body: body)
  }

  func call(
    _ method: String, _ path: String, headers: [String: String] = [:], body: String? = nil
  ) async throws -> HTTPAnswer {
    var lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)", "Connection: close"]
    lines += headers.map { "\($0.key): \($0.value)" }
    if let body { lines.append("Content-Length: \(body.utf8.count)") }
    let head = lines.joined(separator: "\r\n") + "\r\n\r\n"
    return try await send(Array((head + (body ?? "")).utf8))
  }

  /// Sends exactly these bytes and reads until the server closes.
  func send(_ request: [UInt8]) async throws -> HTTPAnswer {
    // Blocking calls have no place on the threads that run async code.
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Result { try exchange(request) })
      }
    }
  }

  private func exchange(_ request: [UInt8]) throws -> HTTPAnswer {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Problem("no socket") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    var address = loopback(port: port)
    let connected = withSocketAddress(&address) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
    guard connected else { throw Problem("nobody listens on port \(port)") }
    try write(request, to: descriptor)
    return try parse(readAll(from: descriptor))
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
          Int32(MSG_NOSIGNAL))
      }
      // A server may answer and close before it read everything (413); its answer still counts.
      guard count > 0 else { return }
      sent += count
    }
  }

  private func readAll(from descriptor: Int32) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || (errno == ECONNRESET && !bytes.isEmpty) {
        return bytes
      } else {
        throw Problem("port \(port): \(String(cString: strerror(errno)))")
      }
    }
  }

  private func parse(_ bytes: [UInt8]) throws -> HTTPAnswer {
    guard let end = Data(bytes).firstRange(of: Data("\r\n\r\n".utf8)) else {
      throw Problem("port \(port): no HTTP answer but \(bytes.count) bytes")
    }
    let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
    guard let status else { throw Problem("port \(port): \(lines[0])") }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      headers[line[..<colon].lowercased()] = value
    }
    guard headers["transfer-encoding"] == nil else {
      throw Problem("port \(port): a chunked answer, which this client does not read")
    }
    let body = Array(bytes[end.upperBound...])
    if let length = headers["content-length"].flatMap({ Int($0) }), length != body.count {
      throw Problem("port \(port): \(body.count) of \(length) bytes")
    }
    return HTTPAnswer(status: status, headers: headers, body: body)
  }
}
