import CLibcurl
import Foundation

/// Carries HTTP calls to nodes: one thread, connections kept open, everything bounded. One per
/// process is enough for any number of nodes.
public final class NodeTransport: Sendable {
  /// Bounds and the way out.
  public struct Options: Sendable {
    /// How long connecting may take.
    public var connectTimeout: Duration = .seconds(3)
    /// How long a call may take in all, including the wait for its turn.
    public var timeout: Duration = .seconds(10)
    /// The largest answer that is read.
    public var maximumBodyBytes = 64 << 20
    /// Calls under way to one node; more of them wait.
    public var callsPerNode = 32
    /// Calls that wait; more of them fail at once.
    public var queueLimit = 1024
    /// `TRON_PROXY`, such as `socks5h://127.0.0.1:9050`; may hold a password, never printed.
    public var proxy: String?
    /// Told of every call when it ended, for metrics.
    public var onCall: (@Sendable (NodeCall) -> Void)?

    /// The defaults, without a proxy.
    public init() {}
  }

  /// How busy it is.
  public struct Load: Hashable, Sendable {
    /// Calls under way.
    public var active: Int
    /// Calls that wait for their turn.
    public var waiting: Int
  }

  let options: Options
  private let inbox: TransferInbox

  /// Starts the thread.
  public init(_ options: Options = Options()) throws(NodeSettingsError) {
    if let proxy = options.proxy { try Self.check(proxy: proxy) }
    guard Self.isInitialised, let inbox = TransferInbox(limit: options.queueLimit) else {
      throw NodeSettingsError(reason: "libcurl cannot be initialised")
    }
    self.options = options
    self.inbox = inbox
    let thread = Thread { TransferEngine(inbox: inbox, options: options).run() }
    thread.name = "tron-node"
    thread.start()
  }

  deinit { close() }

  /// Ends the thread and every call under way; later calls fail.
  public func close() { inbox.close() }

  /// How busy it is now.
  public var load: Load { inbox.load }

  /// Posts JSON. A cancelled task stops waiting at once; the call goes on to its end.
  func post(_ request: HTTPRequest) async throws(TransportFault) -> HTTPAnswer {
    let transfer = Transfer(request, deadline: .now + options.timeout)
    return try await transfer.answer { inbox.submit($0) }
  }

  private static let isInitialised = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private static func check(proxy: String) throws(NodeSettingsError) {
    let schemes = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
    guard let scheme = proxy.range(of: "://").map({ proxy[..<$0.lowerBound] }),
      schemes.contains(scheme.lowercased())
    else {
      throw NodeSettingsError(
        reason: "the proxy must be like socks5h://host:port; schemes: \(schemes)")
    }
  }
}

/// A call that ended, for metrics.
public struct NodeCall: Sendable {
  /// Host and port of the node.
  public var node: String
  /// The method's path, such as `wallet/getnowblock`.
  public var method: String
  /// How long it took, including the wait for its turn.
  public var duration: Duration
  /// `ok`, or the code of the error.
  public var result: String
}

/// What to ask.
struct HTTPRequest: Sendable {
  /// Calls are counted and bounded by node.
  var node: String
  var url: String
  var headers: [String]
  var body: String
}

/// What came back, whatever the status.
struct HTTPAnswer: Sendable {
  var status: Int
  var body: [UInt8]
}

/// Why no answer came back.
struct TransportFault: Error {
  enum Kind {
    case notSent, timeout, connection, tooLarge, cancelled
  }

  var kind: Kind
  var reason: String
}
