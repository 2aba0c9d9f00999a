"""Posting to an address that somebody typed in: never inside, never on, never told in a log."""

import socket

import pytest

from supportsuccess import outgoing
from supportsuccess.errors import Refused
from supportsuccess.outgoing import NotDelivered, check_url, is_public, post_json

URL = "https://chat.example.com/hooks/secret"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - refused, not bound
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_addresses_inside_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_addresses_outside_are_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://chat.example.com/x",
        "https://",
        "https://chat.example.com:8443/x",
        "https://chat.example.com:port/x",
        "https://user:word@chat.example.com/x",
        "ftp://chat.example.com/x",
        "/hooks/x",
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url):
    with pytest.raises(Refused):
        check_url(url)


def resolving_to(monkeypatch, *addresses):
    """A name with these addresses; where connections went."""
    went = []
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]

    def connect(address, timeout):
        went.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(outgoing.socket, "create_connection", connect)
    return went


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["93.184.216.34", "10.0.0.1"], []])
def test_a_name_that_leads_inside_is_refused_before_anything_is_sent(monkeypatch, addresses):
    went = resolving_to(monkeypatch, *addresses)

    with pytest.raises(Refused, match="not a public one"):
        post_json(URL, {}, message_id="1")

    assert went == []


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    went = resolving_to(monkeypatch, "93.184.216.34")

    with pytest.raises(NotDelivered):
        post_json(URL, {}, message_id="1")

    assert went == [("93.184.216.34", 443)]


def test_it_is_posted_as_json_with_its_id(chat):
    post_json(f"{URL}?x=1", {"text": "Handoff offered"}, message_id="delivery-7")

    ((path, headers, body),) = chat.got
    assert (path, headers["webhook-id"]) == ("/hooks/secret?x=1", "delivery-7")
    assert body == b'{"text": "Handoff offered"}'


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, Refused) for status in (302, 400, 404, 410)),
        *((status, NotDelivered) for status in (429, 500, 503)),
    ],
)
def test_what_can_not_help_is_not_tried_again_and_no_redirect_followed(chat, status, error):
    chat.status = status

    with pytest.raises(error) as raised:
        post_json(URL, {}, message_id="1")

    assert len(chat.got) == 1
    assert "secret" not in str(raised.value)


def test_outside_tests_nothing_is_led_elsewhere(settings):
    assert settings.OUTGOING_TEST_SERVER == ""
