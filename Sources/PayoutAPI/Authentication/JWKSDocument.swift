import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Fetches a document of public keys.
struct JWKSDocument: Sendable {
  // LIMIT: a document of public keys; a larger one is something else.
  static let maximumBytes = 1 << 20
  // LIMIT: from the first byte sent to the last one read.
  private static let deadline = Duration.seconds(5)

  let url: String

  /// The address, if keys may come from there: whoever can change them on their way can make tokens.
  init(url: String) throws(TokenKeysFault) {
    guard let components = URLComponents(string: url), let host = components.host, !host.isEmpty
    else { throw TokenKeysFault("the address is not a URL") }
    let isSafe =
      switch components.scheme {
      case "https": true
      case "http": ["127.0.0.1", "::1", "[::1]", "localhost"].contains(host)
      default: false
      }
    guard isSafe else {
      throw TokenKeysFault("keys are fetched by https, or by http from this machine only")
    }
    self.url = url
  }

  /// The document as it is published now.
  func fetch() async throws(TokenKeysFault) -> [UInt8] {
    do {
      return try await withThrowingTaskGroup(of: [UInt8].self) { group in
        group.addTask { try await read() }
        group.addTask {
          try await Task.sleep(for: Self.deadline)
          throw TokenKeysFault("the keys did not come within \(Self.deadline)")
        }
        defer { group.cancelAll() }
        guard let document = try await group.next() else {
          throw TokenKeysFault("the keys were not asked for")
        }
        return document
      }
    } catch let fault as TokenKeysFault {
      throw fault
    } catch is CancellationError {
      throw TokenKeysFault("fetching the keys was given up")
    } catch {
      throw TokenKeysFault("the keys cannot be fetched: \(error)")
    }
  }

  /// A client of its own each time: it is every few minutes, and nothing is left to be shut down.
  private func read() async throws -> [UInt8] {
    var configuration = HTTPClient.Configuration()
    // Not followed: only the configured address is trusted.
    configuration.redirectConfiguration = .disallow
    configuration.timeout = .init(connect: .seconds(3), read: .seconds(3))
    return try await HTTPClient.withHTTPClient(configuration: configuration) { client in
      var request = HTTPClientRequest(url: url)
      request.headers.add(name: "Accept", value: "application/jwk-set+json, application/json")
      let answer = try await client.execute(request, timeout: TimeAmount(Self.deadline))
      guard answer.status == .ok else {
        throw TokenKeysFault("the keys were answered with status \(answer.status.code)")
      }
      do {
        return Array(try await answer.body.collect(upTo: Self.maximumBytes).readableBytesView)
      } catch is NIOTooManyBytesError {
        throw TokenKeysFault("the document of keys is larger than 1 MiB")
      }
    }
  }
}
