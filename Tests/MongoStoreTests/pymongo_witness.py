"""Reads what the store adapter wrote, with another driver, and compares it with docs/schema.md.

Usage: pymongo_witness.py URI DATABASE. Prints every difference; exit status 1 if there is any.
"""

import datetime
import sys

import bson
import pymongo

INT, TEXT, BYTES, FLAG, DATE = bson.int64.Int64, str, bytes, bool, datetime.datetime


def optional(kind):
    return ("optional", kind)


PAYMENT = {
    "txid": TEXT, "block_number": INT, "block_time": INT, "fee_sun": INT, "confirmed_at": INT,
}
FAILURE = {
    "reason": TEXT, "message": TEXT, "txid": optional(TEXT), "fee_sun": optional(INT), "at": INT,
}
DEATH = {
    "kind": TEXT, "block": INT, "block_id": TEXT, "block_time": INT, "nodes": [TEXT],
    "result": optional(TEXT), "fee_sun": optional(INT),
}
ATTEMPT = {
    "number": INT, "epoch": INT, "owner": TEXT, "raw_data": BYTES, "txid": TEXT,
    "reference_block": INT, "expiration": INT, "signature": optional(BYTES), "armed": FLAG,
    "death": optional(DEATH),
}
LIMIT_COUNTER = {
    "_id": TEXT, "sum_micro": INT, "hours": {f"{hour:02}": INT for hour in range(24)},
    "pending": {"payout_g": optional({"at": INT, "payouts": {"payout_g": INT}})},
    "released": {"payout_r": optional(INT)}, "prunes": INT, "repairs": INT, "rev": INT,
    "expires_at": DATE,
}
BLOCK = {"number": INT, "id": TEXT, "time": INT}
SCHEMA = {
    "payouts": {
        "_id": TEXT, "tenant": TEXT, "request_id": TEXT,
        "request": {
            "recipient": TEXT, "amount_micro": INT, "reason": TEXT, "router": TEXT,
            "priority": TEXT, "batch_type": TEXT, "session_id": optional(TEXT),
            "node_id": optional(TEXT), "custom_data": optional(TEXT),
            "client_reference": optional(TEXT),
        },
        "idempotency": optional({"key": TEXT, "request_hash": TEXT}), "batch_id": optional(TEXT),
        "state": TEXT, "rev": INT, "generation": INT, "transfer_id": optional(TEXT),
        "withdrawn": optional(FLAG),
        "outcome": optional({
            "paid": optional(PAYMENT), "failed": optional(FAILURE),
            "cancelled": optional({"at": INT}),
        }),
        "settled_at": optional(INT), "created_at": INT, "estimated_completion": optional(INT),
        "traceparent": optional(TEXT), "release": optional(TEXT),
    },
    "batches": {
        "_id": TEXT, "decision": TEXT, "decided_at": optional(INT), "tenant": optional(TEXT),
        "request_id": optional(TEXT), "payout_ids": optional([TEXT]), "total_payouts": optional(INT),
        "total_micro": optional(INT), "router": optional(TEXT), "priority": optional(TEXT),
        "batch_type": optional(TEXT),
        "idempotency": optional({"key": TEXT, "request_hash": TEXT}),
        "created_at": optional(INT), "estimated_completion": optional(INT),
    },
    "transfers": {
        "_id": TEXT, "members": [TEXT], "recipient": TEXT, "amount_micro": INT, "router": TEXT,
        "lane": TEXT, "partition": INT, "state": TEXT,
        "hold": optional({"reason": TEXT, "since": INT}), "rev": INT, "token": TEXT,
        "next_attempt": INT, "attempts": [ATTEMPT], "payment": optional(PAYMENT),
        "failure": optional(FAILURE), "withdrawn": optional([TEXT]), "closed": FLAG, "created_at": INT, "updated_at": INT,
        "traceparent": optional(TEXT),
    },
    "chain_head": {
        "_id": TEXT, "latest": BLOCK, "solidified": BLOCK, "energy_price_sun": INT,
        "bandwidth_price_sun": INT, "transfer_energy": INT, "updated_at": INT,
    },
    "wallets": {
        "_id": TEXT, "routers": [TEXT],
        "funds": optional({"usdt_micro": INT, "trx_sun": INT, "energy": INT, "as_of": INT}),
        "updated_at": INT, "registered_at": INT,
    },
    "kyc": {
        "_id": TEXT, "level": TEXT, "expires_at": INT, "reference_hash": TEXT,
        "revocation": optional({"reason": TEXT, "by": TEXT, "at": INT}), "rev": INT, "by": TEXT,
        "at": INT, "unlogged": optional(dict),
    },
    "audit_writers": {"_id": TEXT, "flushed": INT, "alive": INT},
    "journal_positions": {"_id": INT, "offset": INT, "token": TEXT},
    "signer_ledger": {"_id": TEXT, "expires_at": DATE},
    "limits": LIMIT_COUNTER,
    "signer_limits": LIMIT_COUNTER,
    "rate_windows": {"_id": TEXT, "count": INT, "expires_at": DATE},
    "epoch": {"_id": TEXT, "epoch": INT, "started_at": INT, "journal_partitions": INT},
    "secrets": {"_id": TEXT, "value": BYTES},
    "hour_sums": {
        "_id": TEXT, "hour": INT,
        "sums": [{"router": TEXT, "state": TEXT, "count": INT, "amount_micro": INT}],
    },
}
INDEXES = {
    "payouts": {"_id_", "idempotency_key", "client_reference", "tenant", "tenant_state",
                "state_router", "transfer", "release", "window", "urgent"},
    "limits": {"_id_", "expiry"},
    "signer_limits": {"_id_", "expiry"},
    "signer_ledger": {"_id_", "expiry"},
    "kyc": {"_id_", "unlogged"},
    "transfers": {"_id_", "attempt_txid", "state", "unclosed", "ended"},
    "rate_windows": {"_id_", "expiry"},
}


def differences(value, kind, path):
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            yield f"{path}: {type(value).__name__} instead of a document"
            return
        for name in value.keys() - kind.keys():
            yield f"{path}.{name}: not in the schema"
        for name, inner in kind.items():
            is_optional = isinstance(inner, tuple)
            if name in value:
                yield from differences(
                    value[name], inner[1] if is_optional else inner, f"{path}.{name}")
            elif not is_optional:
                yield f"{path}.{name}: missing"
    elif isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{path}: {type(value).__name__} instead of an array"
            return
        for index, element in enumerate(value):
            yield from differences(element, kind[0], f"{path}.{index}")
    elif type(value) is not kind:
        yield f"{path}: {type(value).__name__} instead of {kind.__name__}"


HOUR = 3_600_000


def wrong_sums(database):
    """Adds up the payouts of every kept hour again."""
    for kept in database.hour_sums.find():
        scope = kept["_id"].split(" ")
        owner = {"tenant": scope[1]} if scope[0] == "tenant" else {}
        until = kept["hour"] + HOUR
        sums = {}
        for payout in database.payouts.find(
                {**owner, "created_at": {"$gte": kept["hour"], "$lt": until}}):
            key = payout["request"]["router"], payout["state"]
            count, amount = sums.get(key, (0, 0))
            sums[key] = count + 1, amount + payout["request"]["amount_micro"]
        found = {(s["router"], s["state"]): (s["count"], s["amount_micro"]) for s in kept["sums"]}
        if found != sums or int(scope[-1]) != kept["hour"]:
            yield f"hour_sums {kept['_id']}: {found} instead of {sums}"


def main(uri, name):
    database = pymongo.MongoClient(uri, serverSelectionTimeoutMS=5000)[name]
    found = []
    for collection, kind in SCHEMA.items():
        documents = list(database[collection].find())
        if not documents:
            found.append(f"{collection}: empty")
        for document in documents:
            found += differences(document, kind, f"{collection} {document['_id']}")
    found += wrong_sums(database)
    for collection in set(database.list_collection_names()) - SCHEMA.keys():
        found.append(f"{collection}: not in the schema")
    for collection, names in INDEXES.items():
        actual = set(database[collection].index_information())
        if actual != names:
            found.append(f"{collection}: indexes {sorted(actual ^ names)} differ")
    print("\n".join(found) or "every document is as the schema says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
