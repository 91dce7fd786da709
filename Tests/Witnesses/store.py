"""Reads the store of a fleet with a client that is not ours.

    store.py transfers    prints every transfer as a line of JSON: members, state, hold, attempts
    store.py payouts      prints every payout as a line of JSON: id, state, rev, transfer, batch
    store.py audit-log    walks the audit log's chain of hashes and prints `intact`, or what is not
    store.py forge-audit-log  changes an entry, as somebody with access to the store could
"""

import hashlib
import json
import os
import sys

import pymongo

database = pymongo.MongoClient(os.environ["MONGO_URI"])[os.environ["MONGO_DATABASE"]]


def transfer(document):
    return {
        "id": document["_id"], "state": document["state"], "members": document["members"],
        "hold": (document.get("hold") or {}).get("reason"),
        "attempts": [
            {"txid": attempt["txid"], "armed": attempt["armed"],
             "death": (attempt.get("death") or {}).get("kind")}
            for attempt in document["attempts"]],
    }


def payout(document):
    return {"id": document["_id"], "state": document["state"], "rev": document["rev"],
            "transfer": document.get("transfer_id"), "batch": document.get("batch_id")}


def block_hash(block):
    """As docs/schema.md defines it."""
    values = ["1", block["_id"], block["at"], block["writer"], block["dropped"], block["previous"],
              len(block["entries"])]
    for entry in block["entries"]:
        values += [entry["kind"], entry["action"], entry["at"]]
        values += [entry.get(name) for name in ("who", "role", "from", "request_id", "note")]
        values += [entry["count"], len(entry["subjects"]), *entry["subjects"]]
    encoded = [None if value is None else str(value).encode() for value in values]
    return hashlib.sha256(b"".join(
        b"-," if value is None else b"%d:%s," % (len(value), value) for value in encoded)).hexdigest()


def audit_log():
    number, previous = 0, "0" * 64
    for block in database.audit_log.find().sort("_id", 1):
        number += 1
        if (block["_id"], block["previous"], block["hash"]) != (number, previous, block_hash(block)):
            return f"broken at {number}"
        previous = block["hash"]
    return f"intact, {number} blocks"


def main():
    if sys.argv[1] == "audit-log":
        return print(audit_log())
    if sys.argv[1] == "forge-audit-log":
        return database.audit_log.update_one({"_id": 2}, {"$set": {"entries.0.who": "nobody"}})
    what = {"transfers": transfer, "payouts": payout}[sys.argv[1]]
    for document in database[sys.argv[1]].find():
        print(json.dumps(what(document)))


if __name__ == "__main__":
    main()
