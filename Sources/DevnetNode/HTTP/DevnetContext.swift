import Hummingbird
import NIOCore

/// A request's context that knows its connection, so that a fault can cut it.
struct DevnetContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Cuts the connection without an answer.
  func cutConnection() async {
    do {
      try await channel.close()
    } catch {
      logger.debug("The connection was gone already", metadata: ["error": "\(error)"])
    }
  }
}
