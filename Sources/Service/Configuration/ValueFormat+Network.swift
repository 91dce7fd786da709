import Foundation
import Tron

/// A host and a port to connect to.
public struct HostPort: Hashable, Sendable, CustomStringConvertible {
  /// Name or address, an IPv6 address without brackets.
  public var host: String
  /// Port, 1 to 65535.
  public var port: Int

  /// Collects the parts.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`, an IPv6 address in brackets.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension ValueFormat where Value == [HostPort] {
  /// `host:port`, separated by commas.
  static var hostPorts: Self {
    Self { text throws(Malformed) in
      let rule = Malformed("must be host:port, several separated by commas")
      var result: [HostPort] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let part = part.trimmingCharacters(in: .whitespaces)
        guard let colon = part.lastIndex(of: ":"),
          let port = decimal(String(part[part.index(after: colon)...])), (1...65535).contains(port)
        else { throw rule }
        var host = String(part[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
          host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
          throw rule
        }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x2f }) else {
          throw rule
        }
        result.append(HostPort(host: host, port: port))
      }
      return result
    }
  }
}

extension ValueFormat where Value == [String] {
  /// Base URLs separated by commas, without a slash at the end; no host and port twice, for these
  /// two name a node in logs, metrics and proofs.
  static var baseURLs: Self {
    Self { text throws(Malformed) in
      var result: [String] = []
      var places: Set<String> = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        var url = try httpURL(part.trimmingCharacters(in: .whitespaces))
        while url.hasSuffix("/") { url.removeLast() }
        guard places.insert(place(of: url)).inserted else {
          throw Malformed("must name every node once: two have one host and port")
        }
        result.append(url)
      }
      return result
    }
  }
}

extension ValueFormat where Value == [String] {
  /// Origins as browsers send them, separated by commas: scheme, host, a port that is not the
  /// scheme's own, nothing else.
  static var origins: Self {
    Self { text throws(Malformed) in
      var result: [String] = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        let origin = part.trimmingCharacters(in: .whitespaces)
        let url = URLComponents(string: try httpURL(origin))
        let usual = url?.scheme == "https" ? 443 : 80
        guard url?.path == "", url?.port != usual, origin == origin.lowercased() else {
          throw Malformed("must be origins in lower case, as https://app.example.com")
        }
        result.append(origin)
      }
      return result
    }
  }
}

extension ValueFormat where Value == String {
  /// One `http` or `https` URL.
  static var url: Self { Self { text throws(Malformed) in try httpURL(text) } }
}

extension ValueFormat where Value == SensitiveText {
  /// A MongoDB connection string.
  static var mongoURI: Self {
    Self { text throws(Malformed) in
      guard text.hasPrefix("mongodb://") || text.hasPrefix("mongodb+srv://"),
        text.utf8.count <= 4096, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
      else { throw Malformed("must begin with mongodb:// or mongodb+srv:// and hold no spaces") }
      return SensitiveText(text)
    }
  }

  /// A proxy that libcurl understands.
  static var proxy: Self {
    Self { text throws(Malformed) in
      let schemes = ["socks5h", "socks5", "http", "https"]
      guard let url = URLComponents(string: text), let scheme = url.scheme,
        schemes.contains(scheme), url.host?.isEmpty == false, url.port != nil
      else { throw Malformed("must be socks5h://host:port (or socks5, http, https)") }
      return SensitiveText(text)
    }
  }
}

/// Checks one URL: a scheme, a host, no credentials, no query.
private func httpURL(_ text: String) throws(Malformed) -> String {
  guard let url = URLComponents(string: text), let scheme = url.scheme,
    ["http", "https"].contains(scheme), url.host?.isEmpty == false
  else { throw Malformed("must be a URL that begins with http:// or https://") }
  guard url.user == nil, url.password == nil else {
    throw Malformed("must not carry a user name or a password")
  }
  guard url.query == nil, url.fragment == nil else {
    throw Malformed("must not carry a query or a fragment")
  }
  return text
}

/// Host and port of a URL that was checked.
private func place(of url: String) -> String {
  let parts = URLComponents(string: url)
  let port = parts?.port ?? (parts?.scheme == "https" ? 443 : 80)
  return "\(parts?.host?.lowercased() ?? url):\(port)"
}
