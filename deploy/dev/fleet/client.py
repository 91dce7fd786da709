"""The few calls of the REST API that the demo makes, as any client would make them."""

import hashlib
import json
import secrets
import urllib.error
import urllib.request

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


class Refused(Exception):
    """The API answered with an error; the message is the API's."""

    def __init__(self, message, status):
        super().__init__(message)
        self.status = status


class Client:
    """Creates payouts and looks at them, with a bearer token."""

    def __init__(self, url, token):
        self._url = url
        self._token = token

    def create(self, payout, key):
        return self._call("POST", "/payouts", payout, {"Idempotency-Key": key})

    def create_batch(self, batch, key):
        return self._call("POST", "/payouts/batch", batch, {"Idempotency-Key": key})

    def payout(self, identifier):
        return self._call("GET", f"/payouts/{identifier}")

    def _call(self, method, path, body=None, headers=None):
        request = urllib.request.Request(
            self._url + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                **(headers or {}),
            })
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            said = refusal.read(2000).decode("utf-8", "replace")
            raise Refused(f"{method} {path}: {refusal.code} {said}", refusal.code) from None


def heads(node_url):
    """The numbers of the latest and of the latest solidified block of a node."""
    numbers = []
    for side in ("wallet", "walletsolidity"):
        with urllib.request.urlopen(f"{node_url}/{side}/getnowblock", timeout=5) as answer:
            numbers.append(json.load(answer)["block_header"]["raw_data"]["number"])
    return numbers


def new_address():
    """A well-formed TRON address that nobody has the key of."""
    payload = b"\x41" + secrets.token_bytes(20)
    checksum = hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number = int.from_bytes(payload + checksum, "big")
    text = ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return text
