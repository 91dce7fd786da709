import Glibc

/// Local ports that nobody listens on now; all are held until all are chosen.
///
/// They are below those that the kernel gives to outgoing connections: a worker that was killed
/// must find its port free when it is started again.
func freePorts(_ count: Int) throws -> [Int] {
  var sockets: [Int32] = []
  defer { sockets.forEach { close($0) } }
  var ports: [Int] = []
  for port in (20_000..<32_000).shuffled() where ports.count < count {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Problem("no socket") }
    sockets.append(descriptor)
    var address = loopback(port: port)
    let isFree = withSocketAddress(&address) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
    }
    if isFree { ports.append(port) }
  }
  guard ports.count == count else { throw Problem("no \(count) free ports") }
  return ports
}

/// 127.0.0.1 and a port.
func loopback(port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return address
}

/// Gives the address as the C calls want it.
func withSocketAddress<Result>(
  _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
) -> Result {
  withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
  }
}

/// Whether something listens on a local port.
func acceptsConnections(port: Int) -> Bool {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = loopback(port: port)
  return withSocketAddress(&address) {
    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
  }
}
