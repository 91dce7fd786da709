"""POST /payouts with the real stores: requests per second at one and at many connections, latency at half the most,
what limits cost, and Ingest's memory.

    python3 Benchmarks/admission.py [--soak SECONDS] [--debug]

Starts fleets of its own and stops everything in them but Ingest, the broker and the store. With --soak: one load of that
length at 64 connections, with Ingest's memory every few seconds.
"""

import argparse
import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "deploy/dev/fleet"))

import layout  # noqa: E402
from processes import stop  # noqa: E402
from stack import Fleet  # noqa: E402

import usage  # noqa: E402

CONNECTIONS = 64
ROUNDS = 3
SECONDS = 8


class Load:
    """Runs http-bench against the fleet's Ingest."""

    def __init__(self, fleet, release):
        self._command = [
            str(layout.binary("http-bench", release)), "load", "--port", str(fleet.api_ports[0]),
            "--token-file", str(fleet.token_file),
        ]

    def __call__(self, connections, seconds, *options):
        result = subprocess.run(
            [*self._command, "--connections", str(connections), "--seconds", str(seconds),
             *options], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if result.returncode != 0:
            raise RuntimeError(f"http-bench failed: {result.stderr.strip()}")
        return json.loads(result.stdout)


def compare(load, ingest):
    """Turns of one and of many connections, so that both see the same machine."""
    idle = usage.resident_kilobytes(ingest)
    load(CONNECTIONS, 2)
    turns = [(load(1, SECONDS), load(CONNECTIONS, SECONDS)) for _ in range(ROUNDS)]
    reads = [load(CONNECTIONS, SECONDS, "--read") for _ in range(ROUNDS)]

    def median(figures, key):
        return round(statistics.median(figure[key] for figure in figures), 2)

    alone, many = zip(*turns)
    half = median(many, "per_second") / 2
    calm = [load(CONNECTIONS, SECONDS, "--rate", str(half)) for _ in range(ROUNDS)]
    return {
        "post_per_second_1": median(alone, "per_second"),
        "post_per_second_64": median(many, "per_second"),
        "ratio_64_to_1": round(statistics.median(
            b["per_second"] / a["per_second"] for a, b in turns), 1),
        "post_p50_ms_1": median(alone, "p50_milliseconds"),
        "post_p50_ms_64": median(many, "p50_milliseconds"),
        "post_p99_ms_64": median(many, "p99_milliseconds"),
        "post_per_second_at_half": median(calm, "per_second"),
        "post_p50_ms_at_half": median(calm, "p50_milliseconds"),
        "post_p99_ms_at_half": median(calm, "p99_milliseconds"),
        "p99_to_p50_at_half": round(statistics.median(
            run["p99_milliseconds"] / run["p50_milliseconds"] for run in calm), 1),
        "get_per_second_64": median(reads, "per_second"),
        "ingest_resident_kilobytes_idle": idle,
        "ingest_resident_kilobytes_after": usage.resident_kilobytes(ingest),
    }


def soak(load, ingest, seconds):
    samples = []
    ended = threading.Event()

    def watch():
        begun = time.monotonic()
        while not ended.wait(5):
            samples.append((round(time.monotonic() - begun), usage.resident_kilobytes(ingest)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = load(CONNECTIONS, seconds)
    finally:
        ended.set()
        watcher.join()
    return {**result, "ingest_resident_kilobytes": samples}


@contextlib.contextmanager
def ingest_alone(name, release, **variables):
    """A fleet of which only Ingest, the broker and the store go on: how to put load on it, and Ingest's process."""
    fleet = Fleet(
        name, release=release,
        # Nobody takes what is announced, and what is measured is not how often that is noticed.
        variables={"SWEEP_INTERVAL_SECONDS": "3600", **variables})
    try:
        fleet.start()
        ingest = next(process for process in fleet.workers if process.name == "ingest")
        stop([process for process in fleet.workers if process is not ingest], 10)
        yield Load(fleet, release), ingest
    finally:
        fleet.stop()


def cost_of_limits(release):
    """Turns of a fleet with limits and of one without, so that both see the same machine."""
    off = {f"LIMIT_{span}_USDT{router}": "off"
           for span in ("DAILY", "HOURLY") for router in ("", "_KYC")}
    with ingest_alone("bench-limits", release) as (limited, _), \
            ingest_alone("bench-no-limits", release, **off) as (free, _):
        for load in (limited, free):
            load(CONNECTIONS, 2)
        turns = [(limited(CONNECTIONS, SECONDS), free(CONNECTIONS, SECONDS))
                 for _ in range(ROUNDS)]
        alone = [(limited(1, SECONDS), free(1, SECONDS)) for _ in range(ROUNDS)]

    def ratio(pairs):
        return round(statistics.median(
            a["per_second"] / b["per_second"] for a, b in pairs), 2)

    return {"limits_on_to_off_64": ratio(turns), "limits_on_to_off_1": ratio(alone)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--soak", type=int, metavar="SECONDS")
    parser.add_argument("--debug", action="store_true")
    options = parser.parse_args()
    release = not options.debug
    with ingest_alone("bench-admission", release) as (load, ingest):
        if options.soak:
            result = soak(load, ingest, options.soak)
        else:
            result = compare(load, ingest)
    if not options.soak:
        result |= cost_of_limits(release)
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
