import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// A request's body did not come within its time.
struct RequestTimeout: Error {}

/// Ends what clients are slow with, so that they cannot hold connections: a body must be complete
/// within a deadline, what follows an answer that did not need it is read for a moment only, and
/// answers must be taken.
///
/// (Slow heads are caught by the server's idle time-out: no head, no sign of life.)
final class SlowRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long a connection may be slow with what.
  struct Limits: Sendable {
    /// With a body.
    var body: TimeAmount
    /// With the rest of a body that is not needed.
    var lingering: TimeAmount
    /// With reading so much of our answers that there is room for more.
    var reading: TimeAmount
  }

  private let limits: Limits
  private var requests = 0
  private var answers = 0
  private var isOpen = false
  private var bodyTimer: Scheduled<Void>?
  private var readingTimer: Scheduled<Void>?

  init(_ limits: Limits) { self.limits = limits }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      requests += 1
      isOpen = true
    case .body: break
    case .end:
      isOpen = false
      stopBodyTimer()
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isOpen, bodyTimer == nil {
      bodyTimer = after(limits.body, context) { handler in
        // Whoever reads the body answers 408. Should nobody answer, the connection ends anyway.
        handler.bodyTimer = handler.after(handler.limits.body, context) { _ in
          context.close(promise: nil)
        }
        context.fireErrorCaught(RequestTimeout())
      }
    }
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      answers += 1
      // Pipelined answers belong to earlier requests than the open one.
      if isOpen, answers == requests {
        stopBodyTimer()
        bodyTimer = after(limits.lingering, context) { _ in context.close(promise: nil) }
      }
    }
    context.write(data, promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stopReadingTimer()
    } else if readingTimer == nil {
      readingTimer = after(limits.reading, context) { _ in context.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  private func after(
    _ time: TimeAmount, _ context: ChannelHandlerContext,
    _ act: @escaping (SlowRequestHandler) -> Void
  ) -> Scheduled<Void> {
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { act(self) }
  }

  private func stop() {
    stopBodyTimer()
    stopReadingTimer()
  }

  private func stopBodyTimer() {
    bodyTimer?.cancel()
    bodyTimer = nil
  }

  private func stopReadingTimer() {
    readingTimer?.cancel()
    readingTimer = nil
  }
}
