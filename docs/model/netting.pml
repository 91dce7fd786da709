/* Transfers that share payouts, as a model that a machine can search completely.
 *
 * payout.pml has one payout and one transfer and every detail of an attempt's life. This one has two
 * payouts and several transfers that name the same ones, and takes for granted what the other one checks: that a
 * proof of death is true, that "paid" is read off the solidified chain only, that the journal is read in order.
 *
 * How to read it. Each `atomic` is one step of the real system: one compare-and-set of one stored document, one
 * append, or one thing that the chain does. There are no Batchers, Signers and Confirmers with a state of their own.
 * Instead whoever acts may have read what it decides on at any earlier time and in any part:
 *
 * * A Confirmer's memory is a prefix of the journal, and for any prefix there is one that has read just that. So a
 *   decision that needs record r to be consumed looks at what stands before r, no more: the Confirmer that knows
 *   least. Crashes, zombies, new owners, duplicate records and any number of Confirmers are in this.
 * * What was read of another document in an earlier step is a fact that is never taken back ("was once …").
 * * Death of an attempt is a fact of the chain here. Its proof in the store only ever comes later than the fact, and
 *   every rule only ever asks for it.
 *
 * For the question whether everything ends this is too generous: an old Confirmer could save the day. With -DENDS
 * there is a moment, any moment, from which on nobody is late: all have consumed everything, all read what is.
 *
 * -DM_… puts one defect in; ./run insists that each of them is caught. */

/* ------------------------------------------------------------------ bounds and budgets of faults ---------- */
#ifndef TRANSFERS        /* the transfers that may be formed: members as bits and generation, a digit for each */
#define TRANSFERS 3      /* {a,b}, {a}, {b}, all of generation 0 */
#endif
#ifndef MEMBERS_OF
#define MEMBERS_OF 213
#endif
#ifndef GENERATIONS_OF
#define GENERATIONS_OF 0
#endif
#ifndef PAYOUTS
#define PAYOUTS 2
#endif
#ifndef BUILDS           /* transactions that may be built, for all transfers together */
#define BUILDS 2
#endif
#ifndef ROLLBACKS        /* the store falls back, payouts and transfers together … */
#define ROLLBACKS 0
#endif
#ifndef SNAPSHOTS        /* … to the beginning, or to a moment of the fault's choice */
#define SNAPSHOTS 0
#endif
#ifndef CANCELS          /* the client asks to cancel a payout, at any moment */
#define CANCELS 0
#endif

#define BIT(x)    (1 << (x))
#define DIGIT(number, t) (((number) / ((t) == 0 -> 1 : ((t) == 1 -> 10 : ((t) == 2 -> 100 : \
                         ((t) == 3 -> 1000 : 10000))))) % 10)
hidden byte members[16];             /* constants: see begin() */
hidden byte of_generation[16];
#define MEM(t)    members[t]
#define GEN(t)    of_generation[t]
#define NONE      15
#ifndef LAST_GENERATION
#define LAST_GENERATION 0
#endif

/* ------------------------------------------------------------------ the store ----------------------------- */
#define waiting    0
#define assigned   1
#define paid       2
#define failed     3
#define cancelled  4
#define missing    5
#define ready      6     /* and `held`: a Signer looks at it again whenever it likes */
#define planned    7     /* and armed: see `sendable` */
#define failing    8
#define voiding    9

byte payout[PAYOUTS];                /* waiting, assigned, paid, failed, cancelled */
byte carries[PAYOUTS];               /* a transfer, or NONE */
byte generation[PAYOUTS];
byte transfer[TRANSFERS];            /* missing, ready, planned, failing, voiding, paid, failed, cancelled */
byte withdrawn[TRANSFERS];           /* members, as bits */
byte stored = 0;                     /* attempts that are in their transfer's document */
byte current = 0;                    /* of these, the ones that `planned` speaks of */

#if ROLLBACKS > 0
byte old_payout[PAYOUTS], old_carries[PAYOUTS], old_generation[PAYOUTS];
byte old_transfer[TRANSFERS], old_withdrawn[TRANSFERS];
byte old_stored = 0, old_current = 0, old_closed = 0;
#endif

#define FINAL(p)   (payout[p] == paid || payout[p] == failed || payout[p] == cancelled)
#define OPEN(t)    (transfer[t] == ready || transfer[t] == planned || transfer[t] == failing || transfer[t] == voiding)
#define CARRIES(p, t) ((MEM(t) & BIT(p)) == 0 || (payout[p] == assigned && carries[p] == (t)))
#if PAYOUTS == 3
#define WHOLE(t)   (CARRIES(0, t) && CARRIES(1, t) && CARRIES(2, t))
#define SOMEBODY(t) ((payout[0] == assigned && carries[0] == (t)) || (payout[1] == assigned && carries[1] == (t)) \
                  || (payout[2] == assigned && carries[2] == (t)))
#else
#define WHOLE(t)   (CARRIES(0, t) && CARRIES(1, t))
#define SOMEBODY(t) ((payout[0] == assigned && carries[0] == (t)) || (payout[1] == assigned && carries[1] == (t)))
#endif

/* ------------------------------------------------------------------ the journal --------------------------- */
/* Of the order of the records only this is kept: which PLANs stand before a record, and whether a record that
 * forbids a PLAN for ever stands before that PLAN. */
byte plan_before[BUILDS];            /* for each PLAN: the PLANs before it, as bits */
byte plans = 0, forbidden = 0;       /* PLANs in the journal; those that come after what forbids them */
byte fails = 0;                      /* SETTLED(failed, t), as bits */
byte fail_before[TRANSFERS];
byte voids[TRANSFERS];               /* VOID(t): a bit for each set of members withdrawn by it and those before it */
int void_before[TRANSFERS];          /* for each of these, four bits: the PLANs before it */

/* ------------------------------------------------------------------ the chain ----------------------------- */
byte built = 0;
byte owner[BUILDS];                  /* the transfer that each attempt belongs to */
byte sendable = 0;                   /* attempts that were armed: anybody may send them, for ever */
byte executed = 0, dead = 0;         /* solidified payment; certain that there never is one */

#define OWNER_HAS(s, set) (owner[s] != NONE && (MEM(owner[s]) & (set)) -> BIT(s) : 0)
#define OWNER_IS(s, t)    (owner[s] == (t) -> BIT(s) : 0)
#if BUILDS == 3
#define OF(t)      (OWNER_IS(0, t) | OWNER_IS(1, t) | OWNER_IS(2, t))
#define NAMING(set) (OWNER_HAS(0, set) | OWNER_HAS(1, set) | OWNER_HAS(2, set))
#else
#define OF(t)      (OWNER_IS(0, t) | OWNER_IS(1, t))
#define NAMING(set) (OWNER_HAS(0, set) | OWNER_HAS(1, set))
#endif

/* ------------------------------------------------------------------ what somebody once read --------------- */
byte once_whole = 0;                 /* transfers that all their members once carried */
byte once_part = 0;                  /* … that some members, not all, once carried */
byte once_cancel = 0;                /* … of one payout, claimed in order to be withdrawn */
byte once_failing = 0;               /* `failing` was read; the record is not written yet */
byte once_voiding[TRANSFERS];        /* the same for `voiding`, a bit for each set of withdrawn members */
byte once_unpaid = 0;                /* … that were `failed` or `cancelled` */
#ifdef M_CLOSED_IS_DEAD
byte closed = 0;                     /* in the store: ended, with all members settled */
byte once_beside = 0;                /* every rival that a Confirmer of SETTLED(failed, t) knew was dead or closed */
byte once_beside_void[TRANSFERS];    /* the same for each VOID */
#endif

/* ------------------------------------------------------------------ what happened, for the assertions ----- */
byte payments = 0;                   /* payouts that a solidified execution paid, as bits */
byte told = 0;                       /* payouts of which "failed" or "cancelled" was told, as bits */
byte rollbacks = ROLLBACKS, snapshots = SNAPSHOTS, cancels = CANCELS;

#ifdef ENDS
bool late = true;                    /* false: nobody is late any more */
#define LATE late
#else
#define LATE true
#endif

#define IN(p)        ((MEM(t) & BIT(p)) != 0)
#define LEAVES_PLANNED  current = current & ~OF(t)

/* ------------------------------------------------------------------ what memory and store say of rivals --- */
#define SUM(of)      (of(0) | of(1) | THIRD(of))
#if BUILDS == 3
#define THIRD(of)    of(2)
#else
#define THIRD(of)    0
#endif
/* An attempt that never pays, as far as anybody can know: proven dead, or its transfer has ended unpaid. */
#ifdef M_CLOSED_IS_DEAD
#define HARMLESS(s)  (owner[s] != NONE && ((once_unpaid | closed) & BIT(owner[s])) -> BIT(s) : 0)
#elif defined(M_ENDED_IS_NOT_DEAD)
#define HARMLESS(s)  0
#else
#define HARMLESS(s)  (owner[s] != NONE && (once_unpaid & BIT(owner[s])) -> BIT(s) : 0)
#endif
#define DEAD(set)    (((set) & ~dead) == 0)
#define QUIET(set)   (((set) & ~dead & ~SUM(HARMLESS)) == 0)

#ifdef M_CLOSED_IS_DEAD
#define ARMS_BESIDE(set) DEAD(set)
#else
#define ARMS_BESIDE(set) QUIET(set)
#endif

/* What a Confirmer knows that consumed a record before which the PLANs `before` stand: these, or all. */
#define MEMORY(before)          (LATE -> (before) : plans)
#define OWN_DEAD(before)        DEAD(OF(t) & (stored | MEMORY(before)))
#if defined(M_PARTITION_BY_ID) || defined(M_FAILED_BESIDE_RIVAL)
#define RIVALS_QUIET(set, before) true
#else
#define RIVALS_QUIET(set, before) QUIET(NAMING(set) & ~OF(t) & MEMORY(before))
#endif
#define VOID_BEFORE(w)          ((void_before[t] >> (4 * (w))) & 15)

/* An unpaid end of T asks for T's own attempts to be dead; that of a member for the rivals that name it as well. */
#ifdef M_CLOSED_IS_DEAD
#define FAILED_ALLOWED          (once_beside & BIT(t))
#define CANCELLED_ALLOWED(w)    ((w) == 0 || (once_beside_void[t] & BIT(w)))
#define FAILS(p)                (IN(p) && !FINAL(p))
#define WITHDRAWS(p)            (IN(p) && (withdrawn[t] & BIT(p)) && !FINAL(p))
#else
#define FAILED_ALLOWED          true
#define CANCELLED_ALLOWED(w)    true
#define FAILS(p)                (IN(p) && !FINAL(p) && (fails & BIT(t)) && RIVALS_QUIET(BIT(p), fail_before[t]))
#define WITHDRAWS(p)            (IN(p) && (withdrawn[t] & BIT(p)) && !FINAL(p) && VOID_NAMES(p))
#define VOID_HAS(p, w)          ((w & BIT(p)) && (voids[t] & BIT(w)) && RIVALS_QUIET(BIT(p), VOID_BEFORE(w)))
#if defined(M_VOID_WITHOUT_WITHDRAWN)
#define VOID_NAMES(p)           ((voids[t] & 1) && RIVALS_QUIET(BIT(p), VOID_BEFORE(0)))
#elif PAYOUTS == 3
#define VOID_NAMES(p)           (VOID_HAS(p, 1) || VOID_HAS(p, 2) || VOID_HAS(p, 3) || VOID_HAS(p, 4) || \
                                 VOID_HAS(p, 5) || VOID_HAS(p, 6) || VOID_HAS(p, 7))
#else
#define VOID_NAMES(p)           (VOID_HAS(p, 1) || VOID_HAS(p, 2) || VOID_HAS(p, 3))
#endif
#endif
#ifdef M_SETTLE_BY_CARRIER
#define PAYABLE(p)              (IN(p) && !FINAL(p) && payout[p] == assigned && carries[p] == t)
#else
#define PAYABLE(p)              (IN(p) && !FINAL(p))
#endif
#define RELEASABLE(p)           (payout[p] == assigned && carries[p] == t && !(withdrawn[t] & BIT(p)))

/* ------------------------------------------------------------------ steps that several rules share -------- */
inline tell(p, ending) {
  payout[p] = ending; carries[p] = NONE; told = told | BIT(p);
  assert((payments & BIT(p)) == 0)
}
inline pay(p) {
  payout[p] = paid; carries[p] = NONE; assert(payments & BIT(p))
}
inline claim(p) {
  payout[p] = assigned; carries[p] = t;
  if :: WHOLE(t) -> once_whole = once_whole | BIT(t) :: else -> once_part = once_part | BIT(t) fi
}
inline release(p) {
  payout[p] = waiting; carries[p] = NONE;
  if :: generation[p] <= LAST_GENERATION -> generation[p]++ :: else fi
}
#ifdef M_VOID_WITHOUT_WITHDRAWN
#define OF_RECORD(set)    0
#else
#define OF_RECORD(set)    (set)
#endif
#define VOID_WRITTEN(set) (voids[t] & BIT(OF_RECORD(set)))
inline fail() {
  transfer[t] = failing;
  if :: fails & BIT(t) :: else -> once_failing = once_failing | BIT(t) fi
}

inline to_void(set) {
  transfer[t] = voiding; withdrawn[t] = set;
  if :: VOID_WRITTEN(set) :: else -> once_voiding[t] = once_voiding[t] | BIT(set) fi
}
#ifdef M_CLOSED_IS_DEAD
#define MEMBER_LEFT(p) (IN(p) && !FINAL(p) && (transfer[t] != cancelled || (withdrawn[t] & BIT(p)) || carries[p] == t))
#if PAYOUTS == 3
#define NOTHING_LEFT (!MEMBER_LEFT(0) && !MEMBER_LEFT(1) && !MEMBER_LEFT(2))
#else
#define NOTHING_LEFT (!MEMBER_LEFT(0) && !MEMBER_LEFT(1))
#endif
inline note_closed() {
  if :: NOTHING_LEFT -> closed = closed | BIT(t) :: else fi
}
#else
#define note_closed()
#endif

/* ================================================================== Batcher, Signer, Confirmer ============ */
#define GROUPED(p)     (!IN(p) || (payout[p] == waiting && generation[p] <= GEN(t)) || CARRIES(p, t))
#define REACHES(p)     (IN(p) && generation[p] >= GEN(t))
#if PAYOUTS == 3
#define GROUP          (GROUPED(0) && GROUPED(1) && GROUPED(2))
#define OLD_ENOUGH     (REACHES(0) || REACHES(1) || REACHES(2))
#else
#define GROUP          (GROUPED(0) && GROUPED(1))
#define OLD_ENOUGH     (REACHES(0) || REACHES(1))
#endif
/* The generation of a transfer is the highest of its members'. */
#ifdef SYMMETRIC                 /* which of the payouts is called a does not matter: the one that is claimed first */
#define NAMED(p)       ((p) == 0 || once_whole != 0 || once_part != 0)
#else
#define NAMED(p)       true
#endif
#define CLAIMABLE(p)   (NAMED(p) && IN(p) && payout[p] == waiting && generation[p] <= GEN(t) && OLD_ENOUGH && (LATE || GROUP))
#define ALONE(p)       (MEM(t) == BIT(p) && CLAIMABLE(p))
#define CANCELS_IN(p)  (cancels > 0 && LATE && IN(p) && transfer[t] == ready && OWN_DEAD(0))

#define LATEST(w)         ((voids[t] >> ((w) + 1)) == 0)

/* What a VOID that withdraws the members w, together with those before it, lets happen. */
#define VOIDS(w) \
  :: atomic { (once_voiding[t] & BIT(w)) && (LATE || (transfer[t] == voiding && withdrawn[t] == w)) -> \
       once_voiding[t] = once_voiding[t] & ~BIT(w); \
       set = OF_RECORD(w) | withdrawn_before(t); \
       if :: (voids[t] & BIT(set)) == 0 -> \
             voids[t] = voids[t] | BIT(set); \
             void_before[t] = void_before[t] | ((plans & NAMING(MEM(t))) << (4 * set)) \
          :: else fi; \
       set = 0 } \
  :: atomic { transfer[t] == missing && (voids[t] & BIT(w)) && PUT_BACK && (LATE || LATEST(w)) ->        /* C1' */ \
       transfer[t] = voiding; withdrawn[t] = w } \
  :: atomic { OPEN(t) && (voids[t] & BIT(w)) && COVERS(w) && OWN_DEAD(VOID_BEFORE(w)) && \
              (LATE || LATEST(w)) && CANCELLED_ALLOWED(w) -> \
       LEAVES_PLANNED; transfer[t] = cancelled; withdrawn[t] = OF_BOTH(w); \
       once_unpaid = once_unpaid | BIT(t); note_closed() }
#ifdef M_VOID_WITHOUT_WITHDRAWN
#define COVERS(w)  true
#define OF_BOTH(w) withdrawn[t]
#else
#define COVERS(w)  ((withdrawn[t] & ~(w)) == 0)
#define OF_BOTH(w) w
#endif
#ifdef M_LOST_TRANSFER_NOT_PUT_BACK
#define PUT_BACK false
#else
#define PUT_BACK true
#endif
/* The largest set of members that the VOIDs of t in the journal withdraw: a set that grows with each record. */
#define withdrawn_before(t) (voids[t] & 128 -> 7 : (voids[t] & 64 -> 6 : (voids[t] & 32 -> 5 : (voids[t] & 16 -> 4 : \
  (voids[t] & 8 -> 3 : (voids[t] & 4 -> 2 : (voids[t] & 2 -> 1 : 0)))))))

#define MEMBER(p) \
  :: atomic { CLAIMABLE(p) -> claim(p) }                                                          /* B1 */ \
  :: atomic { transfer[t] == paid && PAYABLE(p) -> pay(p); note_closed() }                        /* C4, by name */ \
  :: atomic { transfer[t] == failed && FAILS(p) -> tell(p, failed); note_closed() }               /* C6 */ \
  :: atomic { transfer[t] == cancelled && WITHDRAWS(p) -> tell(p, cancelled); note_closed() }     /* C7' */ \
  :: atomic { transfer[t] == cancelled && RELEASABLE(p) -> release(p); note_closed() } \
  :: atomic { CANCELS_IN(p) -> cancels--; to_void(withdrawn[t] | BIT(p)) } \
  :: atomic { cancels > 0 && LATE && ALONE(p) -> cancels--; claim(p); once_cancel = once_cancel | BIT(t) }

#define BESIDE(w) :: atomic { (voids[t] & BIT(w)) && !(once_beside_void[t] & BIT(w)) && \
       RIVALS_QUIET(MEM(t), VOID_BEFORE(w)) -> once_beside_void[t] = once_beside_void[t] | BIT(w) }

proctype Transfer(byte t) {
  byte set;
end:
  do
  MEMBER(0)
  MEMBER(1)
#if PAYOUTS == 3
  MEMBER(2)
#endif
  /* B2': insert once; the carriers were read before. */
  :: atomic { transfer[t] == missing && (once_whole & BIT(t)) && (LATE || WHOLE(t)) -> transfer[t] = ready }
  :: atomic { transfer[t] == missing && (once_part & BIT(t)) && (LATE || (SOMEBODY(t) && !WHOLE(t))) -> to_void(0) }
  :: atomic { transfer[t] == missing && (once_cancel & BIT(t)) && LATE -> to_void(MEM(t)) }           /* C7' */

  /* S1: the members were read before. */
  :: atomic { transfer[t] == ready && built < BUILDS && DEAD(OF(t) & stored) && (once_whole & BIT(t)) &&
              (LATE || WHOLE(t)) ->
       owner[built] = t; stored = stored | BIT(built); current = current | BIT(built); built++;
       transfer[t] = planned }

  /* C4 */
  :: atomic { OPEN(t) && (OF(t) & stored & executed) -> LEAVES_PLANNED; transfer[t] = paid; withdrawn[t] = 0;
       note_closed() }

  /* C6: all attempts dead. A bound of the model: `ready` gives up as well when nothing can be built any more. */
  :: atomic { transfer[t] == planned && OWN_DEAD(0) -> LEAVES_PLANNED;
       if :: transfer[t] = ready :: fail() fi }
  :: atomic { transfer[t] == ready && built == BUILDS && OWN_DEAD(0) && (once_whole & BIT(t)) && (LATE || WHOLE(t)) ->
       fail() }
  :: atomic { (once_failing & BIT(t)) && (LATE || transfer[t] == failing) ->
       once_failing = once_failing & ~BIT(t); fails = fails | BIT(t); fail_before[t] = plans & NAMING(MEM(t)) }
  :: atomic { OPEN(t) && (fails & BIT(t)) && OWN_DEAD(fail_before[t]) && FAILED_ALLOWED ->
       LEAVES_PLANNED; transfer[t] = failed; withdrawn[t] = 0; once_unpaid = once_unpaid | BIT(t); note_closed() }

  /* Dissolve: a member does not carry it. That was read before, which matters only if the store fell back since. */
  :: atomic { transfer[t] == ready && OWN_DEAD(0) && (!WHOLE(t) || (LATE && rollbacks < ROLLBACKS)) ->
#ifdef M_DISSOLVE_WITHOUT_RECORD
       transfer[t] = cancelled; once_unpaid = once_unpaid | BIT(t) }
#else
       to_void(0) }
#endif
#ifdef M_CLOSED_IS_DEAD
  :: atomic { (fails & BIT(t)) && !(once_beside & BIT(t)) && RIVALS_QUIET(MEM(t), fail_before[t]) ->
       once_beside = once_beside | BIT(t) }
  BESIDE(1) BESIDE(2) BESIDE(3)
#endif
  VOIDS(0) VOIDS(1) VOIDS(2) VOIDS(3)
#if PAYOUTS == 3
  VOIDS(4) VOIDS(5) VOIDS(6) VOIDS(7)
#endif
  od
}

/* ================================================================== an attempt ============================ */
#define O           owner[s]
#define FAILS_TOO(r)   ((r) < TRANSFERS && (MEM(r) & MEM(O)) && (fails & BIT(r)))
#define VOIDS_TOO(r)   ((r) < TRANSFERS && (withdrawn_before(r) & MEM(O)))
#define SOME(what)     (what(0) || what(1) || what(2) || MORE(what))
#if TRANSFERS > 4
#define MORE(what)     (what(3) || what(4))
#elif TRANSFERS > 3
#define MORE(what)     what(3)
#else
#define MORE(what)     false
#endif
/* What comes before a PLAN and forbids it for ever. */
#define OWN_END        ((fails & BIT(O)) || voids[O] != 0)
#if defined(M_PARTITION_BY_ID) || defined(M_RIVALS_NOT_CONSULTED)
#define FORBIDS        OWN_END
#define COUNTS(s)      OF(O)
#else
#define FORBIDS        (OWN_END || SOME(FAILS_TOO) || SOME(VOIDS_TOO))
#define COUNTS(s)      NAMING(MEM(O))
#endif

/* Fewer states: what is dead is forgotten. */
inline dies(s) {
  dead = dead | BIT(s); owner[s] = NONE; plan_before[s] = 0; forbidden = forbidden & ~BIT(s);
  plans = plans & ~BIT(s); stored = stored & ~BIT(s); current = current & ~BIT(s); sendable = sendable & ~BIT(s);
  for (i : 0 .. BUILDS - 1) { plan_before[i] = plan_before[i] & ~BIT(s) }
  for (i : 0 .. TRANSFERS - 1) {
    fail_before[i] = fail_before[i] & ~BIT(s); void_before[i] = void_before[i] & ~(4369 * 65537 * BIT(s))
  }
  i = 0;
#if ROLLBACKS > 0
  old_stored = old_stored & ~BIT(s); old_current = old_current & ~BIT(s)
#endif
}
#ifdef ENDS
#define forbid(s)      forbidden = forbidden | BIT(s)
#else
#define forbid(s)      dies(s)       /* it can never be armed: as good as dead at once */
#endif

proctype Attempt(byte s) {
  byte i;
end:
  do
  :: atomic { s < built && !((plans | dead) & BIT(s)) && (LATE || (current & BIT(s))) ->                      /* S3 */
       plan_before[s] = plans & COUNTS(s);
       plans = plans | BIT(s);
       if :: FORBIDS -> forbid(s) :: else fi }
  /* C1': what the journal knows and the store lacks. */
  :: atomic { (plans & ~stored & BIT(s)) && OPEN(O) -> stored = stored | BIT(s) }
  :: atomic { PUT_BACK && (plans & BIT(s)) && transfer[O] == missing && (LATE || voids[O] == 0) ->
       transfer[O] = ready; stored = stored | BIT(s) }
  /* C2': arm. From here the bytes may be sent by anybody, for ever. */
  :: atomic { (plans & current & ~sendable & BIT(s)) && transfer[O] == planned && DEAD(OF(O) & stored & ~BIT(s)) &&
              !(forbidden & BIT(s)) && ARMS_BESIDE(plan_before[s]) &&
              (LATE || (!FORBIDS && ARMS_BESIDE(plans & COUNTS(s) & ~BIT(s)))) ->
       sendable = sendable | BIT(s); plan_before[s] = 0 }
  /* The chain. When nobody is late, a death counts from when it is proven, in a document that is watched. */
  :: atomic { s < built && !((executed | dead) & BIT(s)) && (LATE || ((stored & BIT(s)) && OPEN(O))) ->
       dies(s) }
  :: atomic { (sendable & BIT(s)) && !((executed | dead) & BIT(s)) ->
       executed = executed | BIT(s);
       assert((payments & MEM(O)) == 0); assert((told & MEM(O)) == 0);
       payments = payments | MEM(O) }
  od
}

/* ================================================================== faults, and the end =================== */
#if ROLLBACKS > 0
inline copy_payout(p) {
  old_payout[p] = payout[p]; old_carries[p] = carries[p]; old_generation[p] = generation[p]
}
inline copy_transfer(t) {
  old_transfer[t] = transfer[t]; old_withdrawn[t] = withdrawn[t]
}
inline restore_payout(p) {
  payout[p] = old_payout[p]; carries[p] = old_carries[p]; generation[p] = old_generation[p]
}
inline restore_transfer(t) {
  transfer[t] = old_transfer[t]; withdrawn[t] = old_withdrawn[t]
}
#endif
inline begin() {
  for (i : 0 .. PAYOUTS - 1) { carries[i] = NONE }
  for (i : 0 .. TRANSFERS - 1) {
    transfer[i] = missing;
    members[i] = DIGIT(MEMBERS_OF, i); of_generation[i] = DIGIT(GENERATIONS_OF, i)
  }
  i = 0
}
#if ROLLBACKS > 0
inline snapshot() {
  for (i : 0 .. PAYOUTS - 1) { copy_payout(i) }
  for (i : 0 .. TRANSFERS - 1) { copy_transfer(i) }
  old_stored = stored; old_current = current;
#ifdef M_CLOSED_IS_DEAD
  old_closed = closed;
#endif
  i = 0
}
inline fall_back() {
  for (i : 0 .. PAYOUTS - 1) { restore_payout(i) }
  for (i : 0 .. TRANSFERS - 1) { restore_transfer(i) }
  stored = old_stored; current = old_current;
#ifdef M_CLOSED_IS_DEAD
  closed = old_closed;
#endif
  if
  :: rollbacks == 0 ->             /* not needed any more: fewer states */
     for (i : 0 .. PAYOUTS - 1) { old_payout[i] = 0; old_carries[i] = 0; old_generation[i] = 0 }
     for (i : 0 .. TRANSFERS - 1) { old_transfer[i] = 0; old_withdrawn[i] = 0 }
     old_stored = 0; old_current = 0; snapshots = 0
  :: else
  fi;
  i = 0
}
/* Some orders of faults lie deep; ORDER looks at nothing but one of them.
 * 1: the store forgets a transfer that the journal knows; then it falls back to before a rival of it was paid. */
#if ORDER == 1
#define SNAPSHOT_NOW   (rollbacks == 1 && executed == 0 && (fails != 0 || voids[0] != 0 || voids[1] != 0))
#define FALL_BACK_NOW  (rollbacks == 2 -> (built == 1 && plans == 1 && executed == 0) : (snapshots == 0 && executed != 0))
#else
#define SNAPSHOT_NOW   true
#define FALL_BACK_NOW  true
#endif
active proctype Faults() {
  byte i;
end:
  do
  :: d_step { LATE && rollbacks > 0 && FALL_BACK_NOW -> rollbacks--; fall_back() }
#if SNAPSHOTS > 0
  :: d_step { LATE && rollbacks > 0 && snapshots > 0 && SNAPSHOT_NOW -> snapshots--; snapshot() }
#endif
  od
}
#endif

init {
  byte i;
  d_step { begin();
    for (i : 0 .. BUILDS - 1) { owner[i] = NONE }
    i = 0;
#if ROLLBACKS > 0
    snapshot()
#endif
  }
  atomic {
    run Transfer(0); run Transfer(1); run Transfer(2);
#if TRANSFERS > 3
    run Transfer(3);
#endif
#if TRANSFERS > 4
    run Transfer(4);
#endif
    run Attempt(0); run Attempt(1)
#if BUILDS == 3
    ; run Attempt(2)
#endif
  }
}

#ifdef ENDS
active proctype Time() {
  late = false
}
/* A payout that waits for a transfer that is not among those of the model counts as ended. */
#define SINGLE(p, t)  ((t) < TRANSFERS && MEM(t) == BIT(p) && GEN(t) == generation[p])
#define AT_END(p)     (FINAL(p) || (payout[p] == waiting && !SINGLE(p, 0) && !SINGLE(p, 1) && !SINGLE(p, 2) && \
                       !SINGLE(p, 3) && !SINGLE(p, 4)))
active proctype Judge() {
  timeout -> assert(AT_END(0) && AT_END(1))
#if PAYOUTS == 3
  ; assert(AT_END(2))
#endif
}
#endif
