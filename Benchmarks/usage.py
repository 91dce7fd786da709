"""How much memory and processor time processes use."""

import os
import pathlib


def resident_kilobytes(process):
    """What of the process is in memory now; 0 when it is gone."""
    try:
        lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except FileNotFoundError:
        return 0
    for line in lines:
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def processor_seconds(process):
    """User and system time so far; 0 when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{process.pid}/stat").read_text()
    except FileNotFoundError:
        return 0.0
    # The command's name is in parentheses and may have spaces; utime is the 12th field after it.
    fields = text.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
