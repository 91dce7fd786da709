extension Variables {
  /// Every variable, in the order of the documents.
  public static let all: [Variable] =
    shared + guards + ingest + batcherAndSigner + confirmer + devnet

  private static let shared: [Variable] = [
    configFile.variable, allowPlainSecrets.variable, kafkaBootstrapServers.variable,
    kafkaTopicPrefix.variable, kafkaPartitions.variable, kafkaPropertiesFile.variable,
    kafkaGroupInstanceID.variable, mongoURI.variable, mongoURIFile.variable,
    mongoDatabase.variable, logLevel.variable, logFormat.variable, opsHost.variable,
    opsPort.variable, tronNetwork.variable, usdtContract.variable, sweepInterval.variable,
    batchLimit.variable, failpoints.variable, failpointsStateDirectory.variable,
  ]

  private static let ingest: [Variable] = [
    httpHost.variable, httpPort.variable, jwtSecretFile.variable, jwksFile.variable,
    jwksURL.variable, jwtIssuer.variable, jwtAudience.variable, internalTokenFile.variable,
    allowedOrigins.variable,
    publishWait.variable, rateLimits.variable, limitDaily.variable, limitHourly.variable,
    limitDailyKYC.variable, limitHourlyKYC.variable, limitTenantDaily.variable,
    limitTenantHourly.variable, windowHourly.variable,
    windowDaily.variable, windowWeekly.variable,
  ]

  private static let batcherAndSigner: [Variable] = [
    netting.variable, nettingMaxMembers.variable, nettingMaxAmount.variable,
    signerKeyFile.variable, signerKeyPasswordFile.variable,
    signerKeyFileKYC.variable, signerKeyPasswordFileKYC.variable, allowPlainKey.variable,
    txValidity.variable, feeLimit.variable, maxTransfer.variable, signerLimitDaily.variable,
    signerLimitHourly.variable, signerLimitDailyKYC.variable, signerLimitHourlyKYC.variable,
  ]

  private static let confirmer: [Variable] = [
    tronNodes.variable, tronSolidityNodes.variable, deathProofNodes.variable,
    journalRewind.variable, tronAPIKeyFile.variable, tronProxy.variable,
    broadcastInterval.variable, scanInterval.variable, maxAttempts.variable,
  ]

  private static let devnet: [Variable] = [
    devnetHost.variable, devnetPort.variable, devnetBlockInterval.variable,
    devnetWitnesses.variable, devnetPoolLimit.variable, devnetProduction.variable,
    devnetGenesisFile.variable, devnetFaultsFile.variable, devnetDataDirectory.variable,
  ]

  /// Those that a role reads.
  public static func read(by role: Role) -> [Variable] {
    all.filter { $0.readers.contains(role) }
  }

  /// Every name that means something to some process, plain secrets included.
  static let knownNames: Set<String> = Set(
    all.flatMap { [$0.name] + ($0.plainName.map { [$0] } ?? []) })
}

extension Variables {
  /// A right line for a known name: a variable's, or that of a secret in the open.
  static func exampleLine(of name: String) -> String {
    all.first { $0.name == name || $0.plainName == name }?.exampleLine ?? "\(name)=…"
  }
}
