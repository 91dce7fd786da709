"""Reads the devnet with tronpy, as a wallet would.

    chain.py usdt ADDRESS...   prints the USDT balance of each, in micro-USDT, a line each
    chain.py transaction TXID  prints the transaction's receipt as JSON
"""

import json
import os
import sys

from tronpy import Tron
from tronpy.providers import HTTPProvider

USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"

client = Tron(HTTPProvider(os.environ["TRON_NODES"]))


def balance(address):
    word = client.trigger_const_smart_contract_function(
        address, USDT, "balanceOf(address)", "0" * 24 + client.to_hex_address(address)[2:])
    return int(word, 16)


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "usdt":
        for address in arguments:
            print(balance(address))
    elif command == "transaction":
        print(json.dumps(client.get_transaction_info(arguments[0])))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
