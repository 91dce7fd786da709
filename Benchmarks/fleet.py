"""From the first POST to the last confirmation: payouts per second, calls to the node per payout, memory; then how fast
topics are replayed.

    python3 Benchmarks/fleet.py [PAYOUTS] [--debug]

Starts a fleet of its own on free local ports, with 300 ms slots and 5 witnesses, and stops it.
"""

import concurrent.futures
import json
import pathlib
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "deploy/dev/fleet"))

import client  # noqa: E402
from stack import Fleet  # noqa: E402

import usage  # noqa: E402

CONNECTIONS = 16
DEADLINE_SECONDS = 300


def resident(fleet):
    return {process.name: usage.resident_kilobytes(process) for process in fleet.workers}


def processor_seconds(fleet):
    return {process.name: usage.processor_seconds(process) for process in fleet.processes}


def devnet(fleet, what):
    with urllib.request.urlopen(f"{fleet.devnet_url}/devnet/{what}", timeout=10) as answer:
        return json.load(answer)


def until_broadcast(fleet, posted, payouts):
    """Milliseconds from sending the POST until the node first accepted the transaction."""
    arrivals = devnet(fleet, "arrivals")
    return sorted(
        arrivals[payout["txid"]] - posted[payout["payout_id"]] for payout in payouts
        if payout["txid"] in arrivals)


def measure(fleet, count):
    api = client.Client(fleet.api_url, fleet.token)
    idle, processor = resident(fleet), processor_seconds(fleet)
    before = devnet(fleet, "status")["calls"]
    posted = {}

    def create(number):
        sent = time.time() * 1000
        payout = api.create({
            "recipient_address": client.new_address(), "amount_usdt": 1.25,
            "reason": "benchmark", "router_type": "PayoutRouterV0",
        }, f"bench-{number}")
        posted[payout["payout_id"]] = sent
        return payout["payout_id"]

    begun = time.monotonic()
    confirmed = []
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        waiting = list(pool.map(create, range(count)))
        accepted = time.monotonic() - begun
        deadline = begun + DEADLINE_SECONDS
        while waiting and time.monotonic() < deadline:
            # The oldest are confirmed first: looking at a few is enough to see the end come.
            looked = list(pool.map(api.payout, waiting[:CONNECTIONS]))
            done = [payout for payout in looked if payout["status"] == "confirmed"]
            confirmed += done
            ids = {payout["payout_id"] for payout in done}
            waiting = [identifier for identifier in waiting if identifier not in ids]
            if len(done) < CONNECTIONS / 2:
                time.sleep(0.2)
    elapsed = time.monotonic() - begun
    after = devnet(fleet, "status")["calls"]
    calls = {path: after[path] - before.get(path, 0) for path in after}
    delays = until_broadcast(fleet, posted, confirmed)
    return {
        "payouts": count,
        "unconfirmed": len(waiting),
        "accepted_per_second": round(count / accepted, 1),
        "confirmed_per_second": round(count / elapsed, 1),
        "seconds_to_accept_all": round(accepted, 1),
        "seconds_to_confirm_all": round(elapsed, 1),
        "post_to_broadcast_ms_p50": round(delays[len(delays) // 2]) if delays else None,
        "post_to_broadcast_ms_p99": round(delays[len(delays) * 99 // 100]) if delays else None,
        "node_calls_per_payout": round(sum(calls.values()) / count, 2),
        "node_calls": {path: number for path, number in sorted(calls.items()) if number},
        "processor_seconds": {
            name: round(seconds - processor[name], 1)
            for name, seconds in processor_seconds(fleet).items()},
        "resident_kilobytes_idle": idle,
        "resident_kilobytes_after": resident(fleet),
    }


def replays(fleet):
    """Records a second of a replay of each topic from its beginning, which changes nothing any more."""
    rates = {}
    for topic in ("payouts.requested", "transfers.ready.normal", "transfers.signed", "payouts.settled"):
        done = fleet.payoutctl("replay", "--topic", topic, "--json", timeout=120)
        if done.returncode:
            raise RuntimeError(done.stderr)
        summary = json.loads(done.stdout)
        rates[topic] = [summary["records"], round(summary["records_per_second"])]
    return rates


def main(arguments):
    release = "--debug" not in arguments
    numbers = [int(text) for text in arguments if text.isdigit()]
    fleet = Fleet("bench", block_interval_ms=300, witnesses=5, release=release)
    try:
        fleet.start()
        result = measure(fleet, numbers[0] if numbers else 2000)
        result["replayed_records_and_per_second"] = replays(fleet)
    finally:
        fleet.stop()
    print(json.dumps(result, indent=2))
    return 1 if result["unconfirmed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
