import HTTPTypes
import Hummingbird
import NIOCore
import Payouts

extension Request {
  /// Reads the body as JSON, within bounds.
  func json(maximumBytes: Int) async throws -> JSONValue {
    try checkMediaType()
    let tooLarge = APIError(
      Refusal(
        .payloadTooLarge,
        details: [JSONMember("maximum_bytes", .number(String(maximumBytes)))]),
      // What follows is not read; the connection is of no more use.
      headers: [.connection: "close"])
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > maximumBytes {
      throw tooLarge
    }
    let buffer: ByteBuffer
    do {
      buffer = try await body.collect(upTo: maximumBytes)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    } catch is RequestTimeout {
      throw APIError(Refusal(.requestTimeout), headers: [.connection: "close"])
    }
    do {
      return try JSONReader.read(Array(buffer.readableBytesView))
    } catch {
      throw APIError(Refusal(error))
    }
  }

  /// JSON, in UTF-8 if it says so, not compressed.
  private func checkMediaType() throws(APIError) {
    let types = headers[values: .contentType]
    guard types.count == 1, Self.isJSON(types[0]) else {
      throw Self.unsupported("Content-Type must be application/json")
    }
    let encodings = headers[values: .contentEncoding]
    guard encodings.allSatisfy({ $0.lowercased() == "identity" }) else {
      throw Self.unsupported("Content-Encoding is not supported")
    }
  }

  private static func unsupported(_ message: String) -> APIError {
    APIError(
      Refusal(.unsupportedMediaType, reason: "not_json", message: message),
      headers: [.accept: "application/json"])
  }

  static func isJSON(_ type: String) -> Bool {
    if type == "application/json" { return true }
    let parts = type.lowercased().split(separator: ";", omittingEmptySubsequences: false)
      .map { $0.filter { $0 != " " && $0 != "\t" } }
    guard parts.first == "application/json" else { return false }
    return parts.dropFirst().allSatisfy {
      $0 == "charset=utf-8" || $0 == #"charset="utf-8""#
    }
  }
}
