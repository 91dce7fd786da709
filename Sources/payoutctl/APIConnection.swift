import Foundation
import Payouts

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// An answer of the API, whatever its status.
struct APIAnswer {
  var status: Int
  var body: Data
  /// By lower-case name.
  var headers: [String: String]

  /// The body; numbers stay as they are spelled.
  func json() throws -> JSONValue {
    do {
      return try JSONReader.read(Array(body))
    } catch {
      throw CommandFailure("status \(status), and the answer is not JSON")
    }
  }

  /// How long a limit or the circuit breaker keeps the request from being admitted; `nil` when it
  /// is not refused by what holds now. An amount above the limit itself never fits.
  var secondsUntilAdmitted: Double? {
    guard status == 400, let advice = headers["retry-after"].flatMap({ UInt32($0) }) else {
      return nil
    }
    let seconds = Double(advice)
    do {
      let details = try JSONReader.read(Array(body))["error"]?["details"]
      guard let limit = details?["limit"]?.micro, let requested = details?["requested"]?.micro
      else { return seconds }
      return requested > limit ? nil : seconds
    } catch {
      return seconds
    }
  }

  /// The error in one line.
  var failure: CommandFailure {
    let error: JSONValue?
    do {
      error = try JSONReader.read(Array(body))["error"]
    } catch {
      return CommandFailure("status \(status), and the answer is not JSON: \(error.reason)")
    }
    let details = error?["details"].map { JSONText($0).text } ?? ""
    return CommandFailure(
      "\(status) \(error?["code"]?.text ?? ""): \(error?["message"]?.text ?? "no message") \(details)"
    )
  }
}

/// The REST API at an address, called with a token.
struct APIConnection {
  /// Ends with `/api/payment`.
  let base: String
  let token: String

  /// - Parameters:
  ///   - api: `nil` for `http://HTTP_HOST:HTTP_PORT`.
  ///   - tokenFile: Holds a bearer token.
  init(api: String?, tokenFile: String) throws {
    if let api {
      base = api
    } else {
      let http = try SystemAccess().settings.http
      base = "http://\(http.host):\(http.port)/api/payment"
    }
    guard let data = FileManager.default.contents(atPath: tokenFile) else {
      throw CommandFailure("--token-file: cannot read \(tokenFile)")
    }
    token = String(decoding: data, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// One call; throws when there is no answer.
  func send(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    body: Data? = nil, headers: [String: String] = [:]
  ) async throws -> APIAnswer {
    let query = query.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
    guard let url = URL(string: base + path + (query.isEmpty ? "" : "?\(query)")) else {
      throw CommandFailure("not a URL: \(base)")
    }
    var request = URLRequest(url: url, timeoutInterval: 60)
    request.httpMethod = method
    request.httpBody = body
    request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
    if body != nil { request.setValue("application/json", forHTTPHeaderField: "Content-Type") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    let (data, response) = try await URLSession.shared.data(for: request)
    let answer = response as? HTTPURLResponse
    var fields: [String: String] = [:]
    for (name, value) in answer?.allHeaderFields ?? [:] {
      fields["\(name)".lowercased()] = "\(value)"
    }
    return APIAnswer(status: answer?.statusCode ?? 0, body: data, headers: fields)
  }

  /// Everything but letters, digits and `-._~`, so that a plus stays a plus.
  static func escaped(_ text: String) -> String {
    text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        String(Unicode.Scalar(byte))
      default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }.joined()
  }
}

/// Repeats a call that may be repeated while the API is busy or away.
struct Patience {
  // LIMIT: what a server may ask us to wait at a time.
  private static let longestWaitSeconds = 60.0
  private static let waitWithoutAdvice = 2.0

  /// How long in all.
  var seconds: Double

  /// The first answer that is not "come back later", or the last one of those.
  func call(
    waiting: (String) -> Void = { _ in }, _ send: () async throws -> APIAnswer
  ) async throws -> APIAnswer {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      do {
        let answer = try await send()
        if let seconds = answer.secondsUntilAdmitted {
          guard deadline.timeIntervalSinceNow > seconds else { return answer }
          try await rest(seconds, waiting, "a limit or the circuit breaker")
          continue
        }
        guard [409, 429, 503].contains(answer.status), Date() < deadline else { return answer }
        let advice = answer.headers["retry-after"].flatMap { Double($0) }
        try await rest(advice ?? Self.waitWithoutAdvice, waiting, "status \(answer.status)")
      } catch let error as CommandFailure {
        throw error
      } catch let error as URLError {
        guard Date() < deadline else {
          throw CommandFailure("the API cannot be reached: \(error.localizedDescription)")
        }
        try await rest(Self.waitWithoutAdvice, waiting, "no answer")
      }
    }
  }

  private func rest(
    _ seconds: Double, _ waiting: (String) -> Void, _ why: String
  ) async throws {
    let wait = min(max(seconds, 0.5), Self.longestWaitSeconds)
    waiting("\(why), waiting \(Int(wait.rounded(.up))) s")
    try await Task.sleep(for: .seconds(wait))
  }
}

extension JSONValue {
  /// A number with at most six decimals, in millionths.
  fileprivate var micro: Int64? {
    guard case .number(let text) = self else { return nil }
    let parts = text.split(separator: ".", maxSplits: 1)
    let fraction = parts.count > 1 ? parts[1] : ""
    guard let whole = parts.first, fraction.utf8.count <= 6 else { return nil }
    return Int64(whole + fraction + String(repeating: "0", count: 6 - fraction.utf8.count))
  }
}
