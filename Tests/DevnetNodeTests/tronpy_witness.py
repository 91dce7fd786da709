"""An unmodified tronpy client as a witness: whatever it can do against a TRON node it must do here.

Usage: tronpy_witness.py URL PRIVATE_KEY_HEX
The key's account must have 1,000 TRX and 1,000 USDT. Prints one line per step; exits 1 at the first surprise.
"""

import sys
import time
from decimal import Decimal

from tronpy import Tron
from tronpy.exceptions import AddressNotFound, BlockNotFound, TransactionNotFound, TvmError
from tronpy.exceptions import BadSignature, TaposError, TransactionError, UnknownError, ValidationError
from tronpy.keys import PrivateKey
from tronpy.providers import HTTPProvider

USDT = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"


def check(what, condition, detail=None):
    if not condition:
        print(f"FAILED {what}: {detail!r}")
        sys.exit(1)
    print(f"ok {what}")


def raises(what, expected, action):
    try:
        result = action()
    except expected as error:
        print(f"ok {what}: {type(error).__name__}")
        return error
    print(f"FAILED {what}: returned {result!r}")
    sys.exit(1)


def main(url, secret):
    client = Tron(HTTPProvider(url + "/", timeout=10.0))
    key = PrivateKey(bytes.fromhex(secret))
    owner = key.public_key.to_base58check_address()
    stranger = PrivateKey.random().public_key.to_base58check_address()

    head, solid = client.get_latest_block(), client.get_latest_solid_block()
    number = head["block_header"]["raw_data"]["number"]
    check("head is a block", len(head["blockID"]) == 64 and number > 0, head)
    check("solid is behind head", solid["block_header"]["raw_data"]["number"] <= number, solid)
    check("witness is base58", head["block_header"]["raw_data"]["witness_address"].startswith("T"))
    check("solid number", client.get_latest_solid_block_number() <= client.get_latest_block_number())
    check("block by number", client.get_block(number)["blockID"] == head["blockID"])
    check("block by id", client.get_block(head["blockID"]) == client.get_block(number))
    check("parent link", client.get_block(number - 1)["blockID"] == head["block_header"]["raw_data"]["parentHash"])
    raises("block beyond head", BlockNotFound, lambda: client.get_block(number + 1_000_000))
    raises("unknown transaction", TransactionNotFound, lambda: client.get_transaction("00" * 32))
    raises("unknown account", AddressNotFound, lambda: client.get_account(stranger))
    check("witnesses", len(client.list_witnesses()) >= 1)
    check("energy fee", {p["key"]: p.get("value") for p in client.get_chain_parameters()}["getEnergyFee"] > 0)
    check("bandwidth", 0 <= client.get_bandwidth(owner) <= 600)
    check("energy", client.get_energy(owner) == 0)
    check("permission", client.get_account_permission(owner)["owner"]["keys"][0]["address"] == owner)

    before = client.get_account_balance(owner)
    check("TRX balance", before >= Decimal(1000), before)
    sent = client.trx.transfer(owner, stranger, 5_000_000).build().sign(key).broadcast()
    receipt = sent.wait(timeout=30, interval=0.1)
    check("TRX receipt", receipt["id"] == sent.txid and receipt["fee"] == 1_100_000, receipt)
    check("TRX arrived", client.get_account_balance(stranger) == Decimal(5))
    check("TRX left", client.get_account_balance(owner) == before - Decimal("6.1"))

    contract = client.get_contract(USDT)
    check("name", contract.name == "TetherToken" and contract.functions.name() == "Tether USD")
    check("symbol", contract.functions.symbol() == "USDT")
    check("decimals", contract.functions.decimals() == 6)
    check("supply", contract.functions.totalSupply() > 0)
    check("not blacklisted", contract.functions.isBlackListed(owner) is False)
    check("contract info", client.get_contract_info(USDT)["contract_state"]["energy_factor"] == 34000)
    usdt = contract.functions.balanceOf(owner)
    check("USDT balance", usdt >= 1_000_000_000, usdt)

    needed = client.get_estimated_energy(
        owner, USDT, "transfer(address,uint256)", transfer_parameter(contract, stranger, 1_500_000))
    check("estimate to a new holder", needed == 130_285, needed)
    sent = send(contract, key, stranger, 1_500_000).broadcast()
    check("pending is visible", client.get_transaction(sent.txid)["txID"] == sent.txid)
    info = sent.wait(timeout=30, interval=0.1)
    check("USDT receipt", info["receipt"]["result"] == "SUCCESS" and "result" not in info, info)
    check("USDT energy", info["receipt"]["energy_usage_total"] == 130_285, info)
    event = list(contract.events.Transfer.process_receipt(info))
    check("USDT event", event[0]["args"] == {"from": owner, "to": stranger, "value": 1_500_000}, event)
    check("contract address", info["contract_address"] == USDT, info)
    check("USDT arrived", contract.functions.balanceOf(stranger) == 1_500_000)
    check("USDT left", contract.functions.balanceOf(owner) == usdt - 1_500_000)
    mined = client.get_transaction(sent.txid)
    check("mined", mined["ret"] == [{"contractRet": "SUCCESS"}], mined)
    block = client.get_block(info["blockNumber"])
    check("in its block", sent.txid in [t["txID"] for t in block["transactions"]])
    check("solid receipt", sent.wait(timeout=60, interval=0.1, solid=True) == info)
    second = send(contract, key, stranger, 1).broadcast().wait(timeout=30, interval=0.1)
    check("energy to a holder", second["receipt"]["energy_usage_total"] == 64_285, second)

    print("approve and transferFrom")
    spender = PrivateKey.random()
    spender_address = spender.public_key.to_base58check_address()
    client.trx.transfer(owner, spender_address, 100_000_000).build().sign(key).broadcast().wait(30, 0.1)
    approve = contract.functions.approve.with_owner(owner)(spender_address, 3_000_000)
    approve.fee_limit(100_000_000).build().sign(key).broadcast().wait(30, 0.1)
    check("allowance", contract.functions.allowance(owner, spender_address) == 3_000_000)
    move = contract.functions.transferFrom.with_owner(spender_address)(owner, stranger, 2_000_000)
    moved = move.fee_limit(100_000_000).build().sign(spender).broadcast().wait(30, 0.1)
    check("transferFrom", moved["receipt"]["result"] == "SUCCESS", moved)
    check("allowance left", contract.functions.allowance(owner, spender_address) == 1_000_000)

    print("failures")
    poor = send(contract, key, stranger, 10**15).broadcast()
    raises("revert", TvmError, lambda: poor.result(timeout=30, interval=0.1))
    check("revert is marked", client.get_transaction(poor.txid)["ret"] == [{"contractRet": "REVERT"}])
    starved = send(contract, key, stranger, 1, fee_limit=1_000_000).broadcast().wait(30, 0.1)
    check("out of energy", starved["receipt"]["result"] == "OUT_OF_ENERGY", starved)
    check("out of energy costs all", starved["receipt"]["energy_fee"] == 1_000_000, starved)
    repeated = send(contract, key, stranger, 7)
    repeated.broadcast().wait(30, 0.1)
    check("duplicate", raises("duplicate", UnknownError, repeated.broadcast).args[1] == "DUP_TRANSACTION_ERROR")
    other = client.trx.transfer(owner, stranger, 1).build()
    other._signature = [spender.sign_msg_hash(bytes.fromhex(other.txid)).hex()]
    raises("wrong signer", BadSignature, other.broadcast)
    client.get_latest_solid_block_id = lambda: "00" * 6 + "1234" + "56" * 24
    forked = client.trx.transfer(owner, stranger, 1).build().sign(key)
    del client.get_latest_solid_block_id
    raises("wrong reference block", TaposError, forked.broadcast)
    late = client.trx.transfer(owner, stranger, 1).expiration(90_000_000).build().sign(key)
    raises("expires too late", TransactionError, late.broadcast)
    broke = client.trx.transfer(owner, stranger, 10**17).build().sign(key)
    raises("balance is not sufficient", ValidationError, broke.broadcast)
    memo = client.trx.transfer(owner, stranger, 1).memo("thanks").build().sign(key).broadcast().wait(30, 0.1)
    check("memo fee", memo["fee"] >= 1_000_000, memo)


def send(contract, key, recipient, amount, fee_limit=50_000_000):
    owner = key.public_key.to_base58check_address()
    builder = contract.functions.transfer.with_owner(owner)(recipient, amount)
    return builder.fee_limit(fee_limit).build().sign(key)


def transfer_parameter(contract, recipient, amount):
    return contract.functions.transfer._prepare_parameter(recipient, amount)


if __name__ == "__main__":
    started = time.time()
    main(sys.argv[1], sys.argv[2])
    print(f"all steps passed in {time.time() - started:.1f} s")
