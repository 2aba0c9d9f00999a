"""What no program should send, and what it is told: always a problem, never a 500."""

import base64
import json

import pytest

from accounts.models import Role
from tests.factories.handoffs import HandoffFactory
from tests.factories.people import UserFactory
from tests.factories.tokens import bearer, token_for

pytestmark = pytest.mark.django_db
JSON = "application/json"
DEEP = b"[" * 200_000
LONE_SURROGATE = rb'{"customer": 1, "type": "\ud800", "need": "x"}'


@pytest.fixture
def admin(db):
    return UserFactory(role=Role.ADMIN)


@pytest.fixture
def send(client, admin):
    key = token_for(admin)

    def send(method, path, body=b"", *, content_type=JSON, **headers):
        return client.generic(
            method,
            f"/api/v1/{path}",
            body,
            content_type=content_type,
            headers=bearer(key) | headers,
        )

    return send


def assert_problem(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


BODIES = [
    (b"", JSON, 422),
    (b"null", JSON, 422),
    (b"[]", JSON, 422),
    (b"7", JSON, 422),
    (b'"x"', JSON, 422),
    (b"{", JSON, 400),
    (b"\xff\xfe", JSON, 400),
    (DEEP, JSON, 400),
    (b'{"customer": ' + b"9" * 5000 + b"}", JSON, 400),
    (b'{"customer": NaN}', JSON, 400),
    (b'{"customer": 1e999, "type": 1e999, "need": 1e999}', JSON, 422),
    (b'{"customer": 1, "type": "renewal_risk", "need": "\\u0000"}', JSON, 422),
    (b'{"customer": 1, "type": "renewal_risk", "need": "\\ud800"}', JSON, 422),
    (LONE_SURROGATE, JSON, 422),
    (b"{}", "application/json; charset=no-such-charset", 422),
    (b"{}", "application/json; charset=rot13", 422),
    (b"{}", "text/plain", 415),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x", 415),
    (b"--x\r\nbroken", "multipart/form-data", 415),
    (b"a=1&" * 2000, "application/x-www-form-urlencoded", 415),
    (b" " * 3_000_000, JSON, 413),
]


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "one"}], ids=["once", "keyed"])
@pytest.mark.parametrize("sent", BODIES, ids=lambda sent: repr(sent[0])[:40] + sent[1])
def test_a_body_that_is_no_offer_is_a_problem(send, sent, headers):
    body, content_type, status = sent

    response = send("POST", "handoffs/", body, content_type=content_type, **headers)

    assert_problem(response, status)


def cursor(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize("place", ["customers", "tickets", "handoffs", "renewals"])
@pytest.mark.parametrize(
    "given",
    [
        "x",
        "é",
        "%00",
        "%FF",
        cursor("\ud800", "1"),
        cursor("\x00", "1"),
        cursor({}, []),
        cursor(1, 2),
        cursor("NaN", "Infinity"),
        cursor(),
        base64.urlsafe_b64encode(DEEP).decode(),
        base64.urlsafe_b64encode(b'{"a": 1, "b": 2}').decode(),
    ],
    ids=lambda value: value[:20],
)
def test_a_cursor_that_is_none_is_a_problem(send, place, given):
    assert_problem(send("GET", f"{place}/?cursor={given}"), 422)


def test_a_cursor_with_a_day_that_is_none_is_a_problem(send):
    assert_problem(send("GET", f"renewals/?cursor={cursor('2026-99-99', '1')}"), 422)


@pytest.mark.parametrize(
    "given",
    [
        cursor("2026-01-01", "1"),
        cursor("2026-01-01T00:00:00", "1"),
        cursor("0001-01-01T00:00:00+14:00", "9" * 30),
        cursor("9999-12-31T23:59:59-14:00", "-1"),
    ],
)
def test_a_cursor_beyond_all_rows_is_an_end(send, given):
    assert send("GET", f"tickets/?cursor={given}").status_code == 200


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "²", "", "1e1", "9" * 5000, "%00"])
def test_a_limit_that_is_none_is_a_problem(send, limit):
    assert_problem(send("GET", f"tickets/?limit={limit}"), 422)


@pytest.mark.parametrize("value", ["x", "%00", "%FF", "9" * 30, "-1", "1.5", "é"])
@pytest.mark.parametrize("name", ["customer", "sender", "state", "type"])
def test_a_filter_that_is_none_is_a_problem(send, name, value):
    assert_problem(send("GET", f"handoffs/?{name}={value}"), 422)


@pytest.mark.parametrize(
    "pk", ["0", "9" * 18, "9" * 19, "-1", "1.0", "x", "%00", "%FF", "%0A", "1%0A", "\u0661"]
)
def test_an_address_of_nothing_is_not_found(send, pk):
    assert_problem(send("GET", f"tickets/{pk}/"), 404)
    assert_problem(send("POST", f"handoffs/{pk}/accept/"), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["tickets/", "tickets/1/", "handoffs/1/accept/"])
def test_a_method_that_is_not_served_is_a_problem(send, method, path):
    response = send(method, path)

    assert_problem(response, 405)
    assert response["Allow"]


@pytest.mark.parametrize("accepted", ["text/html", "application/xml", "x", "é"])
def test_a_form_nobody_has_is_a_problem(send, accepted):
    assert_problem(send("GET", "tickets/", Accept=accepted), 406)


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer ", "Bearer \x00_\x00_\x00", "Bearer é", "Basic x", "é", "\x00"],
)
def test_a_key_that_is_none_opens_nothing(client, authorization):
    response = client.get("/api/v1/tickets/", headers={"Authorization": authorization})

    assert_problem(response, 401)


@pytest.mark.parametrize("expected", ['W/"1"', "1,", '"', "é", '"\x00"'])
def test_a_version_that_is_none_changes_nothing(send, expected):
    handoff = HandoffFactory()

    response = send("POST", f"handoffs/{handoff.pk}/accept/", **{"If-Match": expected})

    assert_problem(response, 412)


@pytest.mark.parametrize("key", ["é", "x" * 201, "\x00", "{}", "-" * 36])
def test_any_idempotency_key_is_one(send, admin, key):
    handoff = HandoffFactory(receiver=admin)
    path, headers = f"handoffs/{handoff.pk}/accept/", {"Idempotency-Key": key}

    first, again = (send("POST", path, **headers) for _ in range(2))

    assert first.status_code == 200
    assert again.json() == first.json()
