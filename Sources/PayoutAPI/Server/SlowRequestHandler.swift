import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections whose request does not end: a body must be complete within a deadline, and
/// what follows an answer that did not need it is read for a moment only.
///
/// (Slow heads are caught by the server's idle time-out: no head, no sign of life.)
final class SlowRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let bodyDeadline: TimeAmount
  private let lingering: TimeAmount
  private var requests = 0
  private var answers = 0
  private var isOpen = false
  private var timer: Scheduled<Void>?

  init(bodyDeadline: TimeAmount, lingering: TimeAmount) {
    self.bodyDeadline = bodyDeadline
    self.lingering = lingering
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      requests += 1
      isOpen = true
    case .body: break
    case .end:
      isOpen = false
      stop()
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if isOpen, timer == nil { close(context, in: bodyDeadline) }
    context.fireChannelReadComplete()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) {
      answers += 1
      // Pipelined answers belong to earlier requests than the open one.
      if isOpen, answers == requests {
        stop()
        close(context, in: lingering)
      }
    }
    context.write(data, promise: promise)
  }

  func handlerRemoved(context: ChannelHandlerContext) { stop() }

  func channelInactive(context: ChannelHandlerContext) {
    stop()
    context.fireChannelInactive()
  }

  private func close(_ context: ChannelHandlerContext, in time: TimeAmount) {
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
      context.close(promise: nil)
    }
  }

  private func stop() {
    timer?.cancel()
    timer = nil
  }
}
