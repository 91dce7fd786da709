/// Every metric that the fleet exposes: the names are a contract with dashboards and alerts.
public enum MetricNames {
  static let buildInfo = MetricDescription(
    "build_info", .gauge, labels: ["role", "version"], "Always 1; its labels tell what runs.")
  static let componentReady = MetricDescription(
    "component_ready", .gauge, labels: ["component"],
    "1 while a component is ready, 0 while it is not.")
  static let metricsRefused = MetricDescription(
    "metrics_refused_total", .counter,
    "Series that were not exposed because of a bound or a wrong type.")

  static let consumerRecords = MetricDescription(
    "consumer_records_total", .counter, labels: ["topic"], "Records whose effect was taken.")
  static let consumerBatchRecords = MetricDescription(
    "consumer_batch_records", .histogram, labels: ["loop"], buckets: Buckets.counts,
    "Records processed together.")
  static let consumerBatchDuration = MetricDescription(
    "consumer_batch_duration_seconds", .histogram, labels: ["loop"],
    "Time to process one batch, retries included.")
  static let consumerLag = MetricDescription(
    "consumer_lag_records", .gauge, labels: ["topic"],
    "Records still to be read in the partitions of this copy.")
  static let consumerPartitions = MetricDescription(
    "consumer_assigned_partitions", .gauge, labels: ["topic"], "Partitions that this copy reads.")
  static let consumerRetries = MetricDescription(
    "consumer_retries_total", .counter, labels: ["loop"], "Batches that failed and were repeated.")
  static let consumerCommitFailures = MetricDescription(
    "consumer_commit_failures_total", .counter, labels: ["loop"],
    "Commits of offsets that failed; harmless, the records come again.")
  static let taskRuns = MetricDescription(
    "task_runs_total", .counter, labels: ["result", "task"],
    "Runs of a periodic task, by result: ok or error.")
  static let taskDuration = MetricDescription(
    "task_duration_seconds", .histogram, labels: ["task"], "Time of one run of a periodic task.")

  /// Requests by route and status.
  public static let httpRequests = MetricDescription(
    "http_requests_total", .counter, labels: ["method", "route", "status"],
    "Requests answered by the API.")
  /// How long requests take.
  public static let httpDuration = MetricDescription(
    "http_request_duration_seconds", .histogram, labels: ["method", "route"],
    "Time from the head of a request to the end of its answer.")
  /// How many requests are open.
  public static let httpInFlight = MetricDescription(
    "http_requests_in_flight", .gauge, "Requests being answered now.")
  /// What was admitted.
  public static let payoutsAccepted = MetricDescription(
    "payouts_accepted_total", .counter, labels: ["priority"], "Payouts admitted.")
  /// What was refused, and why.
  public static let payoutsRefused = MetricDescription(
    "payouts_refused_total", .counter, labels: ["code"], "Requests refused, by error code.")

  static let storedPayouts = MetricDescription(
    "stored_payouts", .gauge, labels: ["state"],
    "Payouts in the store that are not final, by state.")
  static let storedTransfers = MetricDescription(
    "stored_transfers", .gauge, labels: ["state"],
    "Transfers in the store that have not ended, by state.")

  static let deadLetters = MetricDescription(
    "dead_letters_total", .counter, labels: ["topic"],
    "Records that were not understood and were set aside.")
  static let transfersFormed = MetricDescription(
    "transfers_formed_total", .counter, labels: ["lane"], "Transfers formed from due payouts.")
  static let transfersPlanned = MetricDescription(
    "transfers_planned_total", .counter, labels: ["lane"],
    "Attempts stored, signed and put into the journal.")
  static let transfersHeld = MetricDescription(
    "transfers_held_total", .counter, labels: ["reason"], "Transfers that had to wait.")
  static let signingRefused = MetricDescription(
    "signing_refused_total", .counter,
    "Stored attempts that do not pay exactly their transfer. Must stay 0.")
  static let attemptsRestored = MetricDescription(
    "attempts_restored_total", .counter,
    "Attempts of the journal that the store lacked and got back.")
  static let transfersArmed = MetricDescription(
    "transfers_armed_total", .counter, labels: ["lane"], "Transfers that may be sent.")
  static let attemptsNotArmed = MetricDescription(
    "attempts_not_armed_total", .counter, "Attempts that are watched but not sent.")
  static let broadcasts = MetricDescription(
    "broadcasts_total", .counter, labels: ["code", "node"],
    "Broadcasts that a node answered, by its code.")
  static let broadcastsUnanswered = MetricDescription(
    "broadcasts_unanswered_total", .counter, labels: ["node"],
    "Broadcasts that a node did not answer.")
  static let attemptsIncluded = MetricDescription(
    "attempts_included_total", .counter, "Attempts seen in a block that is not solidified yet.")
  static let attemptsDead = MetricDescription(
    "attempts_dead_total", .counter, labels: ["kind"], "Attempts proven dead.")
  static let transfersReadyAgain = MetricDescription(
    "transfers_ready_again_total", .counter,
    "Transfers whose attempts are all dead and that get another one.")
  static let transfersPaid = MetricDescription(
    "transfers_paid_total", .counter, labels: ["lane"], "Transfers paid in a solidified block.")
  static let paidAmount = MetricDescription(
    "paid_micro_usdt_total", .counter, "USDT paid, in millionths.")
  static let paidFees = MetricDescription(
    "paid_fees_sun_total", .counter, "Fees of paid transfers, in sun.")
  static let transfersFailed = MetricDescription(
    "transfers_failed_total", .counter, labels: ["reason"], "Transfers reported as not paid.")
  static let transfersCancelled = MetricDescription(
    "transfers_cancelled_total", .counter, "Transfers withdrawn before anything was signed.")
  static let transferAge = MetricDescription(
    "transfer_age_seconds", .histogram, labels: ["event"], buckets: Buckets.ages,
    "Time since a transfer was formed when it was planned, armed or paid.")
  static let chainHead = MetricDescription(
    "chain_head_height", .gauge, "Height of the latest block.")
  static let chainSolidified = MetricDescription(
    "chain_solidified_height", .gauge, "Height of the latest solidified block.")
  static let nodeFaults = MetricDescription(
    "node_faults_total", .counter, labels: ["node"],
    "Times that a node contradicted itself, its chain or another node, "
      + "or did not answer what a proof needs.")
  static let swept = MetricDescription(
    "swept_total", .counter, labels: ["stage", "what"],
    "Things the sweeper found and emitted again.")
  static let storeFallbacks = MetricDescription(
    "store_fallbacks_total", .counter, labels: [],
    "Times that the store had another journal position than the one written last: it fell back.")
  static let preparedPayoutsFinished = MetricDescription(
    "prepared_payouts_finished_total", .counter, labels: ["decision"],
    "Payouts of batches whose creator did not finish, by what became of them: admitted or discarded."
  )
  static let watchedTransfers = MetricDescription(
    "watched_transfers", .gauge, "Transfers that this copy watches.")
  static let watchedArmed = MetricDescription(
    "watched_armed_transfers", .gauge, "Of these, armed: sent again until the chain decides.")

  /// All of them, in the order of docs/metrics.md.
  public static let all: [MetricDescription] =
    runtime + api + payments + guards + [storedPayouts, storedTransfers] + stages
    + ProcessMetrics.descriptions

  private static let runtime = [
    buildInfo, componentReady, metricsRefused, consumerRecords, consumerBatchRecords,
    consumerBatchDuration, consumerLag, consumerPartitions, consumerRetries,
    consumerCommitFailures, taskRuns, taskDuration,
  ]

  private static let api = [
    httpRequests, httpDuration, httpInFlight, payoutsAccepted, payoutsRefused,
  ]

  private static let stages = [
    deadLetters, transfersFormed, transfersPlanned, transfersHeld, signingRefused,
    attemptsRestored, transfersArmed, attemptsNotArmed, broadcasts, broadcastsUnanswered,
    attemptsIncluded, attemptsDead, transfersReadyAgain, transfersPaid, paidAmount, paidFees,
    transfersFailed, transfersCancelled, transferAge, chainHead, chainSolidified, nodeFaults, swept,
    storeFallbacks, preparedPayoutsFinished,
    watchedTransfers, watchedArmed,
  ]
}
