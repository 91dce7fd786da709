import NIOCore

/// Names the other end of a connection, for counting its requests.
enum PeerAddress {
  /// An IPv4 address; of an IPv6 address the first half, since whoever has one address has the
  /// whole network of the second half.
  static func subject(_ address: SocketAddress?) -> String {
    switch address {
    case .v4(let address): return dotted(withUnsafeBytes(of: address.address.sin_addr, Array.init))
    case .v6(let address):
      let bytes = withUnsafeBytes(of: address.address.sin6_addr, Array.init)
      let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [255, 255]
      return isMapped ? dotted(Array(bytes.suffix(4))) : network(bytes)
    case .unixDomainSocket, nil: return "local"
    }
  }

  private static func dotted(_ bytes: [UInt8]) -> String {
    bytes.map { String($0) }.joined(separator: ".")
  }

  private static func network(_ bytes: [UInt8]) -> String {
    stride(from: 0, to: 8, by: 2)
      .map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
      .joined(separator: ":") + "::/64"
  }
}
