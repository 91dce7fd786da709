// swift-format-ignore-file
// Made of docs/openapi.yaml by `make openapi`; do not edit.

/// The API's description as it is served.
enum OpenAPIDocument {
  /// OpenAPI 3.1.
  static let json = ##"{"openapi":"3.1.0","info":{"title":"TRON payouts","version":"1.0.0","summary":"A request becomes one USDT transfer on TRON, exactly once.","description":"An accepted payout is paid exactly once or reported as not paid. Set an `Idempotency-Key` on every POST, and repeat a call\nthat timed out with the same key.\n\nEvery answer has `X-Request-ID`. Errors come in one envelope, or as RFC 9457 with `Accept: application/problem+json`.\nRequests are counted by the minute, for each tenant or address; what is counted answers with `X-RateLimit-*`.\n","license":{"name":"Apache-2.0","identifier":"Apache-2.0"}},"servers":[{"url":"/api/payment"}],"tags":[{"name":"Payouts"},{"name":"Batches"},{"name":"Statistics"},{"name":"Operations"},{"name":"Administration"}],"security":[{"bearer":[]},{"gatewayToken":[],"gatewayUser":[],"gatewayRole":[]}],"paths":{"/payouts":{"post":{"operationId":"createPayout","tags":["Payouts"],"summary":"Create a payout","description":"From the answer 201 on the payout is stored durably and accepted. A 503 with `details.reason` `outcome_unknown` means that\nit may be: repeat the call with the same key. 10 requests a minute.\n","parameters":[{"$ref":"#/components/parameters/IdempotencyKey"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"requestBody":{"required":true,"description":"At most 256 KiB, UTF-8, unknown fields refused.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/PayoutRequest"},"examples":{"immediate":{"value":{"recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.5,"reason":"Session completion reward","router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE","session_id":"session_abc123","node_id":"node_xyz789","custom_data":{"work_credits":150,"session_duration":3600}}}}}}},"responses":{"201":{"description":"Accepted, or the first answer again.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"Idempotency-Replayed":{"$ref":"#/components/headers/IdempotencyReplayed"},"Location":{"required":true,"description":"Where the payout is read.","schema":{"type":"string","pattern":"^/api/payment/payouts/payout_"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Payout"},"examples":{"accepted":{"$ref":"#/components/examples/AcceptedPayout"}}}},"links":{"read":{"operationId":"getPayout","parameters":{"payout_id":"$response.body#/payout_id"}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"409":{"$ref":"#/components/responses/InProgress"},"408":{"$ref":"#/components/responses/RequestTimeout"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}},"get":{"operationId":"listPayouts","tags":["Payouts"],"summary":"List payouts","description":"Newest first. End users and node operators see their own payouts, services and admins all. Read on by `cursor`: a walk sees\neach payout that was there when it began exactly once. 30 requests a minute.\n","parameters":[{"name":"status","in":"query","schema":{"$ref":"#/components/schemas/PayoutStatus"}},{"name":"router_type","in":"query","schema":{"$ref":"#/components/schemas/RouterType"}},{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":100,"default":20}},{"name":"offset","in":"query","description":"Deeper than 10,000 goes by cursor only.","schema":{"type":"integer","minimum":0,"maximum":10000,"default":0}},{"name":"start_date","in":"query","description":"An instant, or a day in UTC.","schema":{"$ref":"#/components/schemas/DayOrInstant"}},{"name":"end_date","in":"query","description":"An instant, or a day in UTC, which is included.","schema":{"$ref":"#/components/schemas/DayOrInstant"}},{"name":"cursor","in":"query","description":"`pagination.next_cursor` of the page before, with the same filters and without `offset`.","schema":{"type":"string","minLength":1}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"A page.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/PayoutList"},"examples":{"empty":{"value":{"payouts":[],"pagination":{"total":0,"limit":20,"offset":0,"has_next":false,"has_previous":false,"next_cursor":null,"total_is_exact":true},"filters":{"status":"confirmed"}}}}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/payouts/{payout_id}":{"get":{"operationId":"getPayout","tags":["Payouts"],"summary":"Read a payout","description":"Somebody else's payout is 404. 60 requests a minute.","parameters":[{"name":"payout_id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/PayoutID"}},{"$ref":"#/components/parameters/IfNoneMatch"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"The payout as it stands.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"ETag":{"$ref":"#/components/headers/ETag"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Payout"},"examples":{"accepted":{"$ref":"#/components/examples/AcceptedPayout"},"confirmed":{"$ref":"#/components/examples/ConfirmedPayout"}}}}},"304":{"$ref":"#/components/responses/NotModified"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/payouts/batch":{"post":{"operationId":"createBatch","tags":["Batches"],"summary":"Create many payouts at once","description":"All or nothing: one bad item refuses the batch, and `details.errors` names the faults of all items by index. Afterwards each\npayout is on its own. Not for end users. 5 requests a minute.\n","parameters":[{"$ref":"#/components/parameters/IdempotencyKey"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"requestBody":{"required":true,"description":"At most 256 KiB, UTF-8, unknown fields refused.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/BatchRequest"},"examples":{"two":{"value":{"payouts":[{"recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.5,"reason":"Session reward","session_id":"session_abc123"},{"recipient_address":"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8","amount_usdt":3.25,"reason":"Node worker reward","node_id":"node_xyz789"}],"router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE"}}}}}},"responses":{"201":{"description":"Accepted, or the first answer again.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"Idempotency-Replayed":{"$ref":"#/components/headers/IdempotencyReplayed"},"Location":{"required":true,"description":"Where the batch is read.","schema":{"type":"string","pattern":"^/api/payment/payouts/batch/batch_"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Batch"},"examples":{"accepted":{"$ref":"#/components/examples/AcceptedBatch"}}}},"links":{"read":{"operationId":"getBatch","parameters":{"batch_id":"$response.body#/batch_id"}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"409":{"$ref":"#/components/responses/InProgress"},"408":{"$ref":"#/components/responses/RequestTimeout"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"422":{"$ref":"#/components/responses/Conflict"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/payouts/batch/{batch_id}":{"get":{"operationId":"getBatch","tags":["Batches"],"summary":"Read a batch","description":"Its status follows from its payouts. Somebody else's batch is 404. 30 requests a minute.","parameters":[{"name":"batch_id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/BatchID"}},{"$ref":"#/components/parameters/IfNoneMatch"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"The batch as it stands.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"ETag":{"$ref":"#/components/headers/ETag"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Batch"},"examples":{"accepted":{"$ref":"#/components/examples/AcceptedBatch"}}}}},"304":{"$ref":"#/components/responses/NotModified"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/payouts/{payout_id}/cancel":{"post":{"operationId":"cancelPayout","tags":["Payouts"],"summary":"Cancel a payout","description":"Possible until a transaction of it is planned; payouts that share its transfer go on in another one. 200 means cancelled for ever. 202 means that it is being cancelled: repeat the call, or read the payout.\nMay be repeated. 10 requests a minute, together with those of batches. A body is not read.\n","parameters":[{"name":"payout_id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/PayoutID"}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"It is cancelled.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Payout"}}}},"202":{"description":"It is being cancelled; nothing will be planned for it any more.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"Retry-After":{"$ref":"#/components/headers/RetryAfter"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Payout"}}}},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/NotCancellable"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/payouts/batch/{batch_id}/cancel":{"post":{"operationId":"cancelBatch","tags":["Batches"],"summary":"Cancel what can be cancelled of a batch","description":"The counts of the answer tell how many are cancelled; the others go on. 409 when none can be. 10 requests a minute, together\nwith those of payouts. A body is not read.\n","parameters":[{"name":"batch_id","in":"path","required":true,"schema":{"$ref":"#/components/schemas/BatchID"}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"At least one payout is cancelled.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Batch"}}}},"202":{"description":"Some are being cancelled.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"Retry-After":{"$ref":"#/components/headers/RetryAfter"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Batch"}}}},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"409":{"$ref":"#/components/responses/NotCancellable"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/stats":{"get":{"operationId":"getStatistics","tags":["Statistics"],"summary":"Statistics of a period that ends now","description":"Node operators get those of their own payouts, services and admins of all; not for end users. 20 requests a minute.","parameters":[{"name":"period","in":"query","description":"A month is 30 days.","schema":{"type":"string","enum":["hour","day","week","month"],"default":"day"}},{"name":"router_type","in":"query","schema":{"$ref":"#/components/schemas/RouterType"}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"The statistics.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Statistics"},"examples":{"day":{"value":{"period":"day","router_type":"all","total_payouts":150,"total_amount_usdt":1250.75,"success_rate":98.5,"average_amount_usdt":8.34,"payouts_by_router":{"PayoutRouterV0":{"count":120,"amount_usdt":950.5},"PayoutRouterKYC":{"count":30,"amount_usdt":300.25}},"circuit_breaker_status":"closed","daily_limit_usage":1250.75,"hourly_limit_usage":125.5,"generated_at":"2025-10-12T16:00:00.000Z"}}}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/admin/breaker":{"get":{"operationId":"getBreaker","tags":["Administration"],"summary":"The circuit breaker","description":"For administrators. 60 requests a minute below `/admin`.","parameters":[{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"$ref":"#/components/responses/BreakerState"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}},"post":{"operationId":"setBreaker","tags":["Administration"],"summary":"Open or close the circuit breaker","description":"While it is open nothing is accepted and nothing new is signed. What a person opened only a person closes. May be repeated.\n","parameters":[{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"requestBody":{"required":true,"description":"Unknown fields refused.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/BreakerRequest"},"examples":{"open":{"value":{"action":"open","reason":"The wallet is being moved"}}}}}},"responses":{"200":{"$ref":"#/components/responses/BreakerState"},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/RequestTimeout"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/admin/kyc":{"get":{"operationId":"listKYC","tags":["Administration"],"summary":"All KYC records, by address","parameters":[{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":100,"default":20}},{"name":"after","in":"query","description":"`next_after` of the page before.","schema":{"$ref":"#/components/schemas/Address"}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"A page.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,"required":["records","next_after"],"properties":{"records":{"type":"array","maxItems":100,"items":{"$ref":"#/components/schemas/KYCRecord"}},"next_after":{"type":["string","null"]}}}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}},"post":{"operationId":"addKYC","tags":["Administration"],"summary":"Record a recipient, in place of what was recorded before","description":"May be repeated. A record that was revoked is active again.","parameters":[{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"requestBody":{"required":true,"description":"Unknown fields refused.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/KYCRequest"},"examples":{"full":{"value":{"recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","level":"full","expires_at":"2027-01-01T00:00:00Z","reference_hash":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}}}}},"responses":{"200":{"$ref":"#/components/responses/KYCRecord"},"201":{"description":"There was none before.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"Location":{"required":true,"schema":{"type":"string"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/KYCRecord"}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"408":{"$ref":"#/components/responses/RequestTimeout"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/admin/kyc/{recipient_address}":{"get":{"operationId":"getKYC","tags":["Administration"],"summary":"A KYC record","parameters":[{"$ref":"#/components/parameters/RecipientAddress"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"$ref":"#/components/responses/KYCRecord"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/admin/kyc/{recipient_address}/revoke":{"post":{"operationId":"revokeKYC","tags":["Administration"],"summary":"Withdraw a KYC record","description":"Payouts to the recipient that have no transfer yet are held from now on. May be repeated.","parameters":[{"$ref":"#/components/parameters/RecipientAddress"},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"requestBody":{"required":true,"description":"Unknown fields refused.","content":{"application/json":{"schema":{"$ref":"#/components/schemas/RevocationRequest"},"examples":{"moved":{"value":{"reason":"The documents were forged"}}}}}},"responses":{"200":{"$ref":"#/components/responses/KYCRecord"},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"404":{"$ref":"#/components/responses/NotFound"},"408":{"$ref":"#/components/responses/RequestTimeout"},"413":{"$ref":"#/components/responses/TooLarge"},"415":{"$ref":"#/components/responses/UnsupportedMediaType"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/admin/audit-log":{"get":{"operationId":"getAuditLog","tags":["Administration"],"summary":"Who did what, when and from where","description":"Blocks in order, chained by their hashes.","parameters":[{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":50,"default":20}},{"name":"after","in":"query","description":"`next_after` of the page before.","schema":{"type":"integer","minimum":0,"maximum":2147483647,"default":0}},{"$ref":"#/components/parameters/RequestID"},{"$ref":"#/components/parameters/Traceparent"}],"responses":{"200":{"description":"A page.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"type":"object","additionalProperties":false,"required":["blocks","next_after"],"properties":{"blocks":{"type":"array","maxItems":50,"items":{"$ref":"#/components/schemas/AuditBlock"}},"next_after":{"type":["integer","null"]}}}}}},"400":{"$ref":"#/components/responses/BadRequest"},"401":{"$ref":"#/components/responses/Unauthenticated"},"403":{"$ref":"#/components/responses/Forbidden"},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"$ref":"#/components/responses/Unavailable"}}}},"/health":{"get":{"operationId":"getHealth","tags":["Operations"],"summary":"Health","description":"120 requests a minute from one address.","security":[],"responses":{"200":{"description":"`healthy`, or `degraded`: the chain or the broker is away, and payouts are accepted all the same.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Health"},"examples":{"healthy":{"value":{"status":"healthy","service":"tron-payment-service","version":"1.0.0","timestamp":"2025-10-12T16:00:00.000Z","checks":{"tron":{"status":"healthy","network":"mainnet","latest_block":12345678},"mongo":{"status":"healthy","connection":"active"},"kafka":{"status":"healthy"},"circuit_breaker":{"status":"closed","daily_limit_remaining":8749.25}}}}}}}},"429":{"$ref":"#/components/responses/TooManyRequests"},"500":{"$ref":"#/components/responses/InternalError"},"503":{"description":"`unhealthy`: the store is away, and nothing can be accepted.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Health"}}}}}}},"/livez":{"get":{"operationId":"getLiveness","tags":["Operations"],"summary":"Whether the process makes progress","security":[],"responses":{"200":{"description":"It does.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"text/plain":{"schema":{"type":"string"},"example":"ok\n"}}},"500":{"$ref":"#/components/responses/InternalError"},"503":{"description":"It does not; the text names the loops that stand still.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"text/plain":{"schema":{"type":"string"}}}}}}},"/readyz":{"get":{"operationId":"getReadiness","tags":["Operations"],"summary":"Whether every component can do its work","security":[],"responses":{"200":{"description":"Every one can.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Readiness"},"examples":{"ready":{"value":{"ready":true,"components":[{"name":"store","ready":true,"since":1767225600000}]}}}}}},"500":{"$ref":"#/components/responses/InternalError"},"503":{"description":"One cannot, or more.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Readiness"}}}}}}},"/metrics":{"get":{"operationId":"getMetrics","tags":["Operations"],"summary":"Metrics in the text format of Prometheus","security":[{"internalToken":[]}],"responses":{"200":{"description":"Every metric.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"text/plain":{"schema":{"type":"string"},"example":"# TYPE build_info gauge\nbuild_info{role=\"ingest\"} 1\n"}}},"401":{"$ref":"#/components/responses/Unauthenticated"},"500":{"$ref":"#/components/responses/InternalError"}}}},"/openapi.json":{"get":{"operationId":"getOpenAPI","tags":["Operations"],"summary":"This document","security":[],"responses":{"200":{"description":"OpenAPI 3.1.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"application/json":{"schema":{"type":"object","required":["openapi","info","paths"]}}}},"500":{"$ref":"#/components/responses/InternalError"}}}},"/docs":{"get":{"operationId":"getDocumentation","tags":["Operations"],"summary":"This document, for people","security":[],"responses":{"200":{"description":"One page that needs nothing else.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"text/html":{"schema":{"type":"string"}}}},"500":{"$ref":"#/components/responses/InternalError"}}}}},"components":{"securitySchemes":{"bearer":{"type":"http","scheme":"bearer","bearerFormat":"JWT","description":"HS256, RS256, ES256 or EdDSA. `sub` is the tenant, `role` is `end_user`, `node_operator`, `service` or `admin`, `exp` is required."},"gatewayToken":{"type":"apiKey","in":"header","name":"X-Internal-Token","description":"The gateway's secret; with `X-User-ID` and `X-User-Role`."},"gatewayUser":{"type":"apiKey","in":"header","name":"X-User-ID","description":"The tenant whom the gateway recognised."},"gatewayRole":{"type":"apiKey","in":"header","name":"X-User-Role","description":"The role of that tenant."},"internalToken":{"type":"apiKey","in":"header","name":"X-Internal-Token","description":"Other services of the house."}},"parameters":{"RecipientAddress":{"name":"recipient_address","in":"path","required":true,"schema":{"$ref":"#/components/schemas/Address"}},"IdempotencyKey":{"name":"Idempotency-Key","in":"header","description":"Your choice; it belongs to the tenant and never expires. The same key with the same request gives the first answer again,\nwith another request 422, while the first still runs 409.\n","schema":{"type":"string","pattern":"^[!-~]{1,255}$"}},"IfNoneMatch":{"name":"If-None-Match","in":"header","description":"An `ETag` from before, a list of them, or `*`.","schema":{"type":"string"}},"RequestID":{"name":"X-Request-ID","in":"header","description":"Kept when it has 1 to 128 characters of `A-Z a-z 0-9 . _ -`, else replaced.","schema":{"type":"string"}},"Traceparent":{"name":"traceparent","in":"header","description":"W3C Trace Context; continued when it is valid, else a new trace begins.","schema":{"type":"string"}}},"headers":{"RequestID":{"required":true,"description":"Names this call, in our logs as well.","schema":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,128}$"}},"ETag":{"required":true,"description":"Names this version. Of a final payout, `confirmations` are no part of it.","schema":{"type":"string","pattern":"^W/\"[0-9a-f]{32}\"$"}},"IdempotencyReplayed":{"description":"This is the first answer again.","schema":{"type":"string","const":"true"}},"RateLimitLimit":{"description":"Requests of a minute. Absent when nothing is counted.","schema":{"type":"integer","minimum":1}},"RateLimitRemaining":{"description":"What this minute still allows.","schema":{"type":"integer","minimum":0}},"RateLimitReset":{"description":"When the next minute begins, in seconds since 1970.","schema":{"type":"integer","minimum":0}},"RetryAfter":{"required":true,"description":"Seconds.","schema":{"type":"integer","minimum":1}}},"responses":{"BreakerState":{"description":"The breaker as it is now.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Breaker"},"examples":{"open":{"value":{"state":"open","cause":"by_hand","reason":"The wallet is being moved","since":"2026-01-01T00:00:00.000Z","by":"root","trials":0}}}}}},"KYCRecord":{"description":"The record.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/KYCRecord"}}}},"NotModified":{"description":"There is no news.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"ETag":{"$ref":"#/components/headers/ETag"}}},"BadRequest":{"description":"`LUCID_ERR_2001` recipient, `2002` limit of the day, `2003` limit of the hour or breaker, `2004` router, `2012` field or parameter, `2013` JSON, `2021` cursor.\n","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"},"Retry-After":{"description":"With `2002` and `2003`, when there is room again.","schema":{"type":"integer","minimum":1}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"},"examples":{"limit":{"value":{"error":{"code":"LUCID_ERR_2002","message":"Amount exceeds daily limit","details":{"reason":"daily_limit","limit":10000.0,"used":9990.5,"requested":20.0,"available_at":"2025-10-13T00:00:00.000Z"},"request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w","timestamp":"2025-10-12T15:25:00.000Z"}}},"field":{"value":{"error":{"code":"LUCID_ERR_2012","message":"Invalid field","details":{"errors":[{"field":"amount_usdt","reason":"too_many_decimals","message":"must have at most 2 decimals"}]},"request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w","timestamp":"2026-01-01T00:00:00.000Z"}}}}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"},"examples":{"json":{"value":{"type":"urn:lucid:error:2013","title":"Malformed JSON","status":400,"detail":"Malformed JSON","code":"LUCID_ERR_2013","details":{"reason":"ended_early","offset":1},"request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w","timestamp":"2026-01-01T00:00:00.000Z"}}}}}},"Unauthenticated":{"description":"`LUCID_ERR_2011`: nobody can be recognised.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"WWW-Authenticate":{"required":true,"schema":{"type":"string"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Forbidden":{"description":"`LUCID_ERR_2010`: the role may not do this.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"NotFound":{"description":"`LUCID_ERR_2005`: not there, or not yours.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"InProgress":{"description":"`LUCID_ERR_2019`: the same request is still running.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"Retry-After":{"$ref":"#/components/headers/RetryAfter"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"NotCancellable":{"description":"`LUCID_ERR_2020`: it goes on; `details.reason` tells why.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"RequestTimeout":{"description":"`LUCID_ERR_2025`: the body was not complete after 30 seconds. The connection closes.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"TooLarge":{"description":"`LUCID_ERR_2014`: larger than 256 KiB. The connection closes.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"UnsupportedMediaType":{"description":"`LUCID_ERR_2015`: not `application/json` in UTF-8, or compressed.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Conflict":{"description":"`LUCID_ERR_2018`: the key, or a `client_reference`, was used for something else.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"$ref":"#/components/headers/RateLimitLimit"},"X-RateLimit-Remaining":{"$ref":"#/components/headers/RateLimitRemaining"},"X-RateLimit-Reset":{"$ref":"#/components/headers/RateLimitReset"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"TooManyRequests":{"description":"`LUCID_ERR_2009`: more requests than a minute allows.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"X-RateLimit-Limit":{"required":true,"schema":{"type":"integer","minimum":1}},"X-RateLimit-Remaining":{"required":true,"schema":{"type":"integer","const":0}},"X-RateLimit-Reset":{"required":true,"schema":{"type":"integer","minimum":0}},"X-RateLimit-Retry-After":{"required":true,"schema":{"type":"integer","minimum":1}},"Retry-After":{"$ref":"#/components/headers/RetryAfter"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"InternalError":{"description":"`LUCID_ERR_2023`: our mistake.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}},"Unavailable":{"description":"`LUCID_ERR_2022`: something that we depend on does not answer.","headers":{"X-Request-ID":{"$ref":"#/components/headers/RequestID"},"Retry-After":{"$ref":"#/components/headers/RetryAfter"}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Error"}},"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}},"schemas":{"PayoutID":{"type":"string","description":"`payout_` and 26 characters that sort by time and cannot be guessed.","pattern":"^payout_[0-9a-hjkmnp-tv-z]{26}$"},"BatchID":{"type":"string","pattern":"^batch_[0-9a-hjkmnp-tv-z]{26}$"},"Address":{"type":"string","format":"tron-address","description":"A TRON address, base58check. The zero address, the USDT contract and our own wallets are refused.","pattern":"^T[1-9A-HJ-NP-Za-km-z]{33}$"},"Amount":{"description":"USDT, 0.01 to 10,000, at most two decimals, as a number or as text. Read character by character: no exponent, no sign.\n","oneOf":[{"type":"number","minimum":0.01,"maximum":10000,"multipleOf":0.01},{"type":"string","pattern":"^(?!0+(\\.0*)?$)(0|[1-9][0-9]{0,3})(\\.[0-9]{1,2}0*)?$|^10000(\\.0+)?$"}]},"RouterType":{"type":"string","enum":["PayoutRouterV0","PayoutRouterKYC"]},"Priority":{"type":"string","enum":["LOW","NORMAL","HIGH","URGENT"]},"BatchType":{"type":"string","description":"When it goes out; at once, or when the hour, the UTC day, the week that ends on Monday 00:00 UTC is over.","enum":["IMMEDIATE","HOURLY","DAILY","WEEKLY"]},"PayoutStatus":{"type":"string","enum":["pending","processing","confirmed","failed","cancelled"]},"DayOrInstant":{"anyOf":[{"type":"string","format":"date"},{"type":"string","format":"date-time"}]},"CustomData":{"type":["object","null"],"description":"At most 1,000 bytes without spaces between tokens. Never logged, never on the chain."},"ClientReference":{"type":["string","null"],"description":"Your own name of the payout, printable, unique per tenant for ever.","minLength":1,"maxLength":100,"pattern":"^[^\\u0000]*$"},"PayoutRequest":{"type":"object","additionalProperties":false,"required":["recipient_address","amount_usdt","reason","router_type"],"properties":{"recipient_address":{"$ref":"#/components/schemas/Address"},"amount_usdt":{"$ref":"#/components/schemas/Amount"},"reason":{"type":"string","minLength":1,"maxLength":200,"pattern":"^[^\\u0000]*$"},"router_type":{"$ref":"#/components/schemas/RouterType"},"priority":{"$ref":"#/components/schemas/Priority","default":"NORMAL"},"batch_type":{"$ref":"#/components/schemas/BatchType","default":"IMMEDIATE"},"session_id":{"type":["string","null"],"maxLength":50,"pattern":"^[^\\u0000]*$"},"node_id":{"type":["string","null"],"maxLength":50,"pattern":"^[^\\u0000]*$"},"custom_data":{"$ref":"#/components/schemas/CustomData"},"client_reference":{"$ref":"#/components/schemas/ClientReference"}}},"BatchItem":{"type":"object","additionalProperties":false,"required":["recipient_address","amount_usdt","reason"],"properties":{"recipient_address":{"$ref":"#/components/schemas/Address"},"amount_usdt":{"$ref":"#/components/schemas/Amount"},"reason":{"type":"string","minLength":1,"maxLength":200,"pattern":"^[^\\u0000]*$"},"session_id":{"type":["string","null"],"maxLength":50,"pattern":"^[^\\u0000]*$"},"node_id":{"type":["string","null"],"maxLength":50,"pattern":"^[^\\u0000]*$"},"custom_data":{"$ref":"#/components/schemas/CustomData"},"client_reference":{"$ref":"#/components/schemas/ClientReference"}}},"BatchRequest":{"type":"object","additionalProperties":false,"required":["payouts","router_type"],"properties":{"payouts":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/components/schemas/BatchItem"}},"router_type":{"$ref":"#/components/schemas/RouterType"},"priority":{"$ref":"#/components/schemas/Priority","default":"NORMAL"},"batch_type":{"$ref":"#/components/schemas/BatchType","default":"HOURLY"}}},"Payout":{"type":"object","additionalProperties":false,"required":["payout_id","status","status_detail","recipient_address","amount_usdt","reason","router_type","priority","batch_type","batch_id","session_id","node_id","custom_data","client_reference","txid","confirmations","block_number","block_timestamp","fee_trx","estimated_completion","created_at","confirmed_at","failure","request_id"],"properties":{"payout_id":{"$ref":"#/components/schemas/PayoutID"},"status":{"$ref":"#/components/schemas/PayoutStatus"},"status_detail":{"type":"string","description":"Finer than the status: `held:insufficient_usdt`, for instance."},"recipient_address":{"$ref":"#/components/schemas/Address"},"amount_usdt":{"type":"number","minimum":0.01,"maximum":10000},"reason":{"type":"string"},"router_type":{"$ref":"#/components/schemas/RouterType"},"priority":{"$ref":"#/components/schemas/Priority"},"batch_type":{"$ref":"#/components/schemas/BatchType"},"batch_id":{"type":["string","null"],"pattern":"^batch_"},"session_id":{"type":["string","null"]},"node_id":{"type":["string","null"]},"custom_data":{"type":["object","null"]},"client_reference":{"type":["string","null"]},"txid":{"type":["string","null"],"pattern":"^[0-9a-f]{64}$"},"confirmations":{"type":["integer","null"],"minimum":0,"description":"Blocks from its block to the head of the chain."},"block_number":{"type":["integer","null"]},"block_timestamp":{"type":["string","null"],"format":"date-time"},"fee_trx":{"type":["number","null"],"description":"What the chain charged."},"estimated_completion":{"type":["string","null"],"format":"date-time","description":"Null while held."},"created_at":{"type":"string","format":"date-time"},"confirmed_at":{"type":["string","null"],"format":"date-time"},"failure":{"oneOf":[{"$ref":"#/components/schemas/Failure"},{"type":"null"}]},"request_id":{"type":"string","description":"The call that created it."}}},"Failure":{"type":"object","additionalProperties":false,"required":["code","message","retryable","at"],"properties":{"code":{"type":"string","enum":["LUCID_ERR_2006","LUCID_ERR_2008"],"description":"`2008`: the chain refused it; `2006`: no block took it before it expired."},"message":{"type":"string"},"retryable":{"type":"boolean","description":"Whether the same payout made anew could succeed without a repair."},"at":{"type":"string","format":"date-time"}}},"PayoutList":{"type":"object","additionalProperties":false,"required":["payouts","pagination","filters"],"properties":{"payouts":{"type":"array","maxItems":100,"items":{"$ref":"#/components/schemas/Payout"}},"pagination":{"type":"object","additionalProperties":false,"required":["total","limit","offset","has_next","has_previous","next_cursor","total_is_exact"],"properties":{"total":{"type":"integer","minimum":0,"maximum":10000},"limit":{"type":"integer","minimum":1,"maximum":100},"offset":{"type":"integer","minimum":0},"has_next":{"type":"boolean"},"has_previous":{"type":"boolean"},"next_cursor":{"type":["string","null"]},"total_is_exact":{"type":"boolean","description":"False beyond 10,000, where counting ends."}}},"filters":{"type":"object","description":"The filters that were given."}}},"Batch":{"type":"object","additionalProperties":false,"required":["batch_id","status","total_payouts","completed_payouts","failed_payouts","pending_payouts","cancelled_payouts","total_amount_usdt","completed_amount_usdt","router_type","priority","batch_type","payout_ids","estimated_completion","created_at","request_id"],"properties":{"batch_id":{"$ref":"#/components/schemas/BatchID"},"status":{"type":"string","enum":["processing","completed","partially_failed","failed","cancelled"]},"total_payouts":{"type":"integer","minimum":1,"maximum":100,"description":"The sum of the other four."},"completed_payouts":{"type":"integer","minimum":0},"failed_payouts":{"type":"integer","minimum":0},"pending_payouts":{"type":"integer","minimum":0,"description":"Everything unfinished."},"cancelled_payouts":{"type":"integer","minimum":0},"total_amount_usdt":{"type":"number"},"completed_amount_usdt":{"type":"number"},"router_type":{"$ref":"#/components/schemas/RouterType"},"priority":{"$ref":"#/components/schemas/Priority"},"batch_type":{"$ref":"#/components/schemas/BatchType"},"payout_ids":{"type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/components/schemas/PayoutID"}},"estimated_completion":{"type":["string","null"],"format":"date-time"},"created_at":{"type":"string","format":"date-time"},"request_id":{"type":"string"}}},"RouterSum":{"type":"object","additionalProperties":false,"required":["count","amount_usdt"],"properties":{"count":{"type":"integer","minimum":0},"amount_usdt":{"type":"number","minimum":0}}},"Statistics":{"type":"object","additionalProperties":false,"required":["period","router_type","total_payouts","total_amount_usdt","success_rate","average_amount_usdt","payouts_by_router","circuit_breaker_status","daily_limit_usage","hourly_limit_usage","generated_at"],"properties":{"period":{"type":"string","enum":["hour","day","week","month"]},"router_type":{"type":"string","enum":["all","PayoutRouterV0","PayoutRouterKYC"]},"total_payouts":{"type":"integer","minimum":0},"total_amount_usdt":{"type":"number","minimum":0},"success_rate":{"type":["number","null"],"minimum":0,"maximum":100,"description":"Percent of what has ended; null when nothing has."},"average_amount_usdt":{"type":["number","null"]},"payouts_by_router":{"type":"object","additionalProperties":false,"properties":{"PayoutRouterV0":{"$ref":"#/components/schemas/RouterSum"},"PayoutRouterKYC":{"$ref":"#/components/schemas/RouterSum"}}},"circuit_breaker_status":{"type":"string","enum":["closed","open","half_open"]},"daily_limit_usage":{"type":"number","minimum":0},"hourly_limit_usage":{"type":"number","minimum":0},"generated_at":{"type":"string","format":"date-time"}}},"Health":{"type":"object","additionalProperties":false,"required":["status","service","version","timestamp","checks"],"properties":{"status":{"type":"string","enum":["healthy","degraded","unhealthy"]},"service":{"const":"tron-payment-service"},"version":{"type":"string"},"timestamp":{"type":"string","format":"date-time"},"checks":{"type":"object","additionalProperties":false,"required":["tron","mongo","kafka","circuit_breaker"],"properties":{"tron":{"type":"object","required":["status","network","latest_block"],"properties":{"status":{"$ref":"#/components/schemas/CheckStatus"},"network":{"type":"string"},"latest_block":{"type":["integer","null"]}}},"mongo":{"type":"object","required":["status","connection"],"properties":{"status":{"$ref":"#/components/schemas/CheckStatus"},"connection":{"type":"string","enum":["active","inactive"]}}},"kafka":{"type":"object","required":["status"],"properties":{"status":{"$ref":"#/components/schemas/CheckStatus"}}},"circuit_breaker":{"type":"object","required":["status","daily_limit_remaining"],"properties":{"status":{"type":"string","enum":["closed","open","half_open","unknown"]},"daily_limit_remaining":{"type":["number","null"]}}}}}}},"Breaker":{"type":"object","additionalProperties":false,"required":["state","cause","reason","since","by","trials"],"properties":{"state":{"type":"string","enum":["closed","open","half_open"]},"cause":{"description":"Why it is open or half-open. The first three stay until a person closes it.","enum":["by_hand","foreign_spend","audit_mismatch","consecutive_failures","failure_rate",null]},"reason":{"type":["string","null"]},"since":{"type":["string","null"],"format":"date-time"},"by":{"type":["string","null"]},"trials":{"type":"integer","minimum":0,"description":"Transfers that a half-open breaker let through."}}},"BreakerRequest":{"type":"object","additionalProperties":false,"required":["action","reason"],"properties":{"action":{"type":"string","enum":["open","close"]},"reason":{"$ref":"#/components/schemas/Words"}}},"RevocationRequest":{"type":"object","additionalProperties":false,"required":["reason"],"properties":{"reason":{"$ref":"#/components/schemas/Words"}}},"Words":{"type":"string","minLength":1,"maxLength":200,"description":"Printable characters."},"KYCRequest":{"type":"object","additionalProperties":false,"required":["recipient_address","level","expires_at","reference_hash"],"properties":{"recipient_address":{"$ref":"#/components/schemas/Address"},"level":{"type":"string","minLength":1,"maxLength":32,"description":"Printable characters."},"expires_at":{"type":"string","format":"date-time"},"reference_hash":{"type":"string","pattern":"^[0-9a-f]{64}$","description":"SHA-256 of the evidence."}}},"KYCRecord":{"type":"object","additionalProperties":false,"required":["recipient_address","status","level","expires_at","reference_hash","recorded_at","recorded_by","revoked_at","revoked_by","revocation_reason"],"properties":{"recipient_address":{"type":"string"},"status":{"type":"string","enum":["active","expired","revoked"]},"level":{"type":"string"},"expires_at":{"type":"string"},"reference_hash":{"type":"string"},"recorded_at":{"type":"string","format":"date-time"},"recorded_by":{"type":"string"},"revoked_at":{"type":["string","null"],"format":"date-time"},"revoked_by":{"type":["string","null"]},"revocation_reason":{"type":["string","null"]}}},"AuditBlock":{"type":"object","additionalProperties":false,"required":["number","at","writer","dropped","previous","hash","entries"],"properties":{"number":{"type":"integer","minimum":1},"at":{"type":"string","format":"date-time"},"writer":{"type":"string"},"dropped":{"type":"integer","minimum":0},"previous":{"type":"string","pattern":"^[0-9a-f]{64}$"},"hash":{"type":"string","pattern":"^[0-9a-f]{64}$"},"entries":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["kind","action","at","who","role","from","request_id","subjects","note","count"],"properties":{"kind":{"type":"string","enum":["admission","authentication_refused","cancel","breaker","kyc"]},"action":{"type":"string"},"at":{"type":"string","format":"date-time"},"who":{"type":["string","null"]},"role":{"type":["string","null"]},"from":{"type":["string","null"]},"request_id":{"type":["string","null"]},"subjects":{"type":"array","items":{"type":"string"}},"note":{"type":["string","null"]},"count":{"type":"integer","minimum":1}}}}}},"CheckStatus":{"type":"string","enum":["healthy","unhealthy"]},"Readiness":{"type":"object","required":["ready","components"],"properties":{"ready":{"type":"boolean"},"components":{"type":"array","items":{"type":"object","required":["name","ready","since"],"properties":{"name":{"type":"string"},"ready":{"type":"boolean"},"reason":{"type":"string"},"since":{"type":"integer","description":"Milliseconds since 1970."}}}}}},"ErrorCode":{"type":"string","pattern":"^LUCID_ERR_20(0[1-9]|1[0-9]|2[0-35])$"},"ErrorDetails":{"type":"object","properties":{"reason":{"type":"string","description":"A stable word for programs."},"errors":{"type":"array","maxItems":1010,"items":{"type":"object","required":["field","reason","message"],"properties":{"index":{"type":"integer","minimum":0,"description":"The item of a batch."},"field":{"type":"string"},"reason":{"type":"string"},"message":{"type":"string"}}}}}},"Error":{"type":"object","additionalProperties":false,"required":["error"],"properties":{"error":{"type":"object","additionalProperties":false,"required":["code","message","details","request_id","timestamp"],"properties":{"code":{"$ref":"#/components/schemas/ErrorCode"},"message":{"type":"string"},"details":{"$ref":"#/components/schemas/ErrorDetails"},"request_id":{"type":"string"},"timestamp":{"type":"string","format":"date-time"}}}}},"Problem":{"type":"object","additionalProperties":false,"required":["type","title","status","detail","code","details","request_id","timestamp"],"properties":{"type":{"type":"string","pattern":"^urn:lucid:error:20[0-9]{2}$"},"title":{"type":"string"},"status":{"type":"integer","minimum":400,"maximum":599},"detail":{"type":"string"},"code":{"$ref":"#/components/schemas/ErrorCode"},"details":{"$ref":"#/components/schemas/ErrorDetails"},"request_id":{"type":"string"},"timestamp":{"type":"string","format":"date-time"}}}},"examples":{"AcceptedPayout":{"value":{"payout_id":"payout_01kdv2g2h0jx4m7p9r3s5t6v8w","status":"pending","recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.5,"reason":"Session completion reward","router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE","batch_id":null,"session_id":"session_abc123","node_id":"node_xyz789","custom_data":{"work_credits":150,"session_duration":3600},"client_reference":null,"txid":null,"confirmations":null,"block_number":null,"block_timestamp":null,"fee_trx":null,"estimated_completion":"2025-10-12T15:26:30.000Z","created_at":"2025-10-12T15:25:00.000Z","confirmed_at":null,"request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w","status_detail":"accepted","failure":null}},"ConfirmedPayout":{"value":{"payout_id":"payout_01kdv2g2h0jx4m7p9r3s5t6v8w","status":"confirmed","recipient_address":"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL","amount_usdt":5.5,"reason":"Session completion reward","router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE","batch_id":null,"session_id":"session_abc123","node_id":"node_xyz789","custom_data":{"work_credits":150,"session_duration":3600},"client_reference":null,"txid":"7c2d4206c03a883dd9066d6c839e0ddfd7f3c9a8c3a1c0dbb7d0ae2c2e9b2f10","confirmations":19,"block_number":12345678,"block_timestamp":"2025-10-12T15:25:06.000Z","fee_trx":13.8445,"estimated_completion":"2025-10-12T15:26:30.000Z","created_at":"2025-10-12T15:25:00.000Z","confirmed_at":"2025-10-12T15:26:04.000Z","request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w","status_detail":"paid","failure":null}},"AcceptedBatch":{"value":{"batch_id":"batch_01kdv2g2h0jx4m7p9r3s5t6v8w","status":"processing","total_payouts":2,"completed_payouts":0,"failed_payouts":0,"pending_payouts":2,"cancelled_payouts":0,"total_amount_usdt":8.75,"completed_amount_usdt":0.0,"router_type":"PayoutRouterV0","priority":"NORMAL","batch_type":"IMMEDIATE","payout_ids":["payout_01kdv2g2h0jx4m7p9r3s5t6v8w","payout_01kdv2g2h0jx4m7p9r3s5t6v8x"],"estimated_completion":"2025-10-12T15:46:30.000Z","created_at":"2025-10-12T15:45:00.000Z","request_id":"req_01kdv2g2h0jx4m7p9r3s5t6v8w"}}}}}"##

  /// The digest of the page's style, which its Content-Security-Policy allows by it.
  static let styleDigest = "s+mQc93pSptYcHqdqlIMLeA3o5abhBC+d8iIp/SvK88="

  /// The same for people.
  static let page = ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>TRON payouts 1.0.0</title>
<style>
:root { color-scheme: light dark; --line: #8884; --dim: #888; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; }
code, pre { font: 0.9em/1.45 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.7rem; border: 1px solid var(--line); border-radius: 6px; }
h2 { border-bottom: 1px solid var(--line); margin-top: 2.5rem; }
h3 { margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.75rem 0.25rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: normal; }
.method { font-weight: bold; }
.dim { color: var(--dim); }
nav a { margin-right: 1rem; }
</style>
</head>
<body>
<h1>TRON payouts <span class=dim>1.0.0</span></h1>
<p>A request becomes one USDT transfer on TRON, exactly once.</p>
<p>An accepted payout is paid exactly once or reported as not paid. Set an <code>Idempotency-Key</code> on every POST, and repeat a call
that timed out with the same key.</p>
<p>Every answer has <code>X-Request-ID</code>. Errors come in one envelope, or as RFC 9457 with <code>Accept: application/problem+json</code>.
Requests are counted by the minute, for each tenant or address; what is counted answers with <code>X-RateLimit-*</code>.</p>
<p>Every path is below <code>/api/payment</code>. For programs: <a href="openapi.json">openapi.json</a>.</p>
<nav><a href="#Payouts">Payouts</a><a href="#Batches">Batches</a><a href="#Statistics">Statistics</a><a href="#Operations">Operations</a><a href="#Administration">Administration</a><a href="#Authentication">Authentication</a><a href="#Schemas">Schemas</a></nav>
<h2 id="Payouts">Payouts</h2>
<h3 id="listPayouts"><span class=method>GET</span> <code>/payouts</code></h3>
<p>List payouts.</p>
<p>Newest first. End users and node operators see their own payouts, services and admins all. Read on by <code>cursor</code>: a walk sees
each payout that was there when it began exactly once. 30 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>status</code></td><td>query</td><td><a href="#schema-PayoutStatus">PayoutStatus</a></td><td></td></tr>
<tr><td><code>router_type</code></td><td>query</td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>limit</code></td><td>query</td><td>integer <span class=dim>from 1, to 100</span>, default <code>20</code></td><td></td></tr>
<tr><td><code>offset</code></td><td>query</td><td>integer <span class=dim>from 0, to 10000</span>, default <code>0</code></td><td>Deeper than 10,000 goes by cursor only.</td></tr>
<tr><td><code>start_date</code></td><td>query</td><td><a href="#schema-DayOrInstant">DayOrInstant</a></td><td>An instant, or a day in UTC.</td></tr>
<tr><td><code>end_date</code></td><td>query</td><td><a href="#schema-DayOrInstant">DayOrInstant</a></td><td>An instant, or a day in UTC, which is included.</td></tr>
<tr><td><code>cursor</code></td><td>query</td><td>string <span class=dim>at least 1</span></td><td><code>pagination.next_cursor</code> of the page before, with the same filters and without <code>offset</code>.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-PayoutList">PayoutList</a></td><td>A page.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;payouts&quot;: [],
  &quot;pagination&quot;: {
    &quot;total&quot;: 0,
    &quot;limit&quot;: 20,
    &quot;offset&quot;: 0,
    &quot;has_next&quot;: false,
    &quot;has_previous&quot;: false,
    &quot;next_cursor&quot;: null,
    &quot;total_is_exact&quot;: true
  },
  &quot;filters&quot;: {
    &quot;status&quot;: &quot;confirmed&quot;
  }
}</pre>
<h3 id="createPayout"><span class=method>POST</span> <code>/payouts</code></h3>
<p>Create a payout.</p>
<p>From the answer 201 on the payout is stored durably and accepted. A 503 with <code>details.reason</code> <code>outcome_unknown</code> means that
it may be: repeat the call with the same key. 10 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>Idempotency-Key</code></td><td>header</td><td>string <span class=dim><code>^[!-~]{1,255}$</code></span></td><td>Your choice; it belongs to the tenant and never expires. The same key with the same request gives the first answer again,
with another request 422, while the first still runs 409.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<p>Body: <a href="#schema-PayoutRequest">PayoutRequest</a>. At most 256 KiB, UTF-8, unknown fields refused.</p>
<pre>{
  &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
  &quot;amount_usdt&quot;: 5.5,
  &quot;reason&quot;: &quot;Session completion reward&quot;,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;session_id&quot;: &quot;session_abc123&quot;,
  &quot;node_id&quot;: &quot;node_xyz789&quot;,
  &quot;custom_data&quot;: {
    &quot;work_credits&quot;: 150,
    &quot;session_duration&quot;: 3600
  }
}</pre>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>201</code></td><td><a href="#schema-Payout">Payout</a></td><td>Accepted, or the first answer again.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>409</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2019</code>: the same request is still running.</td></tr>
<tr><td><code>408</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2025</code>: the body was not complete after 30 seconds. The connection closes.</td></tr>
<tr><td><code>413</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2014</code>: larger than 256 KiB. The connection closes.</td></tr>
<tr><td><code>415</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2015</code>: not <code>application/json</code> in UTF-8, or compressed.</td></tr>
<tr><td><code>422</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2018</code>: the key, or a <code>client_reference</code>, was used for something else.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;payout_id&quot;: &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status&quot;: &quot;pending&quot;,
  &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
  &quot;amount_usdt&quot;: 5.5,
  &quot;reason&quot;: &quot;Session completion reward&quot;,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;batch_id&quot;: null,
  &quot;session_id&quot;: &quot;session_abc123&quot;,
  &quot;node_id&quot;: &quot;node_xyz789&quot;,
  &quot;custom_data&quot;: {
    &quot;work_credits&quot;: 150,
    &quot;session_duration&quot;: 3600
  },
  &quot;client_reference&quot;: null,
  &quot;txid&quot;: null,
  &quot;confirmations&quot;: null,
  &quot;block_number&quot;: null,
  &quot;block_timestamp&quot;: null,
  &quot;fee_trx&quot;: null,
  &quot;estimated_completion&quot;: &quot;2025-10-12T15:26:30.000Z&quot;,
  &quot;created_at&quot;: &quot;2025-10-12T15:25:00.000Z&quot;,
  &quot;confirmed_at&quot;: null,
  &quot;request_id&quot;: &quot;req_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status_detail&quot;: &quot;accepted&quot;,
  &quot;failure&quot;: null
}</pre>
<h3 id="getPayout"><span class=method>GET</span> <code>/payouts/{payout_id}</code></h3>
<p>Read a payout.</p>
<p>Somebody else&#x27;s payout is 404. 60 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>payout_id</code></td><td>path</td><td><a href="#schema-PayoutID">PayoutID</a></td><td></td></tr>
<tr><td><code>If-None-Match</code></td><td>header</td><td>string</td><td>An <code>ETag</code> from before, a list of them, or <code>*</code>.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Payout">Payout</a></td><td>The payout as it stands.</td></tr>
<tr><td><code>304</code></td><td></td><td>There is no news.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;payout_id&quot;: &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status&quot;: &quot;pending&quot;,
  &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
  &quot;amount_usdt&quot;: 5.5,
  &quot;reason&quot;: &quot;Session completion reward&quot;,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;batch_id&quot;: null,
  &quot;session_id&quot;: &quot;session_abc123&quot;,
  &quot;node_id&quot;: &quot;node_xyz789&quot;,
  &quot;custom_data&quot;: {
    &quot;work_credits&quot;: 150,
    &quot;session_duration&quot;: 3600
  },
  &quot;client_reference&quot;: null,
  &quot;txid&quot;: null,
  &quot;confirmations&quot;: null,
  &quot;block_number&quot;: null,
  &quot;block_timestamp&quot;: null,
  &quot;fee_trx&quot;: null,
  &quot;estimated_completion&quot;: &quot;2025-10-12T15:26:30.000Z&quot;,
  &quot;created_at&quot;: &quot;2025-10-12T15:25:00.000Z&quot;,
  &quot;confirmed_at&quot;: null,
  &quot;request_id&quot;: &quot;req_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status_detail&quot;: &quot;accepted&quot;,
  &quot;failure&quot;: null
}</pre>
<pre>{
  &quot;payout_id&quot;: &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status&quot;: &quot;confirmed&quot;,
  &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
  &quot;amount_usdt&quot;: 5.5,
  &quot;reason&quot;: &quot;Session completion reward&quot;,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;batch_id&quot;: null,
  &quot;session_id&quot;: &quot;session_abc123&quot;,
  &quot;node_id&quot;: &quot;node_xyz789&quot;,
  &quot;custom_data&quot;: {
    &quot;work_credits&quot;: 150,
    &quot;session_duration&quot;: 3600
  },
  &quot;client_reference&quot;: null,
  &quot;txid&quot;: &quot;7c2d4206c03a883dd9066d6c839e0ddfd7f3c9a8c3a1c0dbb7d0ae2c2e9b2f10&quot;,
  &quot;confirmations&quot;: 19,
  &quot;block_number&quot;: 12345678,
  &quot;block_timestamp&quot;: &quot;2025-10-12T15:25:06.000Z&quot;,
  &quot;fee_trx&quot;: 13.8445,
  &quot;estimated_completion&quot;: &quot;2025-10-12T15:26:30.000Z&quot;,
  &quot;created_at&quot;: &quot;2025-10-12T15:25:00.000Z&quot;,
  &quot;confirmed_at&quot;: &quot;2025-10-12T15:26:04.000Z&quot;,
  &quot;request_id&quot;: &quot;req_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status_detail&quot;: &quot;paid&quot;,
  &quot;failure&quot;: null
}</pre>
<h3 id="cancelPayout"><span class=method>POST</span> <code>/payouts/{payout_id}/cancel</code></h3>
<p>Cancel a payout.</p>
<p>Possible until a transaction of it is planned; payouts that share its transfer go on in another one. 200 means cancelled for ever. 202 means that it is being cancelled: repeat the call, or read the payout.
May be repeated. 10 requests a minute, together with those of batches. A body is not read.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>payout_id</code></td><td>path</td><td><a href="#schema-PayoutID">PayoutID</a></td><td></td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Payout">Payout</a></td><td>It is cancelled.</td></tr>
<tr><td><code>202</code></td><td><a href="#schema-Payout">Payout</a></td><td>It is being cancelled; nothing will be planned for it any more.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>409</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2020</code>: it goes on; <code>details.reason</code> tells why.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h2 id="Batches">Batches</h2>
<h3 id="createBatch"><span class=method>POST</span> <code>/payouts/batch</code></h3>
<p>Create many payouts at once.</p>
<p>All or nothing: one bad item refuses the batch, and <code>details.errors</code> names the faults of all items by index. Afterwards each
payout is on its own. Not for end users. 5 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>Idempotency-Key</code></td><td>header</td><td>string <span class=dim><code>^[!-~]{1,255}$</code></span></td><td>Your choice; it belongs to the tenant and never expires. The same key with the same request gives the first answer again,
with another request 422, while the first still runs 409.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<p>Body: <a href="#schema-BatchRequest">BatchRequest</a>. At most 256 KiB, UTF-8, unknown fields refused.</p>
<pre>{
  &quot;payouts&quot;: [
    {
      &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
      &quot;amount_usdt&quot;: 5.5,
      &quot;reason&quot;: &quot;Session reward&quot;,
      &quot;session_id&quot;: &quot;session_abc123&quot;
    },
    {
      &quot;recipient_address&quot;: &quot;TJRabPrwbZy45sbavfcjinPJC18kjpRTv8&quot;,
      &quot;amount_usdt&quot;: 3.25,
      &quot;reason&quot;: &quot;Node worker reward&quot;,
      &quot;node_id&quot;: &quot;node_xyz789&quot;
    }
  ],
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;
}</pre>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>201</code></td><td><a href="#schema-Batch">Batch</a></td><td>Accepted, or the first answer again.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>409</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2019</code>: the same request is still running.</td></tr>
<tr><td><code>408</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2025</code>: the body was not complete after 30 seconds. The connection closes.</td></tr>
<tr><td><code>413</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2014</code>: larger than 256 KiB. The connection closes.</td></tr>
<tr><td><code>415</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2015</code>: not <code>application/json</code> in UTF-8, or compressed.</td></tr>
<tr><td><code>422</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2018</code>: the key, or a <code>client_reference</code>, was used for something else.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;batch_id&quot;: &quot;batch_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status&quot;: &quot;processing&quot;,
  &quot;total_payouts&quot;: 2,
  &quot;completed_payouts&quot;: 0,
  &quot;failed_payouts&quot;: 0,
  &quot;pending_payouts&quot;: 2,
  &quot;cancelled_payouts&quot;: 0,
  &quot;total_amount_usdt&quot;: 8.75,
  &quot;completed_amount_usdt&quot;: 0.0,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;payout_ids&quot;: [
    &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
    &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8x&quot;
  ],
  &quot;estimated_completion&quot;: &quot;2025-10-12T15:46:30.000Z&quot;,
  &quot;created_at&quot;: &quot;2025-10-12T15:45:00.000Z&quot;,
  &quot;request_id&quot;: &quot;req_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;
}</pre>
<h3 id="getBatch"><span class=method>GET</span> <code>/payouts/batch/{batch_id}</code></h3>
<p>Read a batch.</p>
<p>Its status follows from its payouts. Somebody else&#x27;s batch is 404. 30 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>batch_id</code></td><td>path</td><td><a href="#schema-BatchID">BatchID</a></td><td></td></tr>
<tr><td><code>If-None-Match</code></td><td>header</td><td>string</td><td>An <code>ETag</code> from before, a list of them, or <code>*</code>.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Batch">Batch</a></td><td>The batch as it stands.</td></tr>
<tr><td><code>304</code></td><td></td><td>There is no news.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;batch_id&quot;: &quot;batch_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
  &quot;status&quot;: &quot;processing&quot;,
  &quot;total_payouts&quot;: 2,
  &quot;completed_payouts&quot;: 0,
  &quot;failed_payouts&quot;: 0,
  &quot;pending_payouts&quot;: 2,
  &quot;cancelled_payouts&quot;: 0,
  &quot;total_amount_usdt&quot;: 8.75,
  &quot;completed_amount_usdt&quot;: 0.0,
  &quot;router_type&quot;: &quot;PayoutRouterV0&quot;,
  &quot;priority&quot;: &quot;NORMAL&quot;,
  &quot;batch_type&quot;: &quot;IMMEDIATE&quot;,
  &quot;payout_ids&quot;: [
    &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;,
    &quot;payout_01kdv2g2h0jx4m7p9r3s5t6v8x&quot;
  ],
  &quot;estimated_completion&quot;: &quot;2025-10-12T15:46:30.000Z&quot;,
  &quot;created_at&quot;: &quot;2025-10-12T15:45:00.000Z&quot;,
  &quot;request_id&quot;: &quot;req_01kdv2g2h0jx4m7p9r3s5t6v8w&quot;
}</pre>
<h3 id="cancelBatch"><span class=method>POST</span> <code>/payouts/batch/{batch_id}/cancel</code></h3>
<p>Cancel what can be cancelled of a batch.</p>
<p>The counts of the answer tell how many are cancelled; the others go on. 409 when none can be. 10 requests a minute, together
with those of payouts. A body is not read.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>batch_id</code></td><td>path</td><td><a href="#schema-BatchID">BatchID</a></td><td></td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Batch">Batch</a></td><td>At least one payout is cancelled.</td></tr>
<tr><td><code>202</code></td><td><a href="#schema-Batch">Batch</a></td><td>Some are being cancelled.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>409</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2020</code>: it goes on; <code>details.reason</code> tells why.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h2 id="Statistics">Statistics</h2>
<h3 id="getStatistics"><span class=method>GET</span> <code>/stats</code></h3>
<p>Statistics of a period that ends now.</p>
<p>Node operators get those of their own payouts, services and admins of all; not for end users. 20 requests a minute.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>period</code></td><td>query</td><td><code>&quot;hour&quot;</code>, <code>&quot;day&quot;</code>, <code>&quot;week&quot;</code>, <code>&quot;month&quot;</code>, default <code>day</code></td><td>A month is 30 days.</td></tr>
<tr><td><code>router_type</code></td><td>query</td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Statistics">Statistics</a></td><td>The statistics.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;period&quot;: &quot;day&quot;,
  &quot;router_type&quot;: &quot;all&quot;,
  &quot;total_payouts&quot;: 150,
  &quot;total_amount_usdt&quot;: 1250.75,
  &quot;success_rate&quot;: 98.5,
  &quot;average_amount_usdt&quot;: 8.34,
  &quot;payouts_by_router&quot;: {
    &quot;PayoutRouterV0&quot;: {
      &quot;count&quot;: 120,
      &quot;amount_usdt&quot;: 950.5
    },
    &quot;PayoutRouterKYC&quot;: {
      &quot;count&quot;: 30,
      &quot;amount_usdt&quot;: 300.25
    }
  },
  &quot;circuit_breaker_status&quot;: &quot;closed&quot;,
  &quot;daily_limit_usage&quot;: 1250.75,
  &quot;hourly_limit_usage&quot;: 125.5,
  &quot;generated_at&quot;: &quot;2025-10-12T16:00:00.000Z&quot;
}</pre>
<h2 id="Operations">Operations</h2>
<h3 id="getHealth"><span class=method>GET</span> <code>/health</code></h3>
<p>Health.</p>
<p>120 requests a minute from one address.</p>
<p class=dim>Public.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Health">Health</a></td><td><code>healthy</code>, or <code>degraded</code>: the chain or the broker is away, and payouts are accepted all the same.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Health">Health</a></td><td><code>unhealthy</code>: the store is away, and nothing can be accepted.</td></tr>
</table>
<pre>{
  &quot;status&quot;: &quot;healthy&quot;,
  &quot;service&quot;: &quot;tron-payment-service&quot;,
  &quot;version&quot;: &quot;1.0.0&quot;,
  &quot;timestamp&quot;: &quot;2025-10-12T16:00:00.000Z&quot;,
  &quot;checks&quot;: {
    &quot;tron&quot;: {
      &quot;status&quot;: &quot;healthy&quot;,
      &quot;network&quot;: &quot;mainnet&quot;,
      &quot;latest_block&quot;: 12345678
    },
    &quot;mongo&quot;: {
      &quot;status&quot;: &quot;healthy&quot;,
      &quot;connection&quot;: &quot;active&quot;
    },
    &quot;kafka&quot;: {
      &quot;status&quot;: &quot;healthy&quot;
    },
    &quot;circuit_breaker&quot;: {
      &quot;status&quot;: &quot;closed&quot;,
      &quot;daily_limit_remaining&quot;: 8749.25
    }
  }
}</pre>
<h3 id="getLiveness"><span class=method>GET</span> <code>/livez</code></h3>
<p>Whether the process makes progress.</p>

<p class=dim>Public.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>string</td><td>It does.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td>string</td><td>It does not; the text names the loops that stand still.</td></tr>
</table>
<h3 id="getReadiness"><span class=method>GET</span> <code>/readyz</code></h3>
<p>Whether every component can do its work.</p>

<p class=dim>Public.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Readiness">Readiness</a></td><td>Every one can.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Readiness">Readiness</a></td><td>One cannot, or more.</td></tr>
</table>
<pre>{
  &quot;ready&quot;: true,
  &quot;components&quot;: [
    {
      &quot;name&quot;: &quot;store&quot;,
      &quot;ready&quot;: true,
      &quot;since&quot;: 1767225600000
    }
  ]
}</pre>
<h3 id="getMetrics"><span class=method>GET</span> <code>/metrics</code></h3>
<p>Metrics in the text format of Prometheus.</p>

<p class=dim>Needs internalToken.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>string</td><td>Every metric.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
</table>
<h3 id="getOpenAPI"><span class=method>GET</span> <code>/openapi.json</code></h3>
<p>This document.</p>

<p class=dim>Public.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>object</td><td>OpenAPI 3.1.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
</table>
<h3 id="getDocumentation"><span class=method>GET</span> <code>/docs</code></h3>
<p>This document, for people.</p>

<p class=dim>Public.</p>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>string</td><td>One page that needs nothing else.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
</table>
<h2 id="Administration">Administration</h2>
<h3 id="getBreaker"><span class=method>GET</span> <code>/admin/breaker</code></h3>
<p>The circuit breaker.</p>
<p>For administrators. 60 requests a minute below <code>/admin</code>.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Breaker">Breaker</a></td><td>The breaker as it is now.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;state&quot;: &quot;open&quot;,
  &quot;cause&quot;: &quot;by_hand&quot;,
  &quot;reason&quot;: &quot;The wallet is being moved&quot;,
  &quot;since&quot;: &quot;2026-01-01T00:00:00.000Z&quot;,
  &quot;by&quot;: &quot;root&quot;,
  &quot;trials&quot;: 0
}</pre>
<h3 id="setBreaker"><span class=method>POST</span> <code>/admin/breaker</code></h3>
<p>Open or close the circuit breaker.</p>
<p>While it is open nothing is accepted and nothing new is signed. What a person opened only a person closes. May be repeated.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<p>Body: <a href="#schema-BreakerRequest">BreakerRequest</a>. Unknown fields refused.</p>
<pre>{
  &quot;action&quot;: &quot;open&quot;,
  &quot;reason&quot;: &quot;The wallet is being moved&quot;
}</pre>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-Breaker">Breaker</a></td><td>The breaker as it is now.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>408</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2025</code>: the body was not complete after 30 seconds. The connection closes.</td></tr>
<tr><td><code>413</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2014</code>: larger than 256 KiB. The connection closes.</td></tr>
<tr><td><code>415</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2015</code>: not <code>application/json</code> in UTF-8, or compressed.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<pre>{
  &quot;state&quot;: &quot;open&quot;,
  &quot;cause&quot;: &quot;by_hand&quot;,
  &quot;reason&quot;: &quot;The wallet is being moved&quot;,
  &quot;since&quot;: &quot;2026-01-01T00:00:00.000Z&quot;,
  &quot;by&quot;: &quot;root&quot;,
  &quot;trials&quot;: 0
}</pre>
<h3 id="listKYC"><span class=method>GET</span> <code>/admin/kyc</code></h3>
<p>All KYC records, by address.</p>

<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>limit</code></td><td>query</td><td>integer <span class=dim>from 1, to 100</span>, default <code>20</code></td><td></td></tr>
<tr><td><code>after</code></td><td>query</td><td><a href="#schema-Address">Address</a></td><td><code>next_after</code> of the page before.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>object</td><td>A page.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h3 id="addKYC"><span class=method>POST</span> <code>/admin/kyc</code></h3>
<p>Record a recipient, in place of what was recorded before.</p>
<p>May be repeated. A record that was revoked is active again.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<p>Body: <a href="#schema-KYCRequest">KYCRequest</a>. Unknown fields refused.</p>
<pre>{
  &quot;recipient_address&quot;: &quot;TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL&quot;,
  &quot;level&quot;: &quot;full&quot;,
  &quot;expires_at&quot;: &quot;2027-01-01T00:00:00Z&quot;,
  &quot;reference_hash&quot;: &quot;e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855&quot;
}</pre>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-KYCRecord">KYCRecord</a></td><td>The record.</td></tr>
<tr><td><code>201</code></td><td><a href="#schema-KYCRecord">KYCRecord</a></td><td>There was none before.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>408</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2025</code>: the body was not complete after 30 seconds. The connection closes.</td></tr>
<tr><td><code>413</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2014</code>: larger than 256 KiB. The connection closes.</td></tr>
<tr><td><code>415</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2015</code>: not <code>application/json</code> in UTF-8, or compressed.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h3 id="getKYC"><span class=method>GET</span> <code>/admin/kyc/{recipient_address}</code></h3>
<p>A KYC record.</p>

<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td>path</td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-KYCRecord">KYCRecord</a></td><td>The record.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h3 id="revokeKYC"><span class=method>POST</span> <code>/admin/kyc/{recipient_address}/revoke</code></h3>
<p>Withdraw a KYC record.</p>
<p>Payouts to the recipient that have no transfer yet are held from now on. May be repeated.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td>path</td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<p>Body: <a href="#schema-RevocationRequest">RevocationRequest</a>. Unknown fields refused.</p>
<pre>{
  &quot;reason&quot;: &quot;The documents were forged&quot;
}</pre>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td><a href="#schema-KYCRecord">KYCRecord</a></td><td>The record.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>404</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2005</code>: not there, or not yours.</td></tr>
<tr><td><code>408</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2025</code>: the body was not complete after 30 seconds. The connection closes.</td></tr>
<tr><td><code>413</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2014</code>: larger than 256 KiB. The connection closes.</td></tr>
<tr><td><code>415</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2015</code>: not <code>application/json</code> in UTF-8, or compressed.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h3 id="getAuditLog"><span class=method>GET</span> <code>/admin/audit-log</code></h3>
<p>Who did what, when and from where.</p>
<p>Blocks in order, chained by their hashes.</p>
<p class=dim>Needs bearer, or gatewayToken with gatewayUser with gatewayRole.</p>
<table>
<tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>
<tr><td><code>limit</code></td><td>query</td><td>integer <span class=dim>from 1, to 50</span>, default <code>20</code></td><td></td></tr>
<tr><td><code>after</code></td><td>query</td><td>integer <span class=dim>from 0, to 2147483647</span>, default <code>0</code></td><td><code>next_after</code> of the page before.</td></tr>
<tr><td><code>X-Request-ID</code></td><td>header</td><td>string</td><td>Kept when it has 1 to 128 characters of <code>A-Z a-z 0-9 . _ -</code>, else replaced.</td></tr>
<tr><td><code>traceparent</code></td><td>header</td><td>string</td><td>W3C Trace Context; continued when it is valid, else a new trace begins.</td></tr>
</table>
<table>
<tr><th>status</th><th>body</th><th></th></tr>
<tr><td><code>200</code></td><td>object</td><td>A page.</td></tr>
<tr><td><code>400</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2001</code> recipient, <code>2002</code> limit of the day, <code>2003</code> limit of the hour or breaker, <code>2004</code> router, <code>2012</code> field or parameter, <code>2013</code> JSON, <code>2021</code> cursor.</td></tr>
<tr><td><code>401</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2011</code>: nobody can be recognised.</td></tr>
<tr><td><code>403</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2010</code>: the role may not do this.</td></tr>
<tr><td><code>429</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2009</code>: more requests than a minute allows.</td></tr>
<tr><td><code>500</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2023</code>: our mistake.</td></tr>
<tr><td><code>503</code></td><td><a href="#schema-Error">Error</a> or <a href="#schema-Problem">Problem</a></td><td><code>LUCID_ERR_2022</code>: something that we depend on does not answer.</td></tr>
</table>
<h2 id="Authentication">Authentication</h2>
<table>
<tr><th>name</th><th></th><th>meaning</th></tr>
<tr><td><code>bearer</code></td><td>Authorization: Bearer</td><td>HS256, RS256, ES256 or EdDSA. <code>sub</code> is the tenant, <code>role</code> is <code>end_user</code>, <code>node_operator</code>, <code>service</code> or <code>admin</code>, <code>exp</code> is required.</td></tr>
<tr><td><code>gatewayToken</code></td><td>header X-Internal-Token</td><td>The gateway&#x27;s secret; with <code>X-User-ID</code> and <code>X-User-Role</code>.</td></tr>
<tr><td><code>gatewayUser</code></td><td>header X-User-ID</td><td>The tenant whom the gateway recognised.</td></tr>
<tr><td><code>gatewayRole</code></td><td>header X-User-Role</td><td>The role of that tenant.</td></tr>
<tr><td><code>internalToken</code></td><td>header X-Internal-Token</td><td>Other services of the house.</td></tr>
</table>
<h2 id="Schemas">Schemas</h2>
<h3 id="schema-PayoutID"><code>PayoutID</code></h3>
<p><code>payout_</code> and 26 characters that sort by time and cannot be guessed.</p>
<p>string <span class=dim><code>^payout_[0-9a-hjkmnp-tv-z]{26}$</code></span></p>
<h3 id="schema-BatchID"><code>BatchID</code></h3>

<p>string <span class=dim><code>^batch_[0-9a-hjkmnp-tv-z]{26}$</code></span></p>
<h3 id="schema-Address"><code>Address</code></h3>
<p>A TRON address, base58check. The zero address, the USDT contract and our own wallets are refused.</p>
<p>string (tron-address) <span class=dim><code>^T[1-9A-HJ-NP-Za-km-z]{33}$</code></span></p>
<h3 id="schema-Amount"><code>Amount</code></h3>
<p>USDT, 0.01 to 10,000, at most two decimals, as a number or as text. Read character by character: no exponent, no sign.</p>
<p>number <span class=dim>from 0.01, to 10000, steps of 0.01</span> or string <span class=dim><code>^(?!0+(\.0*)?$)(0|[1-9][0-9]{0,3})(\.[0-9]{1,2}0*)?$|^10000(\.0+)?$</code></span></p>
<h3 id="schema-RouterType"><code>RouterType</code></h3>

<p><code>&quot;PayoutRouterV0&quot;</code>, <code>&quot;PayoutRouterKYC&quot;</code></p>
<h3 id="schema-Priority"><code>Priority</code></h3>

<p><code>&quot;LOW&quot;</code>, <code>&quot;NORMAL&quot;</code>, <code>&quot;HIGH&quot;</code>, <code>&quot;URGENT&quot;</code></p>
<h3 id="schema-BatchType"><code>BatchType</code></h3>
<p>When it goes out; at once, or when the hour, the UTC day, the week that ends on Monday 00:00 UTC is over.</p>
<p><code>&quot;IMMEDIATE&quot;</code>, <code>&quot;HOURLY&quot;</code>, <code>&quot;DAILY&quot;</code>, <code>&quot;WEEKLY&quot;</code></p>
<h3 id="schema-PayoutStatus"><code>PayoutStatus</code></h3>

<p><code>&quot;pending&quot;</code>, <code>&quot;processing&quot;</code>, <code>&quot;confirmed&quot;</code>, <code>&quot;failed&quot;</code>, <code>&quot;cancelled&quot;</code></p>
<h3 id="schema-DayOrInstant"><code>DayOrInstant</code></h3>

<p>string (date) or string (date-time)</p>
<h3 id="schema-CustomData"><code>CustomData</code></h3>
<p>At most 1,000 bytes without spaces between tokens. Never logged, never on the chain.</p>
<p>object or null</p>
<h3 id="schema-ClientReference"><code>ClientReference</code></h3>
<p>Your own name of the payout, printable, unique per tenant for ever.</p>
<p>string or null <span class=dim>at least 1, at most 100, <code>^[^\u0000]*$</code></span></p>
<h3 id="schema-PayoutRequest"><code>PayoutRequest</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>amount_usdt</code></td><td><a href="#schema-Amount">Amount</a></td><td></td></tr>
<tr><td><code>reason</code></td><td>string <span class=dim>at least 1, at most 200, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>router_type</code></td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>priority</code> <span class=dim>optional</span></td><td><a href="#schema-Priority">Priority</a>, default <code>NORMAL</code></td><td></td></tr>
<tr><td><code>batch_type</code> <span class=dim>optional</span></td><td><a href="#schema-BatchType">BatchType</a>, default <code>IMMEDIATE</code></td><td></td></tr>
<tr><td><code>session_id</code> <span class=dim>optional</span></td><td>string or null <span class=dim>at most 50, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>node_id</code> <span class=dim>optional</span></td><td>string or null <span class=dim>at most 50, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>custom_data</code> <span class=dim>optional</span></td><td><a href="#schema-CustomData">CustomData</a></td><td></td></tr>
<tr><td><code>client_reference</code> <span class=dim>optional</span></td><td><a href="#schema-ClientReference">ClientReference</a></td><td></td></tr>
</table>
<h3 id="schema-BatchItem"><code>BatchItem</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>amount_usdt</code></td><td><a href="#schema-Amount">Amount</a></td><td></td></tr>
<tr><td><code>reason</code></td><td>string <span class=dim>at least 1, at most 200, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>session_id</code> <span class=dim>optional</span></td><td>string or null <span class=dim>at most 50, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>node_id</code> <span class=dim>optional</span></td><td>string or null <span class=dim>at most 50, <code>^[^\u0000]*$</code></span></td><td></td></tr>
<tr><td><code>custom_data</code> <span class=dim>optional</span></td><td><a href="#schema-CustomData">CustomData</a></td><td></td></tr>
<tr><td><code>client_reference</code> <span class=dim>optional</span></td><td><a href="#schema-ClientReference">ClientReference</a></td><td></td></tr>
</table>
<h3 id="schema-BatchRequest"><code>BatchRequest</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>payouts</code></td><td>array of <a href="#schema-BatchItem">BatchItem</a> <span class=dim>at least 1, at most 100</span></td><td></td></tr>
<tr><td><code>router_type</code></td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>priority</code> <span class=dim>optional</span></td><td><a href="#schema-Priority">Priority</a>, default <code>NORMAL</code></td><td></td></tr>
<tr><td><code>batch_type</code> <span class=dim>optional</span></td><td><a href="#schema-BatchType">BatchType</a>, default <code>HOURLY</code></td><td></td></tr>
</table>
<h3 id="schema-Payout"><code>Payout</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>payout_id</code></td><td><a href="#schema-PayoutID">PayoutID</a></td><td></td></tr>
<tr><td><code>status</code></td><td><a href="#schema-PayoutStatus">PayoutStatus</a></td><td></td></tr>
<tr><td><code>status_detail</code></td><td>string</td><td>Finer than the status: <code>held:insufficient_usdt</code>, for instance.</td></tr>
<tr><td><code>recipient_address</code></td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>amount_usdt</code></td><td>number <span class=dim>from 0.01, to 10000</span></td><td></td></tr>
<tr><td><code>reason</code></td><td>string</td><td></td></tr>
<tr><td><code>router_type</code></td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>priority</code></td><td><a href="#schema-Priority">Priority</a></td><td></td></tr>
<tr><td><code>batch_type</code></td><td><a href="#schema-BatchType">BatchType</a></td><td></td></tr>
<tr><td><code>batch_id</code></td><td>string or null <span class=dim><code>^batch_</code></span></td><td></td></tr>
<tr><td><code>session_id</code></td><td>string or null</td><td></td></tr>
<tr><td><code>node_id</code></td><td>string or null</td><td></td></tr>
<tr><td><code>custom_data</code></td><td>object or null</td><td></td></tr>
<tr><td><code>client_reference</code></td><td>string or null</td><td></td></tr>
<tr><td><code>txid</code></td><td>string or null <span class=dim><code>^[0-9a-f]{64}$</code></span></td><td></td></tr>
<tr><td><code>confirmations</code></td><td>integer or null <span class=dim>from 0</span></td><td>Blocks from its block to the head of the chain.</td></tr>
<tr><td><code>block_number</code></td><td>integer or null</td><td></td></tr>
<tr><td><code>block_timestamp</code></td><td>string or null (date-time)</td><td></td></tr>
<tr><td><code>fee_trx</code></td><td>number or null</td><td>What the chain charged.</td></tr>
<tr><td><code>estimated_completion</code></td><td>string or null (date-time)</td><td>Null while held.</td></tr>
<tr><td><code>created_at</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>confirmed_at</code></td><td>string or null (date-time)</td><td></td></tr>
<tr><td><code>failure</code></td><td><a href="#schema-Failure">Failure</a> or null</td><td></td></tr>
<tr><td><code>request_id</code></td><td>string</td><td>The call that created it.</td></tr>
</table>
<h3 id="schema-Failure"><code>Failure</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>code</code></td><td><code>&quot;LUCID_ERR_2006&quot;</code>, <code>&quot;LUCID_ERR_2008&quot;</code></td><td><code>2008</code>: the chain refused it; <code>2006</code>: no block took it before it expired.</td></tr>
<tr><td><code>message</code></td><td>string</td><td></td></tr>
<tr><td><code>retryable</code></td><td>boolean</td><td>Whether the same payout made anew could succeed without a repair.</td></tr>
<tr><td><code>at</code></td><td>string (date-time)</td><td></td></tr>
</table>
<h3 id="schema-PayoutList"><code>PayoutList</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>payouts</code></td><td>array of <a href="#schema-Payout">Payout</a> <span class=dim>at most 100</span></td><td></td></tr>
<tr><td><code>pagination</code></td><td>object</td><td></td></tr>
<tr><td><code>filters</code></td><td>object</td><td>The filters that were given.</td></tr>
</table>
<h3 id="schema-Batch"><code>Batch</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>batch_id</code></td><td><a href="#schema-BatchID">BatchID</a></td><td></td></tr>
<tr><td><code>status</code></td><td><code>&quot;processing&quot;</code>, <code>&quot;completed&quot;</code>, <code>&quot;partially_failed&quot;</code>, <code>&quot;failed&quot;</code>, <code>&quot;cancelled&quot;</code></td><td></td></tr>
<tr><td><code>total_payouts</code></td><td>integer <span class=dim>from 1, to 100</span></td><td>The sum of the other four.</td></tr>
<tr><td><code>completed_payouts</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>failed_payouts</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>pending_payouts</code></td><td>integer <span class=dim>from 0</span></td><td>Everything unfinished.</td></tr>
<tr><td><code>cancelled_payouts</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>total_amount_usdt</code></td><td>number</td><td></td></tr>
<tr><td><code>completed_amount_usdt</code></td><td>number</td><td></td></tr>
<tr><td><code>router_type</code></td><td><a href="#schema-RouterType">RouterType</a></td><td></td></tr>
<tr><td><code>priority</code></td><td><a href="#schema-Priority">Priority</a></td><td></td></tr>
<tr><td><code>batch_type</code></td><td><a href="#schema-BatchType">BatchType</a></td><td></td></tr>
<tr><td><code>payout_ids</code></td><td>array of <a href="#schema-PayoutID">PayoutID</a> <span class=dim>at least 1, at most 100</span></td><td></td></tr>
<tr><td><code>estimated_completion</code></td><td>string or null (date-time)</td><td></td></tr>
<tr><td><code>created_at</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>request_id</code></td><td>string</td><td></td></tr>
</table>
<h3 id="schema-RouterSum"><code>RouterSum</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>count</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>amount_usdt</code></td><td>number <span class=dim>from 0</span></td><td></td></tr>
</table>
<h3 id="schema-Statistics"><code>Statistics</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>period</code></td><td><code>&quot;hour&quot;</code>, <code>&quot;day&quot;</code>, <code>&quot;week&quot;</code>, <code>&quot;month&quot;</code></td><td></td></tr>
<tr><td><code>router_type</code></td><td><code>&quot;all&quot;</code>, <code>&quot;PayoutRouterV0&quot;</code>, <code>&quot;PayoutRouterKYC&quot;</code></td><td></td></tr>
<tr><td><code>total_payouts</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>total_amount_usdt</code></td><td>number <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>success_rate</code></td><td>number or null <span class=dim>from 0, to 100</span></td><td>Percent of what has ended; null when nothing has.</td></tr>
<tr><td><code>average_amount_usdt</code></td><td>number or null</td><td></td></tr>
<tr><td><code>payouts_by_router</code></td><td>object</td><td></td></tr>
<tr><td><code>circuit_breaker_status</code></td><td><code>&quot;closed&quot;</code>, <code>&quot;open&quot;</code>, <code>&quot;half_open&quot;</code></td><td></td></tr>
<tr><td><code>daily_limit_usage</code></td><td>number <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>hourly_limit_usage</code></td><td>number <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>generated_at</code></td><td>string (date-time)</td><td></td></tr>
</table>
<h3 id="schema-Health"><code>Health</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>status</code></td><td><code>&quot;healthy&quot;</code>, <code>&quot;degraded&quot;</code>, <code>&quot;unhealthy&quot;</code></td><td></td></tr>
<tr><td><code>service</code></td><td><code>&quot;tron-payment-service&quot;</code></td><td></td></tr>
<tr><td><code>version</code></td><td>string</td><td></td></tr>
<tr><td><code>timestamp</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>checks</code></td><td>object</td><td></td></tr>
</table>
<h3 id="schema-Breaker"><code>Breaker</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>state</code></td><td><code>&quot;closed&quot;</code>, <code>&quot;open&quot;</code>, <code>&quot;half_open&quot;</code></td><td></td></tr>
<tr><td><code>cause</code></td><td><code>&quot;by_hand&quot;</code>, <code>&quot;foreign_spend&quot;</code>, <code>&quot;audit_mismatch&quot;</code>, <code>&quot;consecutive_failures&quot;</code>, <code>&quot;failure_rate&quot;</code>, <code>null</code></td><td>Why it is open or half-open. The first three stay until a person closes it.</td></tr>
<tr><td><code>reason</code></td><td>string or null</td><td></td></tr>
<tr><td><code>since</code></td><td>string or null (date-time)</td><td></td></tr>
<tr><td><code>by</code></td><td>string or null</td><td></td></tr>
<tr><td><code>trials</code></td><td>integer <span class=dim>from 0</span></td><td>Transfers that a half-open breaker let through.</td></tr>
</table>
<h3 id="schema-BreakerRequest"><code>BreakerRequest</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>action</code></td><td><code>&quot;open&quot;</code>, <code>&quot;close&quot;</code></td><td></td></tr>
<tr><td><code>reason</code></td><td><a href="#schema-Words">Words</a></td><td></td></tr>
</table>
<h3 id="schema-RevocationRequest"><code>RevocationRequest</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>reason</code></td><td><a href="#schema-Words">Words</a></td><td></td></tr>
</table>
<h3 id="schema-Words"><code>Words</code></h3>
<p>Printable characters.</p>
<p>string <span class=dim>at least 1, at most 200</span></p>
<h3 id="schema-KYCRequest"><code>KYCRequest</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td><a href="#schema-Address">Address</a></td><td></td></tr>
<tr><td><code>level</code></td><td>string <span class=dim>at least 1, at most 32</span></td><td>Printable characters.</td></tr>
<tr><td><code>expires_at</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>reference_hash</code></td><td>string <span class=dim><code>^[0-9a-f]{64}$</code></span></td><td>SHA-256 of the evidence.</td></tr>
</table>
<h3 id="schema-KYCRecord"><code>KYCRecord</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>recipient_address</code></td><td>string</td><td></td></tr>
<tr><td><code>status</code></td><td><code>&quot;active&quot;</code>, <code>&quot;expired&quot;</code>, <code>&quot;revoked&quot;</code></td><td></td></tr>
<tr><td><code>level</code></td><td>string</td><td></td></tr>
<tr><td><code>expires_at</code></td><td>string</td><td></td></tr>
<tr><td><code>reference_hash</code></td><td>string</td><td></td></tr>
<tr><td><code>recorded_at</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>recorded_by</code></td><td>string</td><td></td></tr>
<tr><td><code>revoked_at</code></td><td>string or null (date-time)</td><td></td></tr>
<tr><td><code>revoked_by</code></td><td>string or null</td><td></td></tr>
<tr><td><code>revocation_reason</code></td><td>string or null</td><td></td></tr>
</table>
<h3 id="schema-AuditBlock"><code>AuditBlock</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>number</code></td><td>integer <span class=dim>from 1</span></td><td></td></tr>
<tr><td><code>at</code></td><td>string (date-time)</td><td></td></tr>
<tr><td><code>writer</code></td><td>string</td><td></td></tr>
<tr><td><code>dropped</code></td><td>integer <span class=dim>from 0</span></td><td></td></tr>
<tr><td><code>previous</code></td><td>string <span class=dim><code>^[0-9a-f]{64}$</code></span></td><td></td></tr>
<tr><td><code>hash</code></td><td>string <span class=dim><code>^[0-9a-f]{64}$</code></span></td><td></td></tr>
<tr><td><code>entries</code></td><td>array of object</td><td></td></tr>
</table>
<h3 id="schema-CheckStatus"><code>CheckStatus</code></h3>

<p><code>&quot;healthy&quot;</code>, <code>&quot;unhealthy&quot;</code></p>
<h3 id="schema-Readiness"><code>Readiness</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>ready</code></td><td>boolean</td><td></td></tr>
<tr><td><code>components</code></td><td>array of object</td><td></td></tr>
</table>
<h3 id="schema-ErrorCode"><code>ErrorCode</code></h3>

<p>string <span class=dim><code>^LUCID_ERR_20(0[1-9]|1[0-9]|2[0-35])$</code></span></p>
<h3 id="schema-ErrorDetails"><code>ErrorDetails</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>reason</code> <span class=dim>optional</span></td><td>string</td><td>A stable word for programs.</td></tr>
<tr><td><code>errors</code> <span class=dim>optional</span></td><td>array of object <span class=dim>at most 1010</span></td><td></td></tr>
</table>
<h3 id="schema-Error"><code>Error</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>error</code></td><td>object</td><td></td></tr>
</table>
<h3 id="schema-Problem"><code>Problem</code></h3>

<table>
<tr><th>field</th><th>type</th><th></th></tr>
<tr><td><code>type</code></td><td>string <span class=dim><code>^urn:lucid:error:20[0-9]{2}$</code></span></td><td></td></tr>
<tr><td><code>title</code></td><td>string</td><td></td></tr>
<tr><td><code>status</code></td><td>integer <span class=dim>from 400, to 599</span></td><td></td></tr>
<tr><td><code>detail</code></td><td>string</td><td></td></tr>
<tr><td><code>code</code></td><td><a href="#schema-ErrorCode">ErrorCode</a></td><td></td></tr>
<tr><td><code>details</code></td><td><a href="#schema-ErrorDetails">ErrorDetails</a></td><td></td></tr>
<tr><td><code>request_id</code></td><td>string</td><td></td></tr>
<tr><td><code>timestamp</code></td><td>string (date-time)</td><td></td></tr>
</table>
</body>
</html>
"""##
}
