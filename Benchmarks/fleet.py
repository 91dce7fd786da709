"""From the first POST to the last confirmation: payouts per second, calls to the node per payout, memory.

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

CONNECTIONS = 16
DEADLINE_SECONDS = 300


def resident_kilobytes(process):
    for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def memory(fleet):
    return {process.name: resident_kilobytes(process) for process in fleet.workers}


def node_calls(fleet):
    with urllib.request.urlopen(f"{fleet.devnet_url}/devnet/status", timeout=10) as answer:
        return json.load(answer)["calls"]


def measure(fleet, count):
    api = client.Client(fleet.api_url, fleet.token)
    idle = memory(fleet)
    before = node_calls(fleet)
    begun = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
        created = list(pool.map(
            lambda number: api.create({
                "recipient_address": client.new_address(), "amount_usdt": 1.25,
                "reason": "benchmark", "router_type": "PayoutRouterV0",
            }, f"bench-{number}"), range(count)))
        accepted = time.monotonic() - begun
        open_ids = [payout["payout_id"] for payout in created]
        deadline = begun + DEADLINE_SECONDS
        while open_ids and time.monotonic() < deadline:
            # The oldest are confirmed first: looking at a few is enough to see the end come.
            looked = list(pool.map(api.payout, open_ids[:CONNECTIONS]))
            done = {payout["payout_id"] for payout in looked if payout["status"] == "confirmed"}
            open_ids = [identifier for identifier in open_ids if identifier not in done]
            if len(done) < CONNECTIONS / 2:
                time.sleep(0.2)
    elapsed = time.monotonic() - begun
    after = node_calls(fleet)
    calls = {path: after[path] - before.get(path, 0) for path in after}
    return {
        "payouts": count,
        "unconfirmed": len(open_ids),
        "accepted_per_second": round(count / accepted, 1),
        "confirmed_per_second": round(count / elapsed, 1),
        "seconds": round(elapsed, 1),
        "node_calls_per_payout": round(sum(calls.values()) / count, 2),
        "node_calls": {path: number for path, number in sorted(calls.items()) if number},
        "resident_kilobytes_idle": idle,
        "resident_kilobytes_after": memory(fleet),
    }


def main(arguments):
    release = "--debug" not in arguments
    numbers = [int(text) for text in arguments if text.isdigit()]
    fleet = Fleet("bench", block_interval_ms=300, witnesses=5, release=release)
    try:
        fleet.start()
        result = measure(fleet, numbers[0] if numbers else 2000)
    finally:
        fleet.stop()
    print(json.dumps(result, indent=2))
    return 1 if result["unconfirmed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
