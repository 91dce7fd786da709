"""Runs `swift build` and shows how far it is; everything it says goes to a log."""

import re
import subprocess
import time

import layout
from processes import tail

_STEP = re.compile(r"^\[(\d+)/(\d+)\]")
_LINE_EVERY_SECONDS = 30


class BuildFailed(Exception):
    """The build failed; the message holds the compiler's errors."""


def build(screen, options):
    """Builds with the given options of `swift build`, from the project's directory."""
    log = layout.DEV / "logs" / "build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    errors = []
    with open(log, "w") as file, subprocess.Popen(
            ["swift", "build", *options], cwd=layout.PROJECT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace") as process:
        meter = _Meter(screen, begun)
        for line in process.stdout:
            file.write(line)
            step = _STEP.match(line)
            if step:
                meter.advance(int(step[1]), int(step[2]))
            elif "error:" in line:
                errors.append(line.rstrip())
    meter.clear()
    if process.returncode != 0:
        shown = errors[:20] or tail(log)
        raise BuildFailed("\n".join(
            ["the build failed:", *shown, f"(all of it in {layout.shown(log)})"]))
    screen.step("build", f"{time.monotonic() - begun:.0f} s")


class _Meter:
    """How far the build is: a bar on a terminal, else a line every half minute."""

    def __init__(self, screen, begun):
        self._screen = screen
        self._begun = begun
        self._next_line = begun + _LINE_EVERY_SECONDS

    def advance(self, done, total):
        now = time.monotonic()
        seconds = now - self._begun
        if self._screen.is_terminal:
            # A build with nothing to do should not flash a bar.
            if seconds > 2:
                filled = 25 * done // max(total, 1)
                bar = self._screen.style("━" * filled, "blue") \
                    + self._screen.style("━" * (25 - filled), "grey")
                self._screen.redraw([f"  {bar}  building, {done} of {total}  {seconds:.0f} s"])
        elif now >= self._next_line:
            self._next_line = now + _LINE_EVERY_SECONDS
            self._screen.line(f"  building, {done} of {total}, {seconds:.0f} s")

    def clear(self):
        if self._screen.is_terminal:
            self._screen.redraw([])
