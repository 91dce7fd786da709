import Foundation

extension TransactionReport {
  /// The same for people.
  var rows: [(name: String, value: String?)] {
    let head: [(name: String, value: String?)] = [
      ("txid", txid), ("type", type), ("owner", owner), ("contract", contract),
      ("method", call?.method), ("recipient", call?.recipient), ("amount", amountText),
      ("asset", call?.asset), ("call value", call?.callValue.map { "\($0) sun" }),
      ("token value", call?.callTokenValue.map { "\($0) of token \(call?.tokenId ?? 0)" }),
      ("call data", call?.recipient == nil ? call?.data : nil),
      ("fee limit", "\(feeLimit) sun (\(Self.decimal(String(feeLimit))) TRX)"),
      ("timestamp", Self.time(timestamp)), ("expiration", Self.time(expiration)),
      ("ref block", "\(refBlockBytes) \(refBlockHash)"), ("memo", memo),
      ("permission", permissionId == 0 ? nil : String(permissionId)),
      ("contracts", contractCount == 1 ? nil : String(contractCount)),
      ("plain transfer", plainTransfer ? "yes" : "no"),
    ]
    let tail = zip(signatures, signers).flatMap { signature, signer in
      [
        (name: "signature", value: Optional(signature)),
        (name: "  by", value: Optional(signer ?? "nobody")),
      ]
    }
    return head + tail
  }

  private var amountText: String? {
    call?.amount.map { amount in
      switch call?.method {
      case "transfer": "\(amount) (\(Self.decimal(amount)) if the token has 6 decimals)"
      case "TransferContract": "\(amount) sun (\(Self.decimal(amount)) TRX)"
      default: amount
      }
    }
  }

  /// Millionths as a decimal number.
  private static func decimal(_ digits: String) -> String {
    let sign = digits.hasPrefix("-") ? "-" : ""
    let plain = String(digits.dropFirst(sign.count))
    let padded = String(repeating: "0", count: max(0, 7 - plain.count)) + plain
    return "\(sign)\(padded.dropLast(6)).\(padded.suffix(6))"
  }

  private static func time(_ milliseconds: Int64) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    // LIMIT: outside these years (1970 to 9999) the number alone says enough.
    guard (0...253_402_300_799_000).contains(milliseconds) else { return String(milliseconds) }
    return "\(milliseconds) (\(date.formatted(.iso8601)))"
  }
}
