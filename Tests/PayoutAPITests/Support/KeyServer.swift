import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A little HTTP server that publishes keys, or does something else instead.
final class KeyServer: Sendable {
  /// What it does when it is asked.
  enum Mood: Sendable {
    case publishing(String)
    case status(Int)
    case redirecting(to: String)
    /// Sends the head of an answer and then more and more, for ever.
    case endless
    /// Takes the request and says nothing.
    case silent
  }

  private struct State {
    var mood: Mood
    var requests = 0
    var channel: (any Channel)?
    var port = 0
  }
  private let state: Mutex<State>

  init(_ mood: Mood) { state = Mutex(State(mood: mood)) }

  var url: String { "http://127.0.0.1:\(state.withLock(\.port))/keys" }
  var requests: Int { state.withLock(\.requests) }
  func set(_ mood: Mood) { state.withLock { $0.mood = mood } }

  /// Takes a port; the second time the same one.
  func start() async throws {
    let port = state.withLock(\.port)
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Handler(self))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    state.withLock { state in
      state.channel = channel
      state.port = channel.localAddress?.port ?? 0
    }
  }

  func stop() async throws {
    let channel = state.withLock { state in
      defer { state.channel = nil }
      return state.channel
    }
    try await channel?.close()
  }

  private func asked() -> Mood {
    state.withLock { state in
      state.requests += 1
      return state.mood
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart
    private let server: KeyServer

    init(_ server: KeyServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      switch server.asked() {
      case .publishing(let text): answer(context, 200, text)
      case .status(let code): answer(context, code, "")
      case .redirecting(let place): answer(context, 302, "", ["Location": place])
      case .silent: break
      case .endless:
        head(context, 200, ["Content-Type": "application/json"])
        more(context)
      }
    }

    private func head(
      _ context: ChannelHandlerContext, _ status: Int, _ headers: HTTPHeaders
    ) {
      let head = HTTPResponseHead(
        version: .http1_1, status: .init(statusCode: status), headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func answer(
      _ context: ChannelHandlerContext, _ status: Int, _ text: String, _ extra: HTTPHeaders = [:]
    ) {
      var headers = extra
      headers.add(name: "Content-Length", value: String(text.utf8.count))
      head(context, status, headers)
      context.write(
        wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func more(_ context: ChannelHandlerContext) {
      let spaces = ByteBuffer(repeating: UInt8(ascii: " "), count: 100_000)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(spaces)))).whenSuccess {
        let (handler, context) = bound.value
        handler.more(context)
      }
    }
  }
}
