"""The payouts of the demo while they move: a live table, or a line whenever something changed."""

import time

STATUSES = ("pending", "processing", "confirmed", "failed", "cancelled")
_MARKS = {
    "pending": ("○", "grey"), "processing": ("◐", "yellow"), "confirmed": ("●", "green"),
    "failed": ("✗", "red"), "cancelled": ("✗", "red"),
}
_BAR_CELLS = 25


class Progress:
    """Shows a list of payouts again and again, as calmly as the output allows."""

    def __init__(self, screen):
        self._screen = screen
        self._begun = time.monotonic()
        self._last_counts = None

    def show(self, payouts, heads):
        """Shows the payouts, and how far the chain is: a payout is confirmed when its block is
        solidified."""
        if self._screen.is_terminal:
            self._screen.redraw(self._table(payouts, heads))
        else:
            self._lines(payouts)

    def _seconds(self):
        return time.monotonic() - self._begun

    def _lines(self, payouts):
        counts = count(payouts)
        if counts != self._last_counts:
            self._last_counts = counts
            self._screen.line(f"  {self._seconds():5.1f} s  {describe(counts)}")

    def _table(self, payouts, heads):
        columns, lines = self._screen.size
        rows = [self._row(number, payout) for number, payout in enumerate(payouts, 1)]
        # A window too low for the table shows the sum only: a table that scrolls cannot be redrawn.
        if len(rows) + 5 > lines or columns < 92:
            rows = []
        else:
            head = f"  {'#':>2}  {'payout':<18} {'recipient':<15} {'USDT':>10}  {'status':<13}" \
                   f"{'transaction':<17} {'block':>7}"
            rows.insert(0, self._screen.style(head, "grey"))
        return rows + ["", self._bar(payouts), self._chain(heads)]

    def _row(self, number, payout):
        mark, colour = _MARKS[payout["status"]]
        status = self._screen.style(f"{mark} {payout['status']:<11}", colour)
        return (f"  {number:>2}  {middle(payout['payout_id'], 18):<18} "
                f"{middle(payout['recipient_address'], 15):<15} "
                f"{payout['amount_usdt']:>10,.2f}  {status}"
                f"{middle(payout['txid'] or '', 17):<17} {payout['block_number'] or '':>7}")

    def _bar(self, payouts):
        done = sum(payout["status"] == "confirmed" for payout in payouts)
        filled = _BAR_CELLS * done // len(payouts)
        bar = self._screen.style("━" * filled, "green") \
            + self._screen.style("━" * (_BAR_CELLS - filled), "grey")
        return f"  {bar}  {describe(count(payouts))}  {self._seconds():.0f} s"

    def _chain(self, heads):
        latest, solidified = heads
        text = f"chain at block {latest}, solidified {solidified}"
        return "  " + self._screen.style(text, "grey")


def count(payouts):
    """How many payouts have each status."""
    return {status: sum(payout["status"] == status for payout in payouts) for status in STATUSES}


def describe(counts):
    """The counts in words; the failures only when there are any."""
    usual = STATUSES[:3]
    return " · ".join(
        f"{counts[status]:>2} {status}" for status in STATUSES
        if status in usual or counts[status])


def middle(text, width):
    """A text cut in its middle, as ids are recognised by their ends."""
    if len(text) <= width:
        return text
    head = (width - 1) // 2
    return text[:head] + "…" + text[len(text) - (width - 1 - head):]
