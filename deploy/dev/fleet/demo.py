"""`make demo`: 25 payouts from POST to solidified on chain, then the audit."""

import time

import client
import layout
from processes import tail
from progress import Progress, count
from stack import FleetFailed

PAYOUTS = 25
DEADLINE_SECONDS = 120
_REASONS = ("Session reward", "Node reward", "Referral", "Work credits", "Storage")
_PRIORITIES = ("LOW", "NORMAL", "HIGH", "URGENT")


def run(fleet, screen):
    """Returns whether all payouts were confirmed and the audit found no difference."""
    screen.heading(f"{PAYOUTS} payouts")
    api = client.Client(fleet.api_url, fleet.token)
    payouts = [api.create(request(number), key=f"demo-{number}") for number in range(PAYOUTS)]
    payouts = _follow(fleet, screen, api, payouts)
    _list(screen, payouts)
    confirmed = count(payouts)["confirmed"]
    if confirmed != PAYOUTS:
        screen.problem(f"only {confirmed} of {PAYOUTS} payouts were confirmed")
    clean = _audit(fleet, screen)
    return confirmed == PAYOUTS and clean


def request(number):
    """The body of the payout of this number; amounts from a cent to the largest allowed."""
    cents = (1, 550, 325, 120_050, 1_000_000)[number % 5] if number < 5 else 137 * number
    return {
        "recipient_address": client.new_address(),
        "amount_usdt": cents / 100,
        "reason": _REASONS[number % len(_REASONS)],
        "router_type": "PayoutRouterV0",
        "priority": _PRIORITIES[number % len(_PRIORITIES)],
    }


def _follow(fleet, screen, api, payouts):
    """Looks at the payouts until all are final, something died, or the time is over."""
    progress = Progress(screen)
    progress.show(payouts, client.heads(fleet.devnet_url))
    deadline = time.monotonic() + DEADLINE_SECONDS
    unfinished = ("pending", "processing")
    while any(payout["status"] in unfinished for payout in payouts):
        for process in fleet.ended():
            raise FleetFailed("\n".join(
                [f"{process.name} {process.ending}; the end of {layout.shown(process.log)}:"]
                + tail(process.log)))
        if time.monotonic() > deadline:
            break
        time.sleep(0.25)
        payouts = [
            api.payout(payout["payout_id"]) if payout["status"] in unfinished else payout
            for payout in payouts]
        progress.show(payouts, client.heads(fleet.devnet_url))
    return payouts


def _list(screen, payouts):
    screen.heading("On the chain")
    for payout in payouts:
        left = (f"  {payout['payout_id']}  {payout['recipient_address']} "
                f"{payout['amount_usdt']:>10,.2f} USDT")
        if payout["status"] == "confirmed":
            right = (f"{payout['txid']}  block {payout['block_number']}  "
                     f"fee {payout['fee_trx']} TRX")
        else:
            right = f"{payout['status']} {payout.get('failure') or ''}"
        if screen.is_terminal and len(left) + len(right) + 2 > screen.size[0]:
            screen.line(left)
            screen.line(f"      {right}")
        else:
            screen.line(f"{left}  {right}")


def _audit(fleet, screen):
    """Whether payoutctl, reading the chain block by block, finds what the store says."""
    screen.heading("Audit of the chain against the store")
    audit = fleet.payoutctl("audit", timeout=120)
    for line in (audit.stdout + audit.stderr).strip().splitlines():
        screen.line(f"  {line}")
    if audit.returncode != 0:
        screen.problem(f"the audit ended with status {audit.returncode}")
    return audit.returncode == 0
