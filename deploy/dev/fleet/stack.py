"""The whole fleet on one machine: broker, store, devnet, and any number of each worker."""

import json
import subprocess
import time
import urllib.error
import urllib.request

import layout
from processes import Process, free_ports, stop, tail
from servers import Servers, wait_until_listening

WORKERS = ("ingest", "batcher", "signer", "confirmer")
GRACE_SECONDS = 10
# A fleet for development may run for days.
_TOKEN_SECONDS = 7 * 86_400


class FleetFailed(Exception):
    """Something of the fleet does not work; the message is meant for a person."""


class Fleet:
    """Starts everything in order, knows what runs, and stops everything in the reverse order."""

    def __init__(self, name, copies=1, block_interval_ms=1000, witnesses=27, release=False,
                 report=lambda name, detail: None, rate_limits="off",
                 variables=None):
        self.directory = layout.RunDirectory(name)
        self._copies = copies
        self._block_interval_ms = block_interval_ms
        self._witnesses = witnesses
        self._release = release
        # Off unless asked: most of what starts a fleet sends more requests than a caller may.
        self._rate_limits = rate_limits
        self._variables = variables or {}
        self._report = report
        self._workers = []
        self._devnet = None
        self._servers = Servers(self.directory)
        self.devnet_port = None
        self.api_ports = []
        self._operations_ports = {}

    # What others need to know of it.

    @property
    def api_url(self):
        return f"http://127.0.0.1:{self.api_ports[0]}/api/payment"

    @property
    def workers(self):
        return list(self._workers)

    @property
    def devnet_url(self):
        return f"http://127.0.0.1:{self.devnet_port}"

    @property
    def token_file(self):
        return self.directory.path / "token"

    @property
    def environment(self):
        """What every worker and payoutctl is given."""
        return {
            **self._servers.environment,
            "TRON_NETWORK": "devnet",
            "TRON_NODES": self.devnet_url,
            "TRON_SOLIDITY_NODES": self.devnet_url,
            "LOG_FORMAT": "json",
            # Or the store's driver leaves counters in shared memory when a process is killed.
            "MONGOC_DISABLE_SHM": "1",
            **self._variables,
        }

    def payoutctl(self, *arguments, timeout=60):
        """Runs payoutctl and returns its finished process; its output is kept in the log."""
        command = [str(layout.binary("payoutctl", self._release)), *map(str, arguments)]
        result = subprocess.run(
            command, env={"PATH": "/usr/bin:/bin", **self.environment}, capture_output=True,
            text=True, timeout=timeout, stdin=subprocess.DEVNULL)
        with open(self.directory.log("payoutctl"), "a") as log:
            log.write(f"$ payoutctl {arguments[0]} …\n{result.stderr}")
        return result

    # Life.

    def start(self):
        begun = time.monotonic()
        self._servers.start()
        self._report("broker and store", self._servers.environment["KAFKA_BOOTSTRAP_SERVERS"])
        self._make_secrets()
        self._start_devnet()
        self._report("devnet", f"{self.devnet_url}, a block every {self._block_interval_ms} ms")
        self._expect_success("init")
        self._start_workers()
        self._await_readiness(seconds=60)
        self._report("workers", f"{self._copies} of each: {', '.join(WORKERS)}")
        self._write_token()
        self._write_environment_file()
        return time.monotonic() - begun

    def stop(self):
        """Workers first, so that they can still commit; then what they stand on."""
        stop(self._workers, GRACE_SECONDS)
        stop([self._devnet] if self._devnet else [], GRACE_SECONDS)
        self._servers.stop()

    @property
    def processes(self):
        """Everything that runs or ran: broker, store, workers, devnet."""
        return [*self._servers.processes, *self._workers, *([self._devnet] if self._devnet else [])]

    def ended(self):
        """The processes that ended although nobody asked them to."""
        return [process for process in self.processes if not process.is_running]

    # Parts of starting.

    def _expect_success(self, *arguments):
        result = self.payoutctl(*arguments)
        if result.returncode != 0:
            said = (result.stderr or result.stdout).strip()
            raise FleetFailed(f"payoutctl {arguments[0]} failed:\n{said}")
        return result.stdout

    def _make_secrets(self):
        for name in ("jwt-secret", "internal-token", "wallet-password"):
            self.directory.secret(name)
        answer = self._expect_success(
            # Light: what protects a wallet of make-believe money need not take a second to open.
            "keystore", "new", "--light",
            "--password-file", self.directory.path / "wallet-password",
            "--out", self.directory.path / "wallet.json", "--json")
        self.wallet = json.loads(answer)["address"]

    def _start_devnet(self):
        (self.devnet_port,) = free_ports(1)
        genesis = self.directory.write("genesis.json", json.dumps({
            "accounts": [
                {"address": self.wallet, "trx_sun": 1_000_000_000_000,
                 "usdt_micro": 1_000_000_000_000},
            ],
        }))
        self._devnet = Process(
            "devnet", [layout.binary("devnet", self._release)], {
                "DEVNET_HOST": "127.0.0.1",
                "DEVNET_PORT": self.devnet_port,
                "DEVNET_BLOCK_INTERVAL_MS": self._block_interval_ms,
                "DEVNET_WITNESSES": self._witnesses,
                "DEVNET_GENESIS_FILE": genesis,
            }, self.directory.log("devnet"))
        self._devnet.start()
        wait_until_listening(self._devnet, self.devnet_port)

    def _start_workers(self):
        ports = iter(free_ports(self._copies * (len(WORKERS) + 1)))
        for worker in WORKERS:
            for copy in range(1, self._copies + 1):
                name = worker if self._copies == 1 else f"{worker}-{copy}"
                operations = next(ports)
                environment = {**self.environment, "OPS_PORT": operations}
                if worker == "ingest":
                    api = next(ports)
                    self.api_ports.append(api)
                    environment |= self._ingest_environment(api)
                if worker == "signer":
                    environment |= self._signer_environment()
                process = Process(
                    name, [layout.binary(worker, self._release)], environment,
                    self.directory.log(name))
                self._operations_ports[name] = operations
                self._workers.append(process)
                process.start()

    def _ingest_environment(self, port):
        return {
            "HTTP_PORT": port,
            "JWT_HS256_SECRET_FILE": self.directory.path / "jwt-secret",
            "INTERNAL_TOKEN_FILE": self.directory.path / "internal-token",
            "RATE_LIMITS": self._rate_limits,
            **_ample("LIMIT"), **self._variables,
        }

    def _signer_environment(self):
        return {
            "SIGNER_KEY_FILE": self.directory.path / "wallet.json",
            "SIGNER_KEY_PASSWORD_FILE": self.directory.path / "wallet-password",
            **_ample("SIGNER_LIMIT"), **self._variables,
        }

    def _await_readiness(self, seconds):
        deadline = time.monotonic() + seconds
        for process in self._workers:
            while True:
                ready, answer = readiness(self._operations_ports[process.name])
                if ready:
                    break
                if not process.is_running or time.monotonic() > deadline:
                    why = process.ending or f"is not ready after {seconds} s: {answer}"
                    raise FleetFailed("\n".join(
                        [f"{process.name} {why}; the end of {layout.shown(process.log)}:"]
                        + tail(process.log)))
                time.sleep(0.05)

    def _write_token(self):
        token = self._expect_success(
            "token", "--sub", "demo", "--role", "service", "--ttl", _TOKEN_SECONDS,
            "--secret-file", self.directory.path / "jwt-secret").strip()
        self.directory.write("token", token + "\n")
        self.token = token

    def _write_environment_file(self):
        """For `source .dev/run/env`: then payoutctl and curl reach this fleet."""
        values = {
            **self.environment,
            "API_URL": self.api_url,
            "DEVNET_URL": self.devnet_url,
            "TOKEN_FILE": self.token_file,
            "WALLET_ADDRESS": self.wallet,
            "LOGS": self.directory.logs,
        }
        lines = [f"export {name}='{value}'\n" for name, value in values.items()]
        (layout.RUNS / "env").write_text("".join(lines))


def _ample(prefix):
    """Limits that count everything and refuse nothing that one develops with."""
    names = ("DAILY_USDT", "HOURLY_USDT", "DAILY_USDT_KYC", "HOURLY_USDT_KYC")
    return {f"{prefix}_{name}": "1000000000" for name in names}


def readiness(port):
    """Whether the worker behind this operations port is ready, and what it said."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return answer.status == 200, answer.read(2000).decode("utf-8", "replace").strip()
    except urllib.error.HTTPError as refusal:
        return False, refusal.read(2000).decode("utf-8", "replace").strip()
    except OSError as problem:
        return False, f"no answer ({problem})"
