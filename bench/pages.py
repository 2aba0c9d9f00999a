"""Pages and the API as a signed-in person gets them, beside the same answer by hand.

The floor is a view under the same middleware, sign-in, permission and scope that runs one
statement and writes as many bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse

from accounts.models import Role
from bench.figures import Figure, alone, beside
from bench.frames import FRAMES
from bench.visits import signed_in, visit

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 40
CUSTOMERS = 20
PEOPLE_WITH_TICKETS = """
    SELECT c.id FROM accounts_customer c
    WHERE EXISTS (SELECT FROM tickets_ticket t WHERE t.customer_id = c.id)
    ORDER BY hashint8(c.id) LIMIT %s"""


def figures() -> Iterator[Figure]:
    with signed_in(Role.CSLEAD) as client:
        yield _beside_floor(
            client, "inbox", [(reverse("tickets:inbox"), "/floor/inbox/")], must=2.5, aim=1.6
        )
        yield _beside_floor(
            client,
            "renewal queue",
            [(reverse("insights:renewals"), "/floor/renewals/")],
            must=2.5,
            aim=1.6,
        )
        if places := _customer_places():
            yield _beside_floor(client, "customer page", places, must=2.5, aim=1.6)
        yield _beside_floor(
            client, "tickets as JSON", [("/api/v1/tickets/", "/floor/tickets/")], must=2.5, aim=1.8
        )
        yield from _without_floor(client)


def _without_floor(client: Client) -> Iterator[Figure]:
    for name, url in (
        ("inbox, one word", f"{reverse('tickets:inbox')}?q=crashes"),
        ("customers", reverse("insights:customers")),
        ("home", reverse("insights:home")),
    ):
        yield alone(name, partial(visit, client, url))


def _beside_floor(
    client: Client, name: str, places: list[tuple[str, str]], *, must: float, aim: float
) -> Figure:
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


def _customer_places() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_WITH_TICKETS, [CUSTOMERS])
        found = [pk for (pk,) in cursor.fetchall()]
    return [(reverse("insights:customer", args=[pk]), f"/floor/customers/{pk}/") for pk in found]
