"""The palette and the search for tickets as somebody types, beside one statement by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse

from accounts.models import Role
from bench.figures import Figure, beside
from bench.frames import FRAMES
from bench.visits import signed_in, visit
from insights.views.palette import OPTIONS

if TYPE_CHECKING:
    from django.test import Client

ROUNDS = 40
EACH = 8
FRAGMENT = {"HX-Request": "true", "HX-Target": OPTIONS}
NAMES = "SELECT left(name, 6) FROM accounts_customer ORDER BY hashint8(id) LIMIT %s"
MISTAKES = """
    SELECT left(name, 3) || substr(name, 5, 6) FROM accounts_customer
    ORDER BY hashint8(id + 1) LIMIT %s"""
WORDS = """
    SELECT (regexp_match(subject, '[a-zA-Z]{4,}'))[1] FROM tickets_ticket
    WHERE subject ~ '[a-zA-Z]{4,}' ORDER BY opened_at DESC, id DESC LIMIT %s"""


def figures() -> Iterator[Figure]:
    for name, statement in (
        ("palette, beginnings of names", NAMES),
        ("palette, names mistyped", MISTAKES),
        ("palette, words of tickets", WORDS),
    ):
        if texts := _texts(statement):
            with signed_in(Role.CSLEAD) as client:
                yield _beside_floor(client, name, texts)


def _texts(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [EACH])
        return [text.replace("/", " ").strip() for (text,) in cursor.fetchall()]


def _beside_floor(client: Client, name: str, texts: list[str]) -> Figure:
    ours = [reverse("insights:palette", query={"q": text}) for text in texts]
    floors = [reverse("floor_palette", args=[text]) for text in texts]
    ask = partial(visit, client, headers=FRAGMENT)
    for url, text in zip(ours, texts, strict=True):
        FRAMES[f"/floor/palette/{text}/"] = ask(url)
    return beside(
        name,
        _each_in_turn(ask, ours),
        _each_in_turn(ask, floors),
        must=2.0,
        aim=1.5,
        rounds=ROUNDS,
    )


def _each_in_turn(ask: Callable[[str], bytes], urls: list[str]) -> Callable[[], bytes]:
    turns = cycle(urls)
    return lambda: ask(next(turns))
