"""Pages and the API as a signed-in person gets them, beside the same answer by hand.

The floor is a view under the same middleware, sign-in, permission and scope that runs one
statement and writes as many bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse

from accounts.models import Role
from bench.figures import Figure, alone, beside
from bench.frames import FRAMES
from bench.visits import signed_in, visit

if TYPE_CHECKING:
    from django.test import Client

# addresses of ours, each with its floor's
type Places = list[tuple[str, str]]

ROUNDS = 40
EACH = 20
PEOPLE = """
    SELECT c.id FROM accounts_customer c
    WHERE EXISTS (SELECT FROM tickets_ticket t WHERE t.customer_id = c.id)
    ORDER BY hashint8(c.id) LIMIT %s"""
TICKETS = """
    SELECT id FROM tickets_ticket WHERE retired_at IS NULL ORDER BY hashint8(id) LIMIT %s"""
# The first words of subjects are in every fifth of them, the last but one in a few of 10,000.
COMMON_WORDS = """
    SELECT DISTINCT (regexp_match(subject, '[a-zA-Z]{4,}'))[1] FROM tickets_ticket
    WHERE opened_at > now() - interval '1 day' LIMIT %s"""
RARE_WORDS = """
    SELECT split_part(subject, ' ', -2) FROM tickets_ticket ORDER BY hashint8(id) LIMIT %s"""
WORDS = (
    ("search, a common word", COMMON_WORDS, "floor_common"),
    ("search, a rare word", RARE_WORDS, "floor_rare"),
)


def figures() -> Iterator[Figure]:
    for name, places in _pages():
        with signed_in(Role.CSLEAD) as client:
            yield _beside_floor(client, name, places, must=2.5, aim=1.6)
    for name, statement, floor in WORDS:
        with signed_in(Role.CSLEAD) as client:
            yield _beside_floor(client, name, _search(statement, floor=floor), must=2.0, aim=1.5)
    with signed_in(Role.CSLEAD) as client:
        places = [("/api/v1/tickets/", "/floor/tickets.json")]
        yield _beside_floor(client, "tickets as JSON", places, must=2.5, aim=1.8)
        yield alone("home", partial(visit, client, reverse("insights:home")))


def _pages() -> Iterator[tuple[str, Places]]:
    tickets = f"{reverse('tickets:tickets')}?priority=high&status=open"
    yield "inbox", [(reverse("tickets:inbox"), "/floor/inbox/")]
    yield "tickets, two filters", [(tickets, "/floor/tickets/chosen/")]
    yield "renewal queue", [(reverse("insights:renewals"), "/floor/renewals/")]
    yield "customers", [(reverse("insights:customers"), "/floor/customers/")]
    yield "ticket page", _of_each(TICKETS, "tickets:detail")
    yield "customer page", _of_each(PEOPLE, "insights:customer")


def _beside_floor(client: Client, name: str, places: Places, *, must: float, aim: float) -> Figure:
    for ours, floor in places:
        FRAMES[floor] = visit(client, ours)
    return beside(
        name,
        _each_in_turn(client, [ours for ours, _ in places]),
        _each_in_turn(client, [floor for _, floor in places]),
        must=must,
        aim=aim,
        rounds=ROUNDS,
    )


def _each_in_turn(client: Client, urls: list[str]) -> Callable[[], bytes]:
    turns = cycle(urls)
    return lambda: visit(client, next(turns))


def _search(statement: str, *, floor: str) -> Places:
    page = reverse("tickets:tickets")
    return [(f"{page}?q={word}", reverse(floor, args=[word])) for word in _found(statement)]


def _of_each(statement: str, url_name: str) -> Places:
    """The pages of some rows, each beside the floor at its own address."""
    pages = [reverse(url_name, args=[pk]) for pk in _found(statement)]
    return [(page, f"/floor{page}") for page in pages]


def _found(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [EACH])
        return [found for (found,) in cursor.fetchall()]
