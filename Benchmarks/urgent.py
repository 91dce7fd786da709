"""How long a payout takes from its POST to the chain, on an idle system and while very many others have work done for them.

    python3 Benchmarks/urgent.py [BACKLOG] [--window] [--debug]

URGENT ones behind a backlog of LOW ones; with --window: IMMEDIATE ones of NORMAL priority while a window of that many
payouts, to a fifth as many recipients, is being closed. Starts a fleet of its own, with 300 ms slots and 5 witnesses. The
devnet tells when it first accepted each transaction.
"""

import concurrent.futures
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "deploy/dev/fleet"))

import client  # noqa: E402
from stack import Fleet  # noqa: E402

from fleet import devnet, until_broadcast  # noqa: E402

PROBES = 10
BATCH = 100
DEADLINE_SECONDS = 180


WINDOW_SECONDS = 120
ROUTER = {"router_type": "PayoutRouterV0"}


def item(recipient=None):
    return {
        "recipient_address": recipient or client.new_address(), "amount_usdt": 0.01,
        "reason": "benchmark"}


def probe(fleet, api, name, priority):
    """Milliseconds from POST to broadcast of some payouts, sorted; one is sent each second."""
    posted = {}
    for number in range(PROBES):
        sent = time.time()
        payout = api.create(
            {**item(), **ROUTER, "batch_type": "IMMEDIATE", "priority": priority},
            f"{name}-{number}")
        posted[payout["payout_id"]] = sent * 1000
        time.sleep(max(0, sent + 1 - time.time()))
    deadline = time.monotonic() + DEADLINE_SECONDS
    payouts = []
    while True:
        try:
            payouts = [api.payout(identifier) for identifier in posted]
        except TimeoutError:
            print("a payout could not be read for 15 s", file=sys.stderr)
        if payouts and all(payout["status"] == "confirmed" for payout in payouts):
            return [round(delay) for delay in until_broadcast(fleet, posted, payouts)]
        if time.monotonic() > deadline:
            raise RuntimeError(f"not confirmed after {DEADLINE_SECONDS} s: {payouts}")
        time.sleep(0.5)


def measure(fleet, backlog, window):
    api = client.Client(fleet.api_url, fleet.token)
    priority = "NORMAL" if window else "URGENT"
    others = {"batch_type": "HOURLY", "priority": "NORMAL"} if window else {
        "batch_type": "IMMEDIATE", "priority": "LOW"}
    recipients = [client.new_address() for _ in range(backlog // 5)] if window else [None]
    idle = probe(fleet, api, "idle", priority)
    if window:
        # All of them in one window, and some time before it ends.
        begins = time.time() // WINDOW_SECONDS * WINDOW_SECONDS + WINDOW_SECONDS
        time.sleep(begins - time.time())

    def create(number):
        items = [item(recipients[(number * BATCH + i) % len(recipients)]) for i in range(BATCH)]
        batch = {"payouts": items, **ROUTER, **others}
        while True:
            try:
                return api.create_batch(batch, f"other-{number}")
            except (TimeoutError, client.Refused) as problem:
                # The same key: it is one batch, however often it is sent.
                if isinstance(problem, client.Refused) and problem.status not in (409, 503):
                    raise
                print(f"batch {number} again: {problem}", file=sys.stderr)
                time.sleep(1)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(create, range(backlog // BATCH)))
    if window:
        if time.time() > begins + WINDOW_SECONDS:
            raise RuntimeError("the window ended before all of it was there")
        time.sleep(begins + WINDOW_SECONDS - time.time())
    arrived = len(devnet(fleet, "arrivals"))
    begun = time.monotonic()
    loaded = probe(fleet, api, "loaded", priority)
    progress = len(devnet(fleet, "arrivals")) - arrived - PROBES
    return {
        "others": f"{backlog} {others['priority']} {others['batch_type']}",
        "others_on_chain_before": arrived - PROBES,
        "others_on_chain_per_second_meanwhile": round(progress / (time.monotonic() - begun), 1),
        "idle_ms": idle,
        "loaded_ms": loaded,
        "worst_loaded_minus_idle_median_ms": loaded[-1] - idle[len(idle) // 2],
    }


def main(arguments):
    release = "--debug" not in arguments
    numbers = [int(text) for text in arguments if text.isdigit()]
    window = "--window" in arguments
    fleet = Fleet(
        "bench-urgent", block_interval_ms=300, witnesses=5, release=release,
        variables={"WINDOW_HOURLY_SECONDS": str(WINDOW_SECONDS)} if window else None)
    try:
        fleet.start()
        result = measure(fleet, numbers[0] if numbers else 20_000, window)
    finally:
        fleet.stop()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
