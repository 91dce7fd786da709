import CLibcurl

/// The thread of a transport: starts calls as their nodes have room, ends them as answers come.
final class TransferEngine {
  // LIMIT: how late a call that waits for its turn may notice that its time is over.
  private static let longestSleep: Int32 = 1000

  private let inbox: TransferInbox
  private let options: NodeTransport.Options
  private let multi: UnsafeMutableRawPointer?
  private var waiting: [Transfer] = []
  private var active: [UnsafeMutableRawPointer: ActiveTransfer] = [:]
  private var activeByNode: [String: Int] = [:]

  init(inbox: TransferInbox, options: NodeTransport.Options) {
    self.inbox = inbox
    self.options = options
    multi = inbox.multi
    shim_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Int(options.callsPerNode * 4))
  }

  /// Runs until the inbox is closed.
  func run() {
    while true {
      let (transfers, isClosed) = inbox.take()
      waiting += transfers
      if isClosed { break }
      startWaiting(now: .now)
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      let hasEnded = endFinished()
      inbox.publish(NodeTransport.Load(active: active.count, waiting: waiting.count))
      if hasEnded && !waiting.isEmpty { continue }
      curl_multi_poll(multi, nil, 0, Self.longestSleep, nil)
    }
    endAll()
    inbox.destroyMulti()
  }

  private func startWaiting(now: ContinuousClock.Instant) {
    waiting.removeAll { transfer in
      guard now < transfer.deadline else {
        transfer.end(.failure(TransportFault(kind: .timeout, reason: "no turn in time")))
        return true
      }
      guard activeByNode[transfer.request.node, default: 0] < options.callsPerNode else {
        return false
      }
      start(transfer, within: transfer.deadline - now)
      return true
    }
  }

  private func start(_ transfer: Transfer, within time: Duration) {
    guard let call = ActiveTransfer(transfer, options: options, timeout: time),
      curl_multi_add_handle(multi, call.easy) == CURLM_OK
    else {
      return transfer.end(
        .failure(TransportFault(kind: .notSent, reason: "libcurl refused the call")))
    }
    active[call.easy] = call
    activeByNode[transfer.request.node, default: 0] += 1
  }

  private func endFinished() -> Bool {
    var hasEnded = false
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
        continue
      }
      let code = message.pointee.data.result
      guard let call = remove(easy) else { continue }
      call.transfer.end(call.result(code))
      hasEnded = true
    }
    return hasEnded
  }

  private func remove(_ easy: UnsafeMutableRawPointer) -> ActiveTransfer? {
    curl_multi_remove_handle(multi, easy)
    guard let call = active.removeValue(forKey: easy) else { return nil }
    activeByNode[call.transfer.request.node, default: 1] -= 1
    return call
  }

  private func endAll() {
    let fault = TransportFault(kind: .cancelled, reason: "the transport is closed")
    for easy in active.keys { remove(easy)?.transfer.end(.failure(fault)) }
    for transfer in waiting { transfer.end(.failure(fault)) }
    waiting = []
  }
}

/// A call under way: one `CURL` handle and the answer so far. Lives on the thread.
final class ActiveTransfer {
  let transfer: Transfer
  let easy: UnsafeMutableRawPointer
  private let headers: UnsafeMutablePointer<curl_slist>?
  private let maximumBodyBytes: Int
  private var body: [UInt8] = []
  private var isTooLarge = false

  init?(_ transfer: Transfer, options: NodeTransport.Options, timeout: Duration) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.transfer = transfer
    maximumBodyBytes = options.maximumBodyBytes
    headers = transfer.request.headers.reduce(nil) { curl_slist_append($0, $1) }
    guard configure(options, timeout: timeout) else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
  }

  /// What the end of the call means.
  func result(_ code: CURLcode) -> Result<HTTPAnswer, TransportFault> {
    guard code == CURLE_OK else { return .failure(fault(code)) }
    var status = 0
    shim_easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
    return .success(HTTPAnswer(status: status, body: body))
  }

  private func fault(_ code: CURLcode) -> TransportFault {
    if isTooLarge || code == CURLE_FILESIZE_EXCEEDED {
      return TransportFault(
        kind: .tooLarge, reason: "the answer is larger than \(maximumBodyBytes) bytes")
    }
    return TransportFault(
      kind: code == CURLE_OPERATION_TIMEDOUT ? .timeout : .connection,
      reason: String(cString: curl_easy_strerror(code)))
  }

  private func receive(_ data: UnsafeRawBufferPointer) -> Bool {
    guard body.count + data.count <= maximumBodyBytes else {
      isTooLarge = true
      return false
    }
    body.append(contentsOf: data)
    return true
  }

  private func configure(_ options: NodeTransport.Options, timeout: Duration) -> Bool {
    let request = transfer.request
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1),
      (CURLOPT_TCP_NODELAY, 1),
      (CURLOPT_TCP_KEEPALIVE, 1),
      // A redirect could lead a signed transaction, or the API key, elsewhere.
      (CURLOPT_FOLLOWLOCATION, 0),
      (CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)),
      (CURLOPT_CONNECTTIMEOUT_MS, options.connectTimeout.milliseconds),
      (CURLOPT_TIMEOUT_MS, timeout.milliseconds),
      (CURLOPT_POST, 1),
      (CURLOPT_POSTFIELDSIZE, request.body.utf8.count),
    ]
    let texts: [(CURLoption, String)] = [
      (CURLOPT_URL, request.url),
      (CURLOPT_PROTOCOLS_STR, "http,https"),
      // Empty: the environment's proxies are not for us.
      (CURLOPT_PROXY, options.proxy ?? ""),
      (CURLOPT_COPYPOSTFIELDS, request.body),
    ]
    let codes =
      numbers.map { shim_easy_set_long(easy, $0, $1) }
      + texts.map { shim_easy_set_string(easy, $0, $1) }
      + [
        shim_easy_set_list(easy, CURLOPT_HTTPHEADER, headers),
        shim_easy_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(maximumBodyBytes)),
        shim_easy_set_pointer(
          easy, CURLOPT_WRITEDATA, Unmanaged.passUnretained(self).toOpaque()),
        shim_easy_set_write_function(easy) { data, size, count, context in
          guard let data, let context else { return 0 }
          let call = Unmanaged<ActiveTransfer>.fromOpaque(context).takeUnretainedValue()
          let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
          return call.receive(bytes) ? bytes.count : 0
        },
      ]
    return codes.allSatisfy { $0 == CURLE_OK }
  }
}

extension Duration {
  /// Whole milliseconds, at least one: libcurl takes zero for "for ever".
  fileprivate var milliseconds: Int { max(1, Int(self / .milliseconds(1))) }
}
