import Logging
import Tron

/// Every variable of the fleet. The names are a contract with deployments and operators.
public enum Variables {
  static let configFile = Setting(
    "CONFIG_FILE", Role.all, .readableFile, example: "/etc/tron-payouts/config.json",
    "file with further settings: one JSON object whose keys are the names in this table")
  static let allowPlainSecrets = Setting(
    "ALLOW_PLAIN_SECRETS", Role.all, .yesNo, default: .text("no"), example: "no",
    "development only: a secret may stand in the variable without `_FILE` itself")

  static let kafkaBootstrapServers = Setting(
    "KAFKA_BOOTSTRAP_SERVERS", Role.all, .hostPorts, default: .text("127.0.0.1:9092"),
    example: "kafka-1:9092,kafka-2:9092", "brokers to ask first")
  static let kafkaTopicPrefix = Setting(
    "KAFKA_TOPIC_PREFIX", Role.all, .name(most: 100), default: .text(""), example: "test-",
    allowsEmpty: true, "stands before every topic and group name")
  static let kafkaPartitions = Setting(
    "KAFKA_PARTITIONS", Role.all, .integer(1...1000), default: .text("12"), example: "12",
    "partitions of the topics that we create; never change it afterwards")
  static let kafkaPropertiesFile = Setting(
    "KAFKA_PROPERTIES_FILE", Role.all, .readableFile, example: "/etc/tron-payouts/kafka.properties",
    "further librdkafka properties, one `name=value` a line (SASL, TLS)")
  static let kafkaGroupInstanceID = Setting(
    "KAFKA_GROUP_INSTANCE_ID", Role.workers, .name(most: 200),
    default: .described("`role-hostname-opsport`; empty when OPS_PORT is 0"),
    example: "signer-a-9102", allowsEmpty: true,
    "static group membership: unique to each running copy, the same after its restart; empty: none")

  static let mongoURI = Setting(
    "MONGO_URI", Role.all, .mongoURI, default: .text("mongodb://127.0.0.1:27017"),
    example: "mongodb://mongo-1,mongo-2/?replicaSet=rs0", sensitivity: .hidden,
    "connection string; its credentials are never printed")
  static let mongoURIFile = Setting(
    "MONGO_URI_FILE", Role.all, .readableFile, example: "/run/secrets/mongo-uri",
    "file with the connection string, instead of MONGO_URI")
  static let mongoDatabase = Setting(
    "MONGO_DATABASE", Role.all, .name(most: 63), default: .text("tron_payments"),
    example: "tron_payments", "database")

  static let logLevel = Setting(
    "LOG_LEVEL", Role.all, ValueFormat<Logger.Level>.choice, default: .text("info"),
    example: "debug", "trace, debug, info, notice, warning, error or critical")
  static let logFormat = Setting(
    "LOG_FORMAT", Role.all, ValueFormat<LogFormat>.choice,
    default: .described("json; text on a terminal"), example: "json",
    "json: one object a line; text: for people")

  static let opsHost = Setting(
    "OPS_HOST", Role.workers, .host, default: .text("127.0.0.1"), example: "0.0.0.0",
    "address of the operations listener: /livez, /readyz, /metrics")
  static let opsPort = Setting(
    "OPS_PORT", Role.workers, .port,
    default: .byRole([
      .ingest: "9100", .batcher: "9101", .signer: "9102", .confirmer: "9103",
    ]), example: "9102", "its port; 0 takes a free one and logs it")

  static let tronNetwork = Setting(
    "TRON_NETWORK", Role.all, ValueFormat<TronNetwork>.choice, default: .text("devnet"),
    example: "nile", "mainnet, nile, shasta or devnet")
  static let usdtContract = Setting(
    "USDT_CONTRACT", [.ingest, .signer, .confirmer, .payoutctl], .address,
    default: .described("by network"), example: TronNetwork.mainnet.usdtContract,
    "the USDT contract's address")

  static let sweepInterval = Setting(
    "SWEEP_INTERVAL_SECONDS", Role.workers, .seconds(1...3600), default: .text("5"), example: "5",
    "how often a stage looks in the store for work that no message told it of, or less often while"
      + " much waits")
  static let batchLimit = Setting(
    "BATCH_LIMIT", [.batcher, .signer, .confirmer], .integer(1...10_000), default: .text("500"),
    example: "500", "most records that are processed together; fewer while they take long")
  static let failpoints = Setting(
    "FAILPOINTS", Role.workers, .text(most: 2000), example: "signer.after_plan:3",
    "tests only, in builds that have failpoints: where, and at which pass, the process kills itself"
  )
  static let failpointsStateDirectory = Setting(
    "FAILPOINTS_STATE_DIR", Role.workers, .writableDirectory, example: "/tmp/failpoints",
    "tests only: a failpoint whose file is there was hit already and does not kill again")
}

extension Variables {
  static let httpHost = Setting(
    "HTTP_HOST", [.ingest, .payoutctl], .host, default: .text("127.0.0.1"), example: "0.0.0.0",
    "address of the API")
  static let httpPort = Setting(
    "HTTP_PORT", [.ingest, .payoutctl], .port, default: .text("8080"), example: "8080",
    "its port")
  static let jwtSecretFile = Setting(
    "JWT_HS256_SECRET_FILE", [.ingest, .payoutctl], .readableFile,
    example: "/run/secrets/jwt", sensitivity: .secretFile,
    "secret that HS256 tokens are signed with; Ingest needs at least one source of keys")
  static let jwksFile = Setting(
    "JWT_JWKS_FILE", [.ingest], .readableFile, example: "/etc/tron-payouts/jwks.json",
    "public keys of tokens, as a JWKS file")
  static let jwksURL = Setting(
    "JWT_JWKS_URL", [.ingest], .url, example: "https://id.example.com/.well-known/jwks.json",
    "public keys of tokens, fetched from here")
  static let jwtIssuer = Setting(
    "JWT_ISSUER", [.ingest, .payoutctl], .text(), example: "https://id.example.com",
    "the `iss` that tokens must carry; not checked without it")
  static let jwtAudience = Setting(
    "JWT_AUDIENCE", [.ingest, .payoutctl], .text(), example: "payouts",
    "the `aud` that tokens must carry; not checked without it")
  static let internalTokenFile = Setting(
    "INTERNAL_TOKEN_FILE", [.ingest], .readableFile, example: "/run/secrets/internal-token",
    sensitivity: .secretFile, "token that trusts identity headers; without it they are refused")
  static let allowedOrigins = Setting(
    "CORS_ALLOWED_ORIGINS", [.ingest], .origins,
    example: "https://console.example.com,https://app.example.com",
    "web pages of these origins may call, separated by commas; none without it")
  static let publishWait = Setting(
    "PUBLISH_WAIT_MS", [.ingest], .milliseconds(0...60_000), default: .text("2000"),
    example: "2000",
    "how long a request waits for the broker before the sweeper is left to publish its payout")

  static let netting = Setting(
    "NETTING", [.batcher, .payoutctl], .onOff, default: .text("on"), example: "off",
    "whether payouts of a window to one recipient become one transfer")
  static let nettingMaxMembers = Setting(
    "NETTING_MAX_MEMBERS", [.batcher, .payoutctl], .integer(1...500), default: .text("100"),
    example: "100", "most payouts of one transfer")
  static let nettingMaxAmount = Setting(
    "NETTING_MAX_USDT", [.batcher, .payoutctl], .usdt, default: .text("10000"),
    example: "100000",
    "payouts are put together up to this sum; at most SIGNER_MAX_TRANSFER_USDT")

  static let signerKeyFile = Setting(
    "SIGNER_KEY_FILE", [.signer], .readableFile, example: "/run/secrets/wallet.json",
    "the wallet's key: a keystore v3 file; required")
  static let signerKeyPasswordFile = Setting(
    "SIGNER_KEY_PASSWORD_FILE", [.signer], .readableFile,
    example: "/run/secrets/wallet-password", sensitivity: .secretFile, "that keystore's password")
  static let signerKeyFileKYC = Setting(
    "SIGNER_KEY_FILE_KYC", [.signer], .readableFile, example: "/run/secrets/wallet-kyc.json",
    "key of the wallet of PayoutRouterKYC; without it that router's payouts are held")
  static let signerKeyPasswordFileKYC = Setting(
    "SIGNER_KEY_PASSWORD_FILE_KYC", [.signer], .readableFile,
    example: "/run/secrets/wallet-kyc-password", sensitivity: .secretFile,
    "that keystore's password")
  static let allowPlainKey = Setting(
    "ALLOW_PLAIN_KEY", [.signer], .yesNo, default: .text("no"), example: "no",
    "development only: a key file may hold 64 hexadecimal digits")
  static let txValidity = Setting(
    "TX_VALIDITY_SECONDS", [.signer], .seconds(10...3600), default: .text("600"), example: "600",
    "how long a transaction may execute, from the solidified head's time")
  static let feeLimit = Setting(
    "FEE_LIMIT_TRX", [.signer], .trx(most: 15_000), default: .text("30"), example: "30",
    "most that a transaction may burn for energy")
  static let maxTransfer = Setting(
    "SIGNER_MAX_TRANSFER_USDT", [.signer], .usdt, default: .text("100000"), example: "100000",
    "the Signer's own cap of one transfer; a larger one is held")

  static let tronNodes = Setting(
    "TRON_NODES", [.confirmer, .payoutctl], .baseURLs, default: .text("http://127.0.0.1:9090"),
    example: "https://node-a.example.com,https://node-b.example.com",
    "full nodes: base URLs separated by commas")
  static let tronSolidityNodes = Setting(
    "TRON_SOLIDITY_NODES", [.confirmer, .payoutctl], .baseURLs,
    default: .described("as TRON_NODES"),
    example: "https://node-a.example.com,https://node-b.example.com",
    "nodes whose solidified chain decides: base URLs separated by commas")
  static let deathProofNodes = Setting(
    "DEATH_PROOF_NODES", [.confirmer], .integer(1...20),
    default: .described("2; 1 on devnet"), example: "2",
    "how many independent nodes must prove that a transaction is dead")
  static let journalRewind = Setting(
    "JOURNAL_REWIND_SECONDS", [.confirmer], .seconds(0...31_536_000), default: .text("7200"),
    example: "7200",
    "how far the new owner of a journal partition re-reads; at least 4200 but on devnet")
  static let tronAPIKeyFile = Setting(
    "TRON_API_KEY_FILE", [.confirmer, .payoutctl], .readableFile,
    example: "/run/secrets/trongrid", sensitivity: .secretFile,
    "sent as the `TRON-PRO-API-KEY` header")
  static let tronProxy = Setting(
    "TRON_PROXY", [.confirmer, .payoutctl], .proxy, example: "socks5h://127.0.0.1:9050",
    sensitivity: .hidden, "proxy to the nodes; `socks5h` for Tor")
  static let broadcastInterval = Setting(
    "BROADCAST_INTERVAL_SECONDS", [.confirmer], .seconds(1...600), default: .text("15"),
    example: "15", "how often an armed transaction is sent again until the chain decides")
  static let scanInterval = Setting(
    "SCAN_INTERVAL_MS", [.confirmer], .milliseconds(50...60_000), default: .text("1000"),
    example: "1000", "how often nodes are asked for new blocks")
  static let maxAttempts = Setting(
    "MAX_ATTEMPTS", [.confirmer], .integer(1...100), default: .text("8"), example: "8",
    "transactions of one transfer, all proven dead, after which it is reported as failed")
}

extension Variables {
  static let rateLimits = Setting(
    "RATE_LIMITS", [.ingest], ValueFormat<RateLimitScope>.choice, default: .text("shared"),
    example: "shared",
    "limits of requests a minute: shared (all copies together), local (each copy) or off")
  static let limitDaily = limit("LIMIT_DAILY_USDT", "in a UTC day, PayoutRouterV0")
  static let limitHourly = limit("LIMIT_HOURLY_USDT", "in a UTC hour, PayoutRouterV0")
  static let limitDailyKYC = limit("LIMIT_DAILY_USDT_KYC", "in a UTC day, PayoutRouterKYC")
  static let limitHourlyKYC = limit("LIMIT_HOURLY_USDT_KYC", "in a UTC hour, PayoutRouterKYC")
  static let limitTenantDaily = limit(
    "LIMIT_TENANT_DAILY_USDT", "for one tenant in a UTC day, through each router", [.ingest],
    usually: "off")
  static let limitTenantHourly = limit(
    "LIMIT_TENANT_HOURLY_USDT", "for one tenant in a UTC hour, through each router", [.ingest],
    usually: "off")
  static let signerLimitDaily = signerLimit("SIGNER_LIMIT_DAILY_USDT", "day, PayoutRouterV0")
  static let signerLimitHourly = signerLimit("SIGNER_LIMIT_HOURLY_USDT", "hour, PayoutRouterV0")
  static let signerLimitDailyKYC = signerLimit(
    "SIGNER_LIMIT_DAILY_USDT_KYC", "day, PayoutRouterKYC")
  static let signerLimitHourlyKYC = signerLimit(
    "SIGNER_LIMIT_HOURLY_USDT_KYC", "hour, PayoutRouterKYC")
  static let windowHourly = window("WINDOW_HOURLY_SECONDS", "HOURLY")
  static let windowDaily = window("WINDOW_DAILY_SECONDS", "DAILY")
  static let windowWeekly = window("WINDOW_WEEKLY_SECONDS", "WEEKLY")

  static let devnetHost = Setting(
    "DEVNET_HOST", [.devnet], .host, default: .text("127.0.0.1"), example: "127.0.0.1",
    "address of the devnet")
  static let devnetPort = Setting(
    "DEVNET_PORT", [.devnet], .port, default: .text("9090"), example: "9090", "its port")
  static let devnetBlockInterval = Setting(
    "DEVNET_BLOCK_INTERVAL_MS", [.devnet], .milliseconds(10...60_000), default: .text("3000"),
    example: "300", "time between block slots; time stamps step by the same interval")
  static let devnetWitnesses = Setting(
    "DEVNET_WITNESSES", [.devnet], .integer(1...100), default: .text("27"), example: "27",
    "how many witnesses take turns")
  static let devnetPoolLimit = Setting(
    "DEVNET_POOL_LIMIT", [.devnet], .integer(1...1_000_000), default: .text("2000"),
    example: "2000", "most transactions that wait in its pool")
  static let devnetProduction = Setting(
    "DEVNET_PRODUCTION", [.devnet], .onOff, default: .text("on"), example: "on",
    "off: blocks are produced only on request")
  static let devnetGenesisFile = Setting(
    "DEVNET_GENESIS_FILE", [.devnet], .readableFile, example: "/etc/devnet/genesis.json",
    "JSON file with the first accounts and the parameters")
  static let devnetFaultsFile = Setting(
    "DEVNET_FAULTS_FILE", [.devnet], .readableFile, example: "/etc/devnet/faults.json",
    "JSON file with timed faults")
  static let devnetDataDirectory = Setting(
    "DEVNET_DATA_DIR", [.devnet], .writableDirectory, example: "/var/lib/devnet",
    "directory that keeps the chain over a restart; without it the chain lives in memory")

  private static func limit(
    _ name: String, _ what: String, _ readers: [Role] = [.ingest, .payoutctl],
    usually: String = "10000"
  ) -> Setting<AmountLimit> {
    Setting(
      name, readers, .limit, default: .text(usually), example: "10000",
      "most USDT admitted \(what); `off`: any")
  }

  private static func signerLimit(_ name: String, _ what: String) -> Setting<AmountLimit> {
    Setting(
      name, [.signer], .limit, default: .text("25000"), example: "25000",
      "the Signer's own cap: most USDT that it signs in a UTC \(what), the rest is held; `off`: any"
    )
  }

  private static func window(_ name: String, _ type: String) -> Setting<Duration> {
    Setting(
      name, [.ingest, .batcher], .seconds(1...604_800), default: .described("the calendar's"),
      example: "10", "development only: length of the \(type) window, aligned to 1970")
  }
}
