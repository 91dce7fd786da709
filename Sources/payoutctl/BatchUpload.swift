import Crypto
import Foundation
import Glibc
import Payouts
import Tron

/// Sends the chunks of a sheet one after the other, each until it is accepted or refused.
struct BatchUpload {
  let connection: APIConnection
  let patience: Patience
  let label: String

  /// What was accepted, in order, and what stopped it; repeating the same rows is safe.
  func send(
    _ chunks: [PayoutSheet.Chunk]
  ) async -> (accepted: [BatchReport.Batch], BatchReport.Stop?) {
    var accepted: [BatchReport.Batch] = []
    var seen: [String: Int] = [:]
    defer { progress("") }
    for (number, chunk) in chunks.enumerated() {
      let place = "batch \(number + 1) of \(chunks.count)"
      progress("\(place): sending")
      do {
        let digest = digest(of: chunk)
        let batch = try await send(chunk, key: "csv-\(digest)-\(seen[digest, default: 0])") {
          progress("\(place): \($0)")
        }
        accepted.append(batch)
        seen[digest, default: 0] += 1
      } catch {
        return (
          accepted,
          BatchReport.Stop(
            reason: "\(place): \(error)", lines: chunk.lines, isFinal: error is Refused,
            waitSeconds: (error as? NotNow)?.seconds)
        )
      }
    }
    return (accepted, nil)
  }

  /// Names the request, not the file: an accepted batch keeps its key when other rows are corrected.
  private func digest(of chunk: PayoutSheet.Chunk) -> String {
    let text = Array(label.utf8) + [0] + JSONText(chunk.body.canonical).bytes
    return hexString(Array(SHA256.hash(data: text)))
  }

  /// The API will never accept this batch as it is.
  private struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  /// A limit is used up, or the circuit breaker is open; the same batch may be accepted later.
  private struct NotNow: Error, CustomStringConvertible {
    let description: String
    let seconds: Double
  }

  private func send(
    _ chunk: PayoutSheet.Chunk, key: String, waiting: (String) -> Void
  ) async throws -> BatchReport.Batch {
    let body = Data(JSONText(chunk.body).bytes)
    let answer = try await patience.call(waiting: waiting) {
      try await connection.send(
        "POST", "/payouts/batch", body: body, headers: ["Idempotency-Key": key])
    }
    guard answer.status == 201 else {
      if let seconds = answer.secondsUntilAdmitted {
        throw NotNow(description: answer.failure.description, seconds: seconds)
      }
      // What is wrong with the batch itself; anything else may pass.
      guard [400, 413, 422].contains(answer.status) else { throw answer.failure }
      throw Refused(description: answer.failure.description)
    }
    guard let id = try answer.json()["batch_id"]?.text else {
      throw CommandFailure("an answer without batch_id")
    }
    return BatchReport.Batch(
      batchID: id, lines: chunk.lines, payouts: chunk.count, amountUSDT: chunk.amount.decimalText,
      isReplayed: answer.headers["idempotency-replayed"] == "true")
  }

  /// One line that replaces itself, on a terminal only.
  private func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }
}
