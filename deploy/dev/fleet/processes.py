"""Starting, watching and stopping processes so that none is ever left behind."""

import ctypes
import os
import random
import signal
import socket
import subprocess
import time

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1


def _die_with_parent():
    """Runs in the child before its program starts: the kernel kills it if we vanish."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def free_ports(count):
    """Ports nobody listens on now; all are held until all are chosen, so none comes twice.

    They are below those that the kernel gives to outgoing connections: a process that died must
    find its port free when it is started again.
    """
    sockets = []
    try:
        for port in random.sample(range(20_000, 32_000), 12_000):
            if len(sockets) == count:
                return [listener.getsockname()[1] for listener in sockets]
            listener = socket.socket()
            try:
                listener.bind(("127.0.0.1", port))
                sockets.append(listener)
            except OSError:
                listener.close()
        raise OSError(f"no {count} free ports")
    finally:
        for listener in sockets:
            listener.close()


def accepts_connections(port):
    """Whether something listens on a local port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def tail(path, lines=15):
    """The last lines of a log, each cut to a readable length."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 64 * 1024))
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return []
    return [line[:400] for line in text.splitlines()[-lines:]]


class Process:
    """One long-running program with its log file."""

    def __init__(self, name, command, environment, log):
        self.name = name
        self.log = log
        self._command = [str(part) for part in command]
        # Only what is named here and what any program needs: a variable that happens to be set in
        # the caller's shell must not change how the fleet behaves.
        inherited = {key: os.environ[key] for key in _INHERITED if key in os.environ}
        self._environment = {**inherited, **{k: str(v) for k, v in environment.items()}}
        self._process = None

    def start(self):
        with open(self.log, "ab") as log:
            # A group of its own: a Ctrl-C at the terminal reaches us alone, and we stop in order.
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, start_new_session=True, preexec_fn=_die_with_parent)

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process is not None and self._process.poll() is None

    @property
    def ending(self):
        """How it ended, in words; None while it runs."""
        status = self._process.poll()
        if status is None:
            return None
        return f"killed by signal {-status}" if status < 0 else f"ended with status {status}"

    def send(self, number):
        if self.is_running:
            self._process.send_signal(number)

    def wait(self, deadline):
        """Whether it ended before the deadline (of the monotonic clock)."""
        try:
            self._process.wait(max(0, deadline - time.monotonic()))
            return True
        except subprocess.TimeoutExpired:
            return False


_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")


def stop(processes, grace_seconds):
    """Asks all of them to finish at once, and kills what has not after the grace.

    Returns the names of those that had to be killed.
    """
    running = [process for process in processes if process.is_running]
    for process in running:
        process.send(signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    late = [process for process in running if not process.wait(deadline)]
    for process in late:
        process.send(signal.SIGKILL)
        process.wait(time.monotonic() + 5)
    return [process.name for process in late]
