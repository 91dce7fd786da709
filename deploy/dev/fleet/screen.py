"""What a person sees: quiet lines in a log, one table redrawn in place on a terminal."""

import shutil
import sys

_COLOURS = {"green": 32, "yellow": 33, "blue": 34, "red": 31, "grey": 90, "bold": 1}


class Screen:
    """Writes to standard output; styles and redraws only where a terminal shows them."""

    def __init__(self, stream=sys.stdout):
        self._stream = stream
        self.is_terminal = stream.isatty()
        self._drawn = 0

    def style(self, text, *names):
        if not self.is_terminal:
            return text
        codes = ";".join(str(_COLOURS[name]) for name in names)
        return f"\x1b[{codes}m{text}\x1b[0m"

    @property
    def size(self):
        """Columns and lines."""
        return shutil.get_terminal_size((100, 40))

    def line(self, text=""):
        self._drawn = 0
        self._stream.write(text + "\n")
        self._stream.flush()

    def step(self, name, detail=""):
        self.line(f"  {self.style('✓', 'green')} {name:<18}{self.style(detail, 'grey')}")

    def heading(self, text):
        self.line()
        self.line(self.style(text, "bold"))

    def problem(self, text):
        self.line(self.style("✗ ", "red") + text)

    def redraw(self, lines):
        """Replaces what the last call drew; only for a terminal."""
        if self._drawn:
            self._stream.write(f"\x1b[{self._drawn}F")
        self._stream.write("".join(f"\x1b[2K{line}\n" for line in lines) + "\x1b[J")
        self._stream.flush()
        self._drawn = len(lines)
