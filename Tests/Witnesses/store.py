"""Reads the store of a fleet with a client that is not ours.

    store.py transfers    prints every transfer as a line of JSON: members, state, hold, attempts
    store.py payouts      prints every payout as a line of JSON: id, state, transfer, batch
"""

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
    return {"id": document["_id"], "state": document["state"],
            "transfer": document.get("transfer_id"), "batch": document.get("batch_id")}


def main():
    what = {"transfers": transfer, "payouts": payout}[sys.argv[1]]
    for document in database[sys.argv[1]].find():
        print(json.dumps(what(document)))


if __name__ == "__main__":
    main()
