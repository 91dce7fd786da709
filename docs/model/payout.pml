/* The payout protocol, as a model that a machine can search completely.
 *
 * One payout, one transfer, one journal partition, two transactions that could be built for it ("attempts"),
 * any interleaving of two Signers and two Confirmers, and every fault that a budget below allows. The rules
 * (I1…E3) are those of ../protocol.md; README.md says in plain words what is modelled and what is not.
 *
 * How to read it. Each `atomic` is one step of the real system: one compare-and-set of one stored document,
 * one append, one record read, or one thing that the chain does. Between two steps anything else may happen
 * first. No process owns anything: a late Confirmer is a new owner, a slow one is a zombie with an old memory.
 *
 * Never true in any reachable state:     paid twice; paid after "failed" or "cancelled" was told; "paid" told
 *                                        without a solidified payment.
 * True wherever nothing can move:        the payout has ended and the journal says so.
 * True on every fair run (LTL):          an accepted payout ends.
 *
 * -DM_… puts one defect in; ./run insists that each of them is caught. */

/* ------------------------------------------------------------------ bounds and budgets of faults ---------- */
#ifndef SIGNERS
#define SIGNERS 2
#endif
#ifndef CONFIRMERS
#define CONFIRMERS 2
#endif
#ifndef CRASHES          /* a process forgets everything it did not store: Ingest, Signer or Confirmer */
#define CRASHES 0
#endif
#ifndef REPLAYS          /* messages that were done with are delivered again */
#define REPLAYS 0
#endif
#ifndef DUPLICATES       /* a journal record is appended a second time */
#define DUPLICATES 0
#endif
#ifndef REORGS           /* a block that was not solidified yet is replaced */
#define REORGS 0
#endif
#ifndef DROPS            /* every node forgets a transaction that waits in its pool */
#define DROPS 0
#endif
#ifndef ROLLBACKS        /* the store falls back to what it was, at worst to the accepted payout */
#define ROLLBACKS 0
#endif
#ifndef SNAPSHOTS        /* … or to a state that it was in at a moment of the fault's choice */
#define SNAPSHOTS 0
#endif
#ifndef BROKER_LOSSES    /* the broker loses every topic */
#define BROKER_LOSSES 0
#endif
#ifndef STORE_LOSSES     /* the store loses everything and is rebuilt from the log */
#define STORE_LOSSES 0
#endif
#ifndef CANCELS          /* the client asks to cancel, at any moment */
#define CANCELS 0
#endif

#define ATTEMPTS 2
#define BIT(a)   (1 << ((a) - 1))

/* ------------------------------------------------------------------ the store (MongoDB) ------------------- */
/* `accepted` and `assigned` are the payout's states before its transfer exists, the others the transfer's;
 * once the transfer exists, the payout's state follows from it. */
mtype:stored_state = { nothing, accepted, assigned, ready, planned, armed, failing, voiding,
                       paid, failed, cancelled }

mtype:stored_state state = nothing;
byte current = 0;                /* the attempt that `planned` or `armed` speaks of */
byte attempts = 0;               /* bits: attempts embedded in the transfer */
byte dead = 0;                   /* bits: attempts with a stored death proof */
byte store_epoch = 0;
bool store_up = true;

#define EXISTS   (state != nothing && state != accepted && state != assigned)
#define ENDED    (state == paid || state == failed || state == cancelled)
#define OPEN     (store_up && EXISTS && !ENDED)
#define LIVE     (attempts & ~dead)

#if SNAPSHOTS > 0
mtype:stored_state old_state = nothing;          /* what a rollback may fall back to */
byte old_current = 0, old_attempts = 0, old_dead = 0, old_epoch = 0;
#endif

/* ------------------------------------------------------------------ the log (Kafka) ----------------------- */
bool broker_up = true;
mtype:message = { absent, waiting, done }
mtype:message request = absent;  /* payouts.requested: the announcement of the payout, kept for ever */
mtype:message hint = absent;     /* transfers.ready.*: look at this transfer */

/* The journal, transfers.signed: ordered. A record is a bit, so that a memory is a set of them.
 * PLAN(a) is BIT(a), EPOCH(e) is the bit of epoch e. */
#define PLANS         3
#define VOID          4
#define SETTLED_FAIL  8
#define SETTLED_PAID  16
#define SETTLED       (SETTLED_FAIL | SETTLED_PAID)
#define EPOCH(e)      (16 << (e))
#define EPOCHS        96
#define LONGEST       (ATTEMPTS + 3 + DUPLICATES + STORE_LOSSES + BROKER_LOSSES)

byte journal[LONGEST];
byte length = 0;
byte written = 0;                /* the set of records in the journal */

/* ------------------------------------------------------------------ the Confirmers' memories -------------- */
byte memory[CONFIRMERS];         /* the set of records read */
byte position[CONFIRMERS];       /* how many were read */
#ifdef RESTART_AT_COMMITTED
byte committed = 0;
#endif

/* ------------------------------------------------------------------ the chain ----------------------------- */
mtype:onchain = { nowhere, pooled, included_ok, included_bad, solid_ok, solid_bad }
mtype:onchain chain1 = nowhere, chain2 = nowhere;
bool past1 = false, past2 = false;   /* the solidified head's time is at or past the attempt's expiration */

/* ------------------------------------------------------------------ what happened, for the assertions ----- */
byte built = 0;                  /* transactions built so far; bytes are never built twice */
byte built_in[3];                /* the epoch that each was planned in, part of its PLAN */
byte sendable = 0;               /* bits: attempts that somebody may send, now and for ever */
byte payments = 0;               /* solidified payments */
bool answered = false;           /* the client was told "accepted" */
bool told_failed = false, told_cancelled = false;
bool may_void = false;           /* somebody once read `voiding`, and may append VOID at any later time */
bool may_fail = false;           /* the same for `failing` and SETTLED(failed) */
bool broker_was_lost = false, store_was_hurt = false;

byte crashes = CRASHES, replays = REPLAYS, duplicates = DUPLICATES, reorgs = REORGS, drops = DROPS;
byte rollbacks = ROLLBACKS, snapshots = SNAPSHOTS, cancels = CANCELS;
byte broker_losses = BROKER_LOSSES, store_losses = STORE_LOSSES;

#define WITNESSED ((state == paid && (written & SETTLED_PAID)) \
                || (state != paid && (written & (VOID | SETTLED_FAIL))))
#define FINISHED  (store_up && ENDED && WITNESSED)

/* The client reads an unpaid end as soon as it is written, which is the worst case. */
inline tell(ending) {
  ending = true; assert(payments == 0)
}

/* Forms the transfer; every copy and every retry derives the same one. */
inline form_transfer() {
  state = ready; current = 0; attempts = 0; dead = 0
}

/* Appends a record. The same record again is left out, because a memory is a set; with a budget for
 * duplicates it is not left out. */
inline append(record) {
  if
  :: (written & (record)) == 0 ->
     journal[length] = record; length++; written = written | (record)
  :: (written & (record)) != 0 -> skip
#if DUPLICATES > 0
  :: (written & (record)) != 0 && duplicates > 0 ->
     duplicates--; journal[length] = record; length++
#endif
  fi
}

/* ================================================================== Ingest ================================ */
#ifdef STEPS_APART
active proctype Ingest() {
#ifdef M_ANSWER_BEFORE_INSERT
  answered = true;
  if :: crashes > 0 -> crashes--; goto gone :: true fi;
#endif
insert:
  atomic { store_up ->
    if :: state == nothing -> state = accepted :: else fi }                                  /* I1 */
  if :: atomic { crashes > 0 -> crashes--; goto insert }
     :: atomic { broker_up -> if :: request == absent -> request = waiting :: else fi }      /* I2 */
     :: true                                                            /* broker away: the sweeper will */
  fi;
  answered = true;                                                                           /* I3 */
gone:
  skip
}

/* ================================================================== Batcher =============================== */
/* Holds nothing between steps, so that a crash of it is the same as a delay. */
active proctype Batcher() {
end:
  do
  :: atomic { store_up && request == waiting && state == accepted -> state = assigned }      /* B1 */
  :: atomic { store_up && request == waiting && state == assigned -> form_transfer() }       /* B2 */
  :: atomic { store_up && request == waiting && EXISTS && broker_up ->                       /* B3 */
              if :: hint == absent -> hint = waiting :: else fi;
              request = done }
  od
}
#else
/* The same in two steps, for the runs that look elsewhere: accepted and announced; formed and hinted. */
active proctype Ingest() {
  atomic { state = accepted; request = waiting; answered = true }
}
active proctype Batcher() {
end:
  do
  :: atomic { store_up && broker_up && request == waiting && !EXISTS && state != nothing ->
       form_transfer(); hint = waiting; request = done }
  :: atomic { store_up && request == waiting && EXISTS -> request = done }
  od
}
#endif

/* ================================================================== Signer ================================ */
/* Holds the key. Reads no journal, arms nothing, sends nothing. */
#ifdef M_PLAN_WITHOUT_CAS
#define MAY_PLAN ((state == ready || state == planned || state == armed) && built < ATTEMPTS)
#else
#define MAY_PLAN (state == ready && LIVE == 0 && built < ATTEMPTS)
#endif

active [SIGNERS] proctype Signer() {
  byte a = 0;                    /* the attempt in hand */
end:
  do
  :: atomic { a == 0 && hint == waiting && store_up && MAY_PLAN ->                           /* S1 */
       built++; a = built; built_in[a] = store_epoch;
       current = a; attempts = attempts | BIT(a); state = planned }
  :: atomic { a == 0 && hint == waiting && store_up && state == planned -> a = current }     /* S1, again */
  :: atomic { a == 0 && hint == waiting && store_up && !MAY_PLAN && state != planned -> hint = done }
  :: atomic { a != 0 && broker_up -> append(BIT(a));                                         /* S2, S3 */
       if :: hint == waiting -> hint = done :: else fi; a = 0 }
  :: atomic { a != 0 && crashes > 0 -> crashes--; a = 0 }
  od
}

/* ================================================================== Confirmer ============================= */
/* The only decider. */
#define MEMORY      memory[i]
#define ALL_DEAD    (((attempts | (MEMORY & PLANS)) & ~dead) == 0)
#define SEEN_EPOCH  ((MEMORY & EPOCH(2)) -> 2 : ((MEMORY & EPOCH(1)) -> 1 : 0))
#define EPOCH_NOW   (store_epoch > SEEN_EPOCH -> store_epoch : SEEN_EPOCH)                     /* E1 */

#ifdef M_STORE_NOT_CONSULTED
#define STORE_ALLOWS(a)   true
#else
#define STORE_ALLOWS(a)   ((LIVE & ~BIT(a)) == 0)
#endif
#ifdef M_MEMORY_NOT_CONSULTED
#define PLANS_ALLOW(a)    true
#else
#define PLANS_ALLOW(a)    ((MEMORY & PLANS & ~dead & ~BIT(a)) == 0)
#endif
#ifdef M_VOID_NOT_STICKY
#define VOID_ALLOWS       true
#else
#define VOID_ALLOWS       ((MEMORY & VOID) == 0)
#endif
#ifdef M_SETTLED_NOT_STICKY
#define SETTLED_ALLOWS    true
#else
#define SETTLED_ALLOWS    ((MEMORY & SETTLED) == 0)
#endif
#ifdef M_EPOCH_IGNORED
#define EPOCH_ALLOWS(a)   true
#else
#define EPOCH_ALLOWS(a)   (built_in[a] == EPOCH_NOW)
#endif

#define MAY_ARM(a) (store_up && (MEMORY & BIT(a)) && state == planned && current == a && \
                    EPOCH_ALLOWS(a) && STORE_ALLOWS(a) \
                    && PLANS_ALLOW(a) && VOID_ALLOWS && SETTLED_ALLOWS)

proctype Confirmer(byte i) {
end:
  do
  /* R2: the next record enters memory before any later one is looked at. */
#ifdef M_JOURNAL_OUT_OF_ORDER
  :: atomic { position[i] < length && (written & ~MEMORY) ->
       if :: (written & ~MEMORY & 1) -> MEMORY = MEMORY | 1
          :: (written & ~MEMORY & 2) -> MEMORY = MEMORY | 2
          :: (written & ~MEMORY & ~PLANS) -> MEMORY = MEMORY | (written & ~PLANS) fi }
#else
  :: atomic { position[i] < length -> MEMORY = MEMORY | journal[position[i]]; position[i]++;
#if defined(RESTART_AT_COMMITTED) && defined(M_COMMIT_BEFORE_EFFECT)
       if :: committed < position[i] -> committed = position[i] :: else fi
#endif
     }
#endif

  /* C1: what the journal knows and the store lacks goes back into the store. Continuously. */
#ifndef M_STORE_NOT_HEALED
  :: atomic { OPEN && (MEMORY & PLANS & ~attempts) -> attempts = attempts | (MEMORY & PLANS) }
#endif

  /* E1: at the latest a person puts the epoch of a store right that fell behind the journal. */
  :: atomic { store_up && store_epoch < SEEN_EPOCH -> store_epoch = SEEN_EPOCH }

  /* C2: arm. From here the bytes may be sent by anybody, for ever. */
  :: atomic { MAY_ARM(1) -> state = armed; current = 1; sendable = sendable | BIT(1) }
  :: atomic { MAY_ARM(2) -> state = armed; current = 2; sendable = sendable | BIT(2) }
#ifdef M_SEND_BEFORE_ARM
  :: atomic { (MEMORY & 1) && !(sendable & 1) -> sendable = sendable | 1 }
  :: atomic { (MEMORY & 2) && !(sendable & 2) -> sendable = sendable | 2 }
#endif

  /* C6: every attempt that the store or the journal knows is dead. */
#ifdef M_NEXT_WITHOUT_PROOF
  :: atomic { OPEN && (state == planned || state == armed) && built < ATTEMPTS ->
       dead = attempts; state = ready; current = 0 }
#endif
  :: atomic { OPEN && (state == planned || state == armed) && ALL_DEAD &&
              (MEMORY & (VOID | SETTLED)) == 0 ->
       current = 0;
       if :: built < ATTEMPTS -> state = ready :: state = failing; may_fail = true fi }
  /* A bound of the model: when no third transaction can be built, `ready` may give up as well. */
  :: atomic { OPEN && state == ready && built == ATTEMPTS && ALL_DEAD &&
              (MEMORY & (VOID | SETTLED)) == 0 -> state = failing; may_fail = true }

  /* C6, C7: an unpaid end is written, and told, only by who has consumed its record with everything dead. */
  :: atomic { OPEN && ALL_DEAD && (MEMORY & VOID) && (MEMORY & SETTLED_PAID) == 0 ->
       state = cancelled; current = 0; tell(told_cancelled) }
  :: atomic { OPEN && ALL_DEAD && (MEMORY & SETTLED_FAIL) && (MEMORY & (VOID | SETTLED_PAID)) == 0 ->
       state = failed; current = 0; tell(told_failed) }

#ifdef RESTART_AT_COMMITTED
  :: atomic { committed < position[i] && ENDED -> committed = position[i] }
#endif
  :: atomic { crashes > 0 && MEMORY != 0 -> crashes--; MEMORY = 0;                           /* R2 */
#ifdef RESTART_AT_COMMITTED
       position[i] = committed
#else
       position[i] = 0
#endif
     }
  od
}
init { atomic { run Confirmer(0);
#if CONFIRMERS > 1
  run Confirmer(1);
#endif
#if CONFIRMERS > 2
  run Confirmer(2);
#endif
} }

/* The part of every Confirmer that compares the chain with the store. It keeps nothing but the answer that it
 * is waiting for, and uses only facts that never change again, so one of it stands for all. */
#ifdef M_FAILING_UNWATCHED
#define WATCHED(a) (OPEN && state != failing && state != voiding && (LIVE & BIT(a)))
#else
#define WATCHED(a) (OPEN && (LIVE & BIT(a)))                                                 /* C8 */
#endif
#define DIES(a)    dead = dead | BIT(a)

#if defined(M_LOOK_UP_BEFORE_HEAD)
#define FIRST_ANSWER(chain, past)   (chain != solid_ok)              /* not there … */
#define SECOND_ANSWER(chain, past)  (past)                           /* … and now it is too late? */
#elif defined(M_TWO_NODES)
#define FIRST_ANSWER(chain, past)   (past)
#define SECOND_ANSWER(chain, past)  true                             /* another node, far behind */
#else
#define FIRST_ANSWER(chain, past)   (past)                           /* C5: the head first, */
#define SECOND_ANSWER(chain, past)  (chain != solid_ok)              /* then the look-up, on the same node */
#endif

#ifdef STEPS_APART
#define EXPIRY(a, chain, past) \
  :: atomic { asked == 0 && WATCHED(a) && FIRST_ANSWER(chain, past) -> asked = a } \
  :: atomic { asked == a && (SECOND_ANSWER(chain, past) || !WATCHED(a)) -> asked = 0; \
       if :: WATCHED(a) -> DIES(a) :: else fi }
#else
#define EXPIRY(a, chain, past) \
  :: atomic { WATCHED(a) && FIRST_ANSWER(chain, past) && SECOND_ANSWER(chain, past) -> DIES(a) }
#endif
#define WATCH(a, chain, past) \
  :: atomic { WATCHED(a) && chain == solid_ok -> state = paid; current = 0; assert(payments != 0) } /* C4 */ \
  :: atomic { WATCHED(a) && chain == solid_bad -> DIES(a) }                                         /* C5 */ \
  EXPIRY(a, chain, past)

active proctype Watcher() {
  byte asked = 0;
end:
  do
  WATCH(1, chain1, past1)
  WATCH(2, chain2, past2)
#ifdef M_UNSOLIDIFIED_FAILURE
  :: atomic { WATCHED(1) && chain1 == included_bad -> DIES(1) }
#endif
#ifdef M_UNSOLIDIFIED_HEAD      /* the newest block is past the expiration, the solidified chain lacks it */
  :: atomic { WATCHED(1) && chain1 == included_ok -> DIES(1) }
#endif
#ifdef M_LOCAL_CLOCK            /* our own clock, which may be fast, says that it has expired */
  :: atomic { WATCHED(1) && chain1 != solid_ok && chain1 != solid_bad -> DIES(1) }
#endif
#ifdef M_NOT_FOUND_IS_DEAD      /* the node does not know it */
  :: atomic { WATCHED(1) && chain1 == nowhere -> DIES(1) }
#endif
#ifdef M_ERROR_IS_DEAD          /* the node answered the broadcast with an error */
  :: atomic { WATCHED(1) && state == armed && current == 1 -> DIES(1) }
#endif
#ifdef M_PAID_WHEN_INCLUDED     /* in a block, which is not solidified */
  :: atomic { WATCHED(1) && chain1 == included_ok -> state = paid; current = 0; assert(payments != 0) }
#endif
  od
}

/* C3: everybody who ever had the right to send sends, again and again. */
active proctype Broadcaster() {
end:
  do
  :: atomic { (sendable & BIT(1)) && chain1 == nowhere && !past1 -> chain1 = pooled }
  :: atomic { (sendable & BIT(2)) && chain2 == nowhere && !past2 -> chain2 = pooled }
  od
}

/* ================================================================== Sweepers ============================== */
#ifdef M_WITNESS_IN_ANY_ORDER
#define PLANS_WITNESSED true
#else
#define PLANS_WITNESSED ((attempts & ~written) == 0)
#endif

/* State implies message. Every copy of every stage runs its part; a hint that would change nothing is left
 * out here, because it changes nothing. */
active proctype Sweeper() {
end:
  do
  /* Journal records that a state calls for. Also by zombies that read the state long ago. */
  :: atomic { broker_up && may_void && !(written & VOID) -> append(VOID) }                   /* C7 */
  :: atomic { broker_up && may_fail && !(written & SETTLED_FAIL) -> append(SETTLED_FAIL) }   /* C6 */
  :: atomic { store_up && broker_up && state == paid && !(written & SETTLED_PAID) -> append(SETTLED_PAID) }
#if BROKER_LOSSES + STORE_LOSSES > 0 || defined(M_CANCEL_WITHOUT_JOURNAL)
  /* E3: the plans of a transfer first, then its end. */
  :: atomic { store_up && broker_up && PLANS_WITNESSED && !may_void &&
              (state == voiding || (state == cancelled && !(written & (VOID | SETTLED_FAIL)))) ->
       may_void = true }
  :: atomic { store_up && broker_up && PLANS_WITNESSED && !may_fail &&
              (state == failing || (state == failed && !(written & (VOID | SETTLED_FAIL)))) ->
       may_fail = true }
#endif
#ifndef M_NO_SWEEPER
  :: atomic { store_up && broker_up && request == absent && state != nothing -> request = waiting }   /* I2 */
  :: atomic { store_up && broker_up && request == done && (state == accepted || state == assigned) ->
       request = waiting }
  :: atomic { store_up && broker_up && hint != waiting && state == ready && LIVE == 0 && built < ATTEMPTS ->
       hint = waiting }
  :: atomic { store_up && broker_up && hint != waiting && state == planned && !(written & BIT(current)) ->
       hint = waiting }
  /* E3: after the loss of the broker the journal hears again what the store knows. */
  :: atomic { store_up && broker_up && broker_was_lost && (attempts & ~written & BIT(1)) -> append(BIT(1)) }
  :: atomic { store_up && broker_up && broker_was_lost && (attempts & ~written & BIT(2)) -> append(BIT(2)) }
#endif
  od
}

/* Cancels, and reads. */
active proctype Client() {
end:
  do
#ifdef M_TELL_ON_APPEND
  :: atomic { !told_failed && (written & SETTLED_FAIL) -> told_failed = true }
  :: atomic { !told_cancelled && (written & VOID) -> told_cancelled = true }
#endif
#ifdef M_CANCEL_WITHOUT_JOURNAL
  :: atomic { cancels > 0 && store_up && state == ready && LIVE == 0 ->
       cancels--; state = cancelled; tell(told_cancelled) }
#else
  :: atomic { cancels > 0 && store_up && state == ready && LIVE == 0 ->                      /* C7 */
       cancels--; state = voiding; may_void = true }
#endif
  /* C7, not assigned yet: the transfer is formed as `voiding`, so that the journal has its say here too. */
#ifdef M_CANCEL_UNASSIGNED_AT_ONCE
  :: atomic { cancels > 0 && store_up && state == accepted ->
       cancels--; state = cancelled; tell(told_cancelled) }
#else
  :: atomic { cancels > 0 && store_up && state == accepted ->
       cancels--; form_transfer(); state = voiding; may_void = true }
#endif
  :: false
  od
}

/* ================================================================== the chain ============================= */
#ifdef NO_FAILURES              /* nothing reverts and no energy is missing */
#define EXECUTION_FAILS(chain)
#else
#define EXECUTION_FAILS(chain)  :: chain = included_bad
#endif

#define CHAIN(a, chain, past) \
  :: atomic { chain == pooled && !past -> if :: chain = included_ok EXECUTION_FAILS(chain) fi } \
  :: atomic { chain == pooled && drops > 0 -> drops--; chain = nowhere } \
  :: atomic { (chain == included_ok || chain == included_bad) && reorgs > 0 -> \
       reorgs--; if :: chain = pooled :: chain = nowhere fi } \
  :: atomic { chain == included_ok -> chain = solid_ok; payments++; \
       assert(payments == 1); assert(!told_failed); assert(!told_cancelled) } \
  :: atomic { chain == included_bad -> chain = solid_bad } \
  /* Once a solidified block is at or past the expiration, a later block cannot hold the transaction, and \
   * an earlier one is solidified too. */ \
  :: atomic { built >= a && !past && chain != included_ok && chain != included_bad -> past = true }

active proctype Chain() {
end:
  do
  CHAIN(1, chain1, past1)
  CHAIN(2, chain2, past2)
  od
}

/* ================================================================== faults ================================ */
/* What no rule can save is both stores losing the same fact together. So the broker may be lost after the
 * store was hurt only when the store has healed from the journal, and the store hurt after the broker was lost
 * only when the journal has heard everything again. */
#define STORE_COVERS_JOURNAL (ENDED || (EXISTS && (written & PLANS & ~attempts) == 0 && !(written & SETTLED_PAID) \
  && (!(written & (VOID | SETTLED_FAIL)) || state == voiding || state == failing)))
#define JOURNAL_COVERS_STORE (request != absent && (attempts & ~written) == 0 && (!ENDED || WITNESSED))

/* Some faults matter in one order only; ORDER looks at nothing but that order, and so reaches deeper.
 * 1: the store forgets an attempt that waits to be signed; another one is armed; the first reaches the journal
 *    after it; the broker is lost, and with it the order of the two; the store falls back to the first.
 * 2: the store forgets an attempt that is paid and believes the transfer to be failing; it learns of the payment;
 *    the broker is lost; the store falls back to before the attempt. */
#if ORDER == 1
#define SNAPSHOT_NOW     (state == planned && length == 0)
#define FORGET_NOW       (snapshots == 0 && built == 1 && length == 0)
#define BROKER_LOSS_NOW  (sendable == BIT(2) && written == PLANS)
#define FALL_BACK_NOW    (broker_was_lost && broker_up)
#elif ORDER == 2
#define SNAPSHOT_NOW     (state == planned && built == 1)
#define FORGET_NOW       (snapshots == 0 && sendable == BIT(2) && chain2 == solid_ok)
#define BROKER_LOSS_NOW  (state == failing)
#define FALL_BACK_NOW    (broker_was_lost && broker_up)
#else
#define SNAPSHOT_NOW     true
#define FORGET_NOW       true
#define BROKER_LOSS_NOW  true
#define FALL_BACK_NOW    true
#endif

#define MAY_ROLL_BACK    (rollbacks > 0 && store_up && state != nothing && \
                          (!broker_was_lost || JOURNAL_COVERS_STORE))

inline roll_back(to_state, to_current, to_attempts, to_dead, to_epoch) {
  rollbacks--; store_was_hurt = true;
  state = to_state; current = to_current; attempts = to_attempts; dead = to_dead; store_epoch = to_epoch;
#if SNAPSHOTS > 0
  if
  :: rollbacks == 0 -> snapshots = 0; old_state = nothing; old_current = 0; old_attempts = 0; old_dead = 0;
     old_epoch = 0
  :: else
  fi
#endif
}

#ifdef M_MEMORY_OUTLIVES_BROKER
#define forget(i)
#else
#define forget(i)  memory[i] = 0;
#endif

active proctype Faults() {
  byte heard;
end:
  do
#if REPLAYS > 0
  :: atomic { replays > 0 && broker_up && EXISTS && hint != waiting -> replays--; hint = waiting }
  :: atomic { replays > 0 && request == done -> replays--; request = waiting }
#endif
#if ROLLBACKS > 0
  :: atomic { MAY_ROLL_BACK && FORGET_NOW && state != accepted -> roll_back(accepted, 0, 0, 0, 0) }
#if SNAPSHOTS > 0
  :: atomic { SNAPSHOT_NOW && snapshots > 0 && rollbacks > 0 && store_up && EXISTS && !ENDED -> snapshots--;
       old_state = state; old_current = current; old_attempts = attempts; old_dead = dead;
       old_epoch = store_epoch }
  :: atomic { MAY_ROLL_BACK && FALL_BACK_NOW && old_state != nothing && !(state == old_state &&
              attempts == old_attempts && dead == old_dead && current == old_current) ->
       roll_back(old_state, old_current, old_attempts, old_dead, old_epoch) }
#endif
#endif
#if BROKER_LOSSES > 0
  :: atomic { BROKER_LOSS_NOW && broker_losses > 0 && broker_up && (!store_was_hurt || STORE_COVERS_JOURNAL) ->
       broker_losses--; broker_was_lost = true; broker_up = false;
       request = absent; hint = absent; written = 0;
       do :: length > 0 -> length--; journal[length] = 0 :: else -> break od;
       /* E1: Confirmers are stopped and start with an empty memory; Signers need not be. */
       may_void = false; may_fail = false;
       position[0] = 0; forget(0)
#if CONFIRMERS > 1
       position[1] = 0; forget(1)
#endif
#if CONFIRMERS > 2
       position[2] = 0; forget(2)
#endif
     }
  :: atomic { store_up && !broker_up -> broker_up = true; store_epoch++; append(EPOCH(store_epoch)) }  /* E1 */
#endif
#if STORE_LOSSES > 0
  :: atomic { store_losses > 0 && store_up && broker_up && request != absent &&
              (!broker_was_lost || JOURNAL_COVERS_STORE) ->
       store_losses--; store_was_hurt = true; store_up = false;
       state = nothing; current = 0; attempts = 0; dead = 0 }
  /* E2: reads the journal first and writes the store later; what comes between is not missed by memory. */
  :: atomic { !store_up -> heard = written | 128 };
     atomic { store_epoch++; append(EPOCH(store_epoch));                                     /* E1 */
#ifdef M_REBUILD_FORGETS_PLANS
       heard = heard & ~PLANS;
#endif
       attempts = heard & PLANS;
       if
       :: (heard & SETTLED_PAID) -> state = paid
       :: !(heard & SETTLED_PAID) && (heard & PLANS) -> state = armed                         /* watched */
       :: !(heard & SETTLED_PAID) && !(heard & PLANS) && (heard & VOID) -> state = cancelled
       :: !(heard & SETTLED_PAID) && !(heard & PLANS) && !(heard & VOID) && (heard & SETTLED_FAIL) ->
            state = failed
       :: !(heard & (PLANS | VOID | SETTLED)) -> state = accepted; request = waiting
       fi;
       heard = 0; store_up = true }
#endif
  :: false
  od
}

/* Where nothing can move any more, the payout has ended. */
active proctype Judge() {
  timeout -> assert(FINISHED)
}

#ifdef LIVENESS
ltl settles { [] (answered -> <> FINISHED) }
#endif
