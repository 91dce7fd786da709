"""Where things are: the project, its binaries, and the directory of one run."""

import fcntl
import os
import secrets
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
DEV = PROJECT / ".dev"
RUNS = DEV / "run"
PYTHON = DEV / "venv" / "bin" / "python"
BROKER = PROJECT / "deploy" / "dev" / "broker"
STORE = PROJECT / "deploy" / "dev" / "store"


def binary(name, release=False):
    """The path of one of our executables, as the build leaves it."""
    return PROJECT / ".build" / ("release" if release else "debug") / name


def shown(path):
    """A path as a person in the project's directory would write it."""
    try:
        return str(Path(path).relative_to(PROJECT))
    except ValueError:
        return str(path)


class AlreadyRunning(Exception):
    """Another process uses the run directory of this name."""


class RunDirectory:
    """The files of one run: logs, data of the servers, secrets. Emptied at the next start."""

    def __init__(self, name):
        self.path = RUNS / name
        RUNS.mkdir(parents=True, exist_ok=True)
        # Held open, and so locked, until this process ends, however it ends.
        self._lock = open(RUNS / f"{name}.lock", "w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"another one is running in {shown(self.path)}") from None
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(mode=0o700)
        self.logs = self.path / "logs"
        self.logs.mkdir()

    def log(self, name):
        return self.logs / f"{name}.log"

    def write(self, name, text):
        """Writes a file that only its owner may read, from its first moment."""
        path = self.path / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
        return path

    def secret(self, name):
        """A new random secret in a file of its own."""
        return self.write(name, secrets.token_hex(32))
