import Foundation
import Glibc
import Payouts

/// Sends the chunks of a sheet one after the other, each until it is accepted or refused.
struct BatchUpload {
  let connection: APIConnection
  let patience: Patience
  let keyPrefix: String

  /// What was accepted, in order, and what stopped it; repeating everything is safe.
  func send(_ chunks: [PayoutSheet.Chunk]) async -> (accepted: [BatchReport.Batch], String?) {
    var accepted: [BatchReport.Batch] = []
    defer { progress("") }
    for (number, chunk) in chunks.enumerated() {
      let place = "batch \(number + 1) of \(chunks.count)"
      progress("\(place): sending")
      do {
        let batch = try await send(chunk, key: "\(keyPrefix)-\(number)") {
          progress("\(place): \($0)")
        }
        accepted.append(batch)
      } catch {
        return (accepted, "\(place): \(error)")
      }
    }
    return (accepted, nil)
  }

  private func send(
    _ chunk: PayoutSheet.Chunk, key: String, waiting: (String) -> Void
  ) async throws -> BatchReport.Batch {
    let body = Data(JSONText(chunk.body).bytes)
    let answer = try await patience.call(waiting: waiting) {
      try await connection.send(
        "POST", "/payouts/batch", body: body, headers: ["Idempotency-Key": key])
    }
    guard answer.status == 201 else { throw answer.failure }
    guard let id = try answer.json()["batch_id"]?.text else {
      throw CommandFailure("an answer without batch_id")
    }
    return BatchReport.Batch(
      batchID: id, payouts: chunk.count, amountUSDT: chunk.amount.decimalText,
      isReplayed: answer.headers["idempotency-replayed"] == "true")
  }

  /// One line that replaces itself, on a terminal only.
  private func progress(_ text: String) {
    guard isatty(STDERR_FILENO) == 1 else { return }
    FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
  }
}
