"""The fleet for development, on free local ports, with the standard library only.

    python3 deploy/dev/fleet demo              25 payouts, shown live, then the audit
    python3 deploy/dev/fleet dev               the fleet until Ctrl-C
    python3 deploy/dev/fleet build             swift build with its progress
    python3 deploy/dev/fleet with-servers CMD  runs CMD with a broker and a store of its own
"""

import argparse
import os
import signal
import subprocess
import sys

import demo
import dev
import layout
from building import BuildFailed, build
from client import Refused
from screen import Screen
from servers import ServerDidNotStart, Servers
from stack import Fleet, FleetFailed

_EXPECTED = (FleetFailed, ServerDidNotStart, BuildFailed, Refused, layout.AlreadyRunning)


class Interrupted(Exception):
    """Somebody asked this process to stop."""


def main():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    options = _options()
    screen = Screen()
    try:
        return options.run(options, screen)
    except Interrupted as interruption:
        screen.line()
        return 128 + interruption.args[0]
    except _EXPECTED as failure:
        screen.problem(str(failure))
        return 1


def _interrupt(number, _frame):
    # While everything is being stopped, a second request changes nothing: stopping is bounded.
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)
    raise Interrupted(number)


def _options():
    parser = argparse.ArgumentParser(
        prog="fleet", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    # The demo creates its payouts all at once; who tries things by hand sees the API as it is.
    for name, run, limits in (("demo", _demo, "off"), ("dev", _dev, "shared")):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        command.add_argument("--copies", type=int, default=1, help="of each worker")
        command.add_argument("--block-interval-ms", type=int, default=1000)
        command.add_argument("--witnesses", type=int, default=27)
        command.add_argument("--release", action="store_true", help="binaries of a release build")
        command.add_argument("--rate-limits", choices=("shared", "local", "off"), default=limits,
                             help=f"of requests a minute; {limits} unless given")
    command = commands.add_parser("build")
    command.set_defaults(run=_build)
    command = commands.add_parser("with-servers")
    command.add_argument("command", nargs=argparse.REMAINDER)
    command.set_defaults(run=_with_servers)
    # What follows `build` is for swift build, dashes and all.
    known, rest = parser.parse_known_args()
    if rest and known.run is not _build:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    known.swift_options = rest
    return known


def _demo(options, screen):
    return _with_fleet("demo", options, screen, lambda fleet: _demonstrate(fleet, screen))


def _dev(options, screen):
    try:
        return _with_fleet("dev", options, screen, lambda fleet: dev.run(fleet, screen))
    except Interrupted:
        # That is how it is meant to end.
        return 0


def _with_fleet(name, options, screen, body):
    screen.heading("Starting the fleet")
    fleet = Fleet(name, options.copies, options.block_interval_ms, options.witnesses,
                  options.release, screen.step, options.rate_limits)
    try:
        seconds = fleet.start()
        screen.step("ready", f"{seconds:.1f} s")
        return body(fleet)
    finally:
        screen.line()
        screen.line("Stopping the fleet …")
        fleet.stop()


def _demonstrate(fleet, screen):
    good = demo.run(fleet, screen)
    screen.heading("Where things were (make dev leaves them running)")
    dev.where(fleet, screen)
    if good:
        screen.heading(screen.style("All payouts confirmed, audit clean.", "green"))
    return 0 if good else 1


def _build(options, screen):
    build(screen, options.swift_options)
    return 0


def _with_servers(options, screen):
    """Servers that the caller names in the environment are used instead of our own."""
    given = [name for name in ("KAFKA_BOOTSTRAP_SERVERS", "MONGO_URI") if os.environ.get(name)]
    if len(given) == 1:
        raise FleetFailed(f"{given[0]} is set alone: set both or neither of "
                          "KAFKA_BOOTSTRAP_SERVERS and MONGO_URI")
    if given:
        return _run(options.command, {})
    servers = Servers(layout.RunDirectory("test"))
    try:
        servers.start()
        return _run(options.command, servers.environment)
    finally:
        servers.stop()


def _run(command, environment):
    """Runs a command to its end; when we are told to stop, it is told first."""
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        return process.wait()
    except Interrupted:
        process.terminate()
        process.wait(timeout=20)
        raise


if __name__ == "__main__":
    sys.exit(main())
