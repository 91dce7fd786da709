"""The stand-ins for Kafka and MongoDB, each on a free local port."""

import time

import layout
from processes import Process, accepts_connections, free_ports, stop, tail


class ServerDidNotStart(Exception):
    """A server ended or never listened; says which and shows the end of its log."""


class Servers:
    """One broker and one store."""

    def __init__(self, directory):
        self.broker_port, self.store_port = free_ports(2)
        self.broker = Process(
            "broker",
            [layout.BROKER, "--data-dir", directory.path / "broker", "--kafka-port",
             self.broker_port],
            {}, directory.log("broker"))
        self.store = Process(
            "store",
            [layout.STORE, "--host", "127.0.0.1", "--port", self.store_port, "--storage-path",
             directory.path / "store", "--log-level", "WARNING"],
            {}, directory.log("store"))

    @property
    def environment(self):
        """How a client finds them."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": f"127.0.0.1:{self.broker_port}",
            # The store keeps a table of retryable writes that slows every write.
            "MONGO_URI": f"mongodb://127.0.0.1:{self.store_port}/?retryWrites=false",
        }

    @property
    def processes(self):
        return [self.broker, self.store]

    def start(self):
        self.broker.start()
        self.store.start()
        wait_until_listening(self.broker, self.broker_port)
        wait_until_listening(self.store, self.store_port)

    def stop(self):
        stop(self.processes, grace_seconds=8)


def wait_until_listening(process, port, seconds=30):
    deadline = time.monotonic() + seconds
    while not accepts_connections(port):
        if not process.is_running or time.monotonic() > deadline:
            state = process.ending or f"does not listen on port {port} after {seconds} s"
            raise ServerDidNotStart("\n".join(
                [f"{process.name} {state}; the end of {layout.shown(process.log)}:"]
                + tail(process.log)))
        time.sleep(0.03)
