"""Labelling a ticket: the commonest write, beside one statement that writes the same rows."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection
from django.urls import reverse

from accounts.models import Role
from bench.figures import Figure, beside
from bench.visits import post, signed_in
from tickets.models import LabelValue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.test import Client

ROUNDS = 40
DUE = """
    SELECT id FROM tickets_ticket
    WHERE learning = 'due' AND retired_at IS NULL AND customer_id IS NOT NULL
    ORDER BY hashint8(id) LIMIT %s"""


def figures() -> Iterator[Figure]:
    with signed_in(Role.CSLEAD) as client:
        due = _due_tickets(2 * (ROUNDS + 1))
        usual = LabelValue.objects.nothing_unusual()
        answers = {value.dimension: value.pk for value in usual}
        yield beside(
            "label a ticket",
            partial(_label, client, due, url_name="tickets:label", answers=answers),
            partial(_label, client, due, url_name="floor_label", answers=answers),
            must=1.5,
            aim=1.2,
            rounds=ROUNDS,
        )


def _label(client: Client, due: Iterator[int], *, url_name: str, answers: dict[str, int]) -> None:
    """From a ticket's own page, to which it leads back."""
    pk = next(due)
    form = {**answers, "seen": 0, "operation_id": str(uuid.uuid4())}
    page = f"http://localhost{reverse('tickets:detail', args=[pk])}"
    headers = {"HX-Request": "true", "HX-Target": "panel", "HX-Current-URL": page}
    post(client, reverse(url_name, args=[pk]), form, headers=headers)


def _due_tickets(count: int) -> Iterator[int]:
    with connection.cursor() as cursor:
        cursor.execute(DUE, [count])
        return iter([pk for (pk,) in cursor.fetchall()])
