"""How long an URGENT payout takes from its POST to the chain, on an idle system and behind a backlog of LOW ones.

    python3 Benchmarks/urgent.py [BACKLOG] [--debug]

Starts a fleet of its own, with 300 ms slots and 5 witnesses. The devnet tells when it first accepted each transaction.
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


KIND = {"router_type": "PayoutRouterV0", "batch_type": "IMMEDIATE"}


def item():
    return {
        "recipient_address": client.new_address(), "amount_usdt": 0.01, "reason": "benchmark"}


def probe(fleet, api, name):
    """Milliseconds from POST to broadcast of some URGENT payouts, sorted; one is sent each second."""
    posted = {}
    for number in range(PROBES):
        sent = time.time()
        payout = api.create(
            {**item(), **KIND, "priority": "URGENT"}, f"{name}-{number}")
        posted[payout["payout_id"]] = sent * 1000
        time.sleep(max(0, sent + 1 - time.time()))
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        payouts = [api.payout(identifier) for identifier in posted]
        if all(payout["status"] == "confirmed" for payout in payouts):
            return [round(delay) for delay in until_broadcast(fleet, posted, payouts)]
        if time.monotonic() > deadline:
            raise RuntimeError(f"not confirmed after {DEADLINE_SECONDS} s: {payouts}")
        time.sleep(0.5)


def measure(fleet, backlog):
    api = client.Client(fleet.api_url, fleet.token)
    idle = probe(fleet, api, "idle")

    def create(number):
        batch = {"payouts": [item() for _ in range(BATCH)], **KIND, "priority": "LOW"}
        while True:
            try:
                return api.create_batch(batch, f"low-{number}")
            except (TimeoutError, client.Refused) as problem:
                # The same key: it is one batch, however often it is sent.
                print(f"batch {number} again: {problem}", file=sys.stderr)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(create, range(backlog // BATCH)))
    arrived = len(devnet(fleet, "arrivals"))
    begun = time.monotonic()
    loaded = probe(fleet, api, "loaded")
    progress = len(devnet(fleet, "arrivals")) - arrived - PROBES
    return {
        "backlog": backlog,
        "low_on_chain_before": arrived - PROBES,
        "low_on_chain_per_second_meanwhile": round(progress / (time.monotonic() - begun), 1),
        "idle_ms": idle,
        "behind_low_ms": loaded,
        "worst_behind_low_minus_idle_median_ms": loaded[-1] - idle[len(idle) // 2],
    }


def main(arguments):
    release = "--debug" not in arguments
    numbers = [int(text) for text in arguments if text.isdigit()]
    fleet = Fleet("bench-urgent", block_interval_ms=300, witnesses=5, release=release)
    try:
        fleet.start()
        result = measure(fleet, numbers[0] if numbers else 20_000)
    finally:
        fleet.stop()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main(sys.argv[1:])
