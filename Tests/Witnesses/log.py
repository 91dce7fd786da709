"""Reads and writes the topics of a fleet with a client that is not ours.

    log.py produce                appends the records on standard input, a JSON object each line:
                                  {topic, partition?, key?, value?, headers?}
    log.py consume TOPIC...       prints every record of the topics as such a line
    log.py repeat TIMES TOPIC...  appends every record of the topics again, unchanged
    log.py validate [TOPIC...]    holds every record of the topics, or of all, against docs/schemas;
                                  prints how many there are of each type; fails when one does not
                                  comply

Topics are named without the prefix; keys and values are base64; null is a tombstone.
"""

import base64
import collections
import json
import os
import pathlib
import sys

import jsonschema_rs

from confluent_kafka import Consumer, Producer, TopicPartition

SERVERS = os.environ["KAFKA_BOOTSTRAP_SERVERS"]
PREFIX = os.environ["KAFKA_TOPIC_PREFIX"]


def decoded(text):
    return None if text is None else base64.b64decode(text)


def encoded(value):
    return None if value is None else base64.b64encode(value).decode()


def produce(records):
    producer = Producer({"bootstrap.servers": SERVERS, "linger.ms": 5})
    failures = []
    for record in records:
        place = {} if record.get("partition") is None else {"partition": record["partition"]}
        producer.produce(
            PREFIX + record["topic"], key=decoded(record.get("key")),
            value=decoded(record.get("value")),
            headers=[(name, value.encode()) for name, value in record.get("headers", [])],
            on_delivery=lambda error, _: failures.append(error) if error else None, **place)
        producer.poll(0)
    left = producer.flush(30)
    if left or failures:
        sys.exit(f"{left} records not delivered, {failures[:3]}")


def consume(topics):
    """Every record that the topics hold now, partition by partition."""
    consumer = Consumer({
        "bootstrap.servers": SERVERS, "group.id": f"{PREFIX}witness",
        "enable.auto.commit": False, "receive.message.max.bytes": 1_000_000_000})
    for topic in topics:
        partitions = consumer.list_topics(PREFIX + topic, timeout=20).topics[PREFIX + topic]
        for partition in sorted(partitions.partitions):
            place = TopicPartition(PREFIX + topic, partition)
            low, high = consumer.get_watermark_offsets(place, timeout=20)
            consumer.assign([TopicPartition(PREFIX + topic, partition, low)])
            position = low
            while position < high:
                message = consumer.poll(20)
                if message is None:
                    sys.exit(f"no record {position} of {high} in {topic}/{partition}")
                if message.error():
                    sys.exit(str(message.error()))
                position = message.offset() + 1
                yield {
                    "topic": topic, "partition": partition, "offset": message.offset(),
                    "key": encoded(message.key()), "value": encoded(message.value()),
                    "headers": [(name, value.decode()) for name, value in message.headers() or []],
                }
    consumer.close()


SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "docs/schemas"
READY = [f"transfers.ready.{lane}" for lane in ("urgent", "high", "normal", "low")]
SCHEMA_OF = {
    "payouts.requested": "payouts.requested", **dict.fromkeys(READY, "transfers.ready"),
    "transfers.signed": "transfers.signed", "payouts.settled": "payouts.settled",
    "payouts.deadletter": "payouts.deadletter",
}


def validate(topics):
    types = collections.Counter()
    for topic in topics or SCHEMA_OF:
        name = SCHEMA_OF[topic]
        schema = json.loads((SCHEMAS / f"{name}.json").read_text())
        validator = jsonschema_rs.validator_for(schema)
        for record in consume([topic]):
            place = f"{topic}/{record['partition']}/{record['offset']}"
            headers = dict(record["headers"])
            try:
                validator.validate(json.loads(decoded(record["value"])))
            except jsonschema_rs.ValidationError as fault:
                sys.exit(f"{place} ({headers.get('type')}): {fault.message} at {fault.instance_path}")
            if headers.get("version") != "1" or not set(headers) <= {"type", "version", "traceparent"}:
                sys.exit(f"{place}: headers {headers}")
            types[headers["type"]] += 1
    print(json.dumps(types))


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "produce":
        produce(json.loads(line) for line in sys.stdin if line.strip())
    elif command == "consume":
        for record in consume(arguments):
            print(json.dumps(record))
    elif command == "validate":
        validate(arguments)
    elif command == "repeat":
        records = list(consume(arguments[1:]))
        for _ in range(int(arguments[0])):
            produce(records)
        print(len(records))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
