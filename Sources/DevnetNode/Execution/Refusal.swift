/// What a node answers to a broadcast, by the numbers of the API.
enum BroadcastCode: Int, Sendable, CaseIterable {
  case success = 0
  case signatureError = 1
  case contractValidateError = 2
  case contractExecutionError = 3
  case bandwidthError = 4
  case duplicateTransaction = 5
  case taposError = 6
  case tooBig = 7
  case expired = 8
  case serverBusy = 9
  case noConnection = 10
  case notEnoughEffectiveConnection = 11
  case blockUnsolidified = 12
  case otherError = 20

  /// The name in the API (BANDWITH is theirs).
  var name: String {
    switch self {
    case .success: "SUCCESS"
    case .signatureError: "SIGERROR"
    case .contractValidateError: "CONTRACT_VALIDATE_ERROR"
    case .contractExecutionError: "CONTRACT_EXE_ERROR"
    case .bandwidthError: "BANDWITH_ERROR"
    case .duplicateTransaction: "DUP_TRANSACTION_ERROR"
    case .taposError: "TAPOS_ERROR"
    case .tooBig: "TOO_BIG_TRANSACTION_ERROR"
    case .expired: "TRANSACTION_EXPIRATION_ERROR"
    case .serverBusy: "SERVER_BUSY"
    case .noConnection: "NO_CONNECTION"
    case .notEnoughEffectiveConnection: "NOT_ENOUGH_EFFECTIVE_CONNECTION"
    case .blockUnsolidified: "BLOCK_UNSOLIDIFIED"
    case .otherError: "OTHER_ERROR"
    }
  }

  init?(name: String) {
    guard let code = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = code
  }
}

/// Why the node did not take a transaction; nothing of it stays.
struct Refusal: Error, Equatable, Sendable {
  let code: BroadcastCode
  let message: String

  static func signature(_ reason: String) -> Refusal {
    Refusal(code: .signatureError, message: "Validate signature error: \(reason)")
  }

  static func contract(_ reason: String) -> Refusal {
    Refusal(code: .contractValidateError, message: "Contract validate error : \(reason)")
  }

  static func execution(_ reason: String) -> Refusal {
    Refusal(code: .contractExecutionError, message: "Contract execute error : \(reason)")
  }

  static func other(_ reason: String) -> Refusal {
    Refusal(code: .otherError, message: "Error: \(reason)")
  }

  static let bandwidth = Refusal(
    code: .bandwidthError, message: "Account resource insufficient error.")
  static let duplicate = Refusal(code: .duplicateTransaction, message: "Dup transaction.")
  static let tapos = Refusal(code: .taposError, message: "Tapos check error.")
  static let tooBig = Refusal(code: .tooBig, message: "Transaction size is too big.")
  static let expired = Refusal(code: .expired, message: "Transaction expired")
  static let busy = Refusal(code: .serverBusy, message: "Server busy.")
}
