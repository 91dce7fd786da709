"""`make dev`: the fleet left running, its dead restarted, until somebody says stop."""

import time

import layout
from processes import tail

# A process that dies at once again and again should not fill the disk with its attempts.
_RESTART_AFTER_SECONDS = 2


def run(fleet, screen):
    """Watches the fleet until interrupted."""
    _explain(fleet, screen)
    while True:
        time.sleep(_RESTART_AFTER_SECONDS)
        for process in fleet.ended():
            screen.problem(f"{process.name} {process.ending}; restarting it. "
                           f"The end of {layout.shown(process.log)}:")
            for line in tail(process.log, lines=5):
                screen.line(f"    {screen.style(line, 'grey')}")
            process.start()


def where(fleet, screen):
    """Where everything is."""
    token = layout.shown(fleet.token_file)
    for name, place in (
            ("API", fleet.api_url),
            ("token", token),
            ("devnet", fleet.devnet_url),
            ("logs", layout.shown(fleet.directory.logs) + "/"),
            ("settings", f"source {layout.shown(layout.RUNS / 'env')}")):
        screen.line(f"  {name:<10}{place}")


def _explain(fleet, screen):
    screen.heading("The fleet is running; Ctrl-C stops it")
    where(fleet, screen)
    body = ('{"recipient_address":"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8","amount_usdt":5.50,'
            '"reason":"hello","router_type":"PayoutRouterV0"}')
    screen.heading("Try it")
    screen.line(f"  curl -s {fleet.api_url}/payouts \\\n"
                f"    -H \"Authorization: Bearer $(cat {layout.shown(fleet.token_file)})\" \\\n"
                f"    -H 'Content-Type: application/json' \\\n"
                f"    -d '{body}'")
    screen.line()
    screen.line("  Requests are limited as in production, to 10 new payouts a minute for instance;")
    screen.line("  make dev FLEET_OPTIONS='--rate-limits off' lifts that.")
    screen.line()
