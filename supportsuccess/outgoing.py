"""Posting to an address that somebody typed in, without letting it reach inside.

The name is resolved once, each address it has must be a public one, and the connection goes to the
address that was checked: a name that answers otherwise a moment later gains nothing. No redirect is
followed and no answer's body is read.
"""

from __future__ import annotations

import json
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HTTPS_PORT = 443
CONNECT_SECONDS, ANSWER_SECONDS = 5, 15
NAT64 = IPv6Network("64:ff9b::/96")


class NotDelivered(Exception):
    """The other side is away or too busy: worth another try."""


def check_url(url: str) -> SplitResult:
    """The parts of an address one may post to. Raises Refused."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        raise Refused("Give a whole address that begins with https://.", field="url")
    if parts.username or parts.password or _port(parts) != HTTPS_PORT:
        raise Refused("An address without a user's name and a port of its own.", field="url")
    return parts


def post_json(url: str, payload: Mapping[str, object], *, message_id: str) -> None:
    """Post once. Raises Refused where trying again would not help, and NotDelivered."""
    parts = check_url(url)
    connection = _connection(parts.hostname or "")
    path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    headers = {"Content-Type": "application/json", "webhook-id": message_id}
    try:
        connection.request("POST", path, body=json.dumps(payload), headers=headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        # the address is a secret, so nothing of the request is told
        raise NotDelivered(type(error).__name__) from None
    finally:
        connection.close()
    _judge(status)


def is_public(address: str) -> bool:
    """Whether an address is out there, also where it stands inside another."""
    return all(
        inner.is_global and not inner.is_multicast and not inner.is_reserved
        for inner in _unwrapped(ip_address(address))
    )


def _judge(status: int) -> None:
    if status in {408, 425, 429} or status >= 500:
        raise NotDelivered(f"answered {status}")
    if not 200 <= status < 300:
        raise Refused(f"The other side answered {status}.")


def _connection(host: str) -> HTTPConnection:
    if settings.OUTGOING_TEST_SERVER:  # set by tests alone: nothing leaves the machine
        name, _, port = settings.OUTGOING_TEST_SERVER.partition(":")
        return HTTPConnection(name, int(port), timeout=CONNECT_SECONDS)
    return _Checked(host, address=_public_address(host))


def _public_address(host: str) -> str:
    """The first address of a name all of whose addresses are public. Raises Refused."""
    try:
        found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    except OSError:
        raise NotDelivered("the name is not known") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("This address is not a public one.")
    return addresses[0]


def _unwrapped(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """An address and those that it carries."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address in NAT64:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)
    else:
        yield address
        yield from filter(None, [address.sixtofour, *(address.teredo or ())])


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port or HTTPS_PORT
    except ValueError:
        return None


class _Checked(HTTPSConnection):
    """Goes to the address that was checked, and asks there for the certificate of the name."""

    def __init__(self, host: str, *, address: str) -> None:
        super().__init__(host, HTTPS_PORT, timeout=ANSWER_SECONDS)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, HTTPS_PORT), timeout=CONNECT_SECONDS)
        plain.settimeout(ANSWER_SECONDS)
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(plain, server_hostname=self.host)
