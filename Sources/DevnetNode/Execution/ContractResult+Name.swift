import Tron

extension ContractResult {
  /// The name in the API.
  var name: String {
    switch self {
    case .default: "DEFAULT"
    case .success: "SUCCESS"
    case .revert: "REVERT"
    case .badJumpDestination: "BAD_JUMP_DESTINATION"
    case .outOfMemory: "OUT_OF_MEMORY"
    case .precompiledContract: "PRECOMPILED_CONTRACT"
    case .stackTooSmall: "STACK_TOO_SMALL"
    case .stackTooLarge: "STACK_TOO_LARGE"
    case .illegalOperation: "ILLEGAL_OPERATION"
    case .stackOverflow: "STACK_OVERFLOW"
    case .outOfEnergy: "OUT_OF_ENERGY"
    case .outOfTime: "OUT_OF_TIME"
    case .jvmStackOverflow: "JVM_STACK_OVER_FLOW"
    case .unknown: "UNKNOWN"
    case .transferFailed: "TRANSFER_FAILED"
    case .invalidCode: "INVALID_CODE"
    }
  }
}
