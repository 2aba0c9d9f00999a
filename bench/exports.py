"""A list as a file, beside the `COPY` of the same rows by hand; and what a large one takes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.db import connection
from django.urls import reverse

from accounts.models import Role
from bench.figures import Figure, beside
from bench.floor_tickets import EXPORTED
from bench.visits import BadAnswer, signed_in
from supportsuccess.lists.formulas import neutralised_sql

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.test import Client

ROUNDS = 5
TEXTS = ("number", "subject", "customer_name", "channel", "kind", "priority")
LAST_TEXTS = ("owner_name", "handoff_state")
PLAIN = ("is_blocked", "opened_at", "labels_answered", "learning_due_at", "decision_on")
# Linux counts a process's highest memory; 5 forgets what it was before.
FORGET, STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
MEGABYTE_KB = 1024


def figures() -> Iterator[Figure]:
    exempt = f"{reverse('tickets:tickets')}?learning=exempt&export=csv"
    with signed_in(Role.CSLEAD) as client:
        user = int(client.session["_auth_user_id"])
        ours, floor = partial(read_file, client, exempt), partial(copy_rows, user)
        yield beside("tickets as CSV, one in ten", ours, floor, must=3, aim=1.5, rounds=ROUNDS)
        if FORGET.exists():
            every = f"{reverse('tickets:tickets')}?export=csv"
            yield Figure(
                "the same, all: memory, MB",
                ours=_most_memory(client, every),
                floor=_most_memory(client, exempt),
                must=1.2,
                aim=1.1,
                unit="MB",
            )


def read_file(client: Client, url: str) -> int:
    """How many bytes a file has; none of them is kept. Raises BadAnswer."""
    response = client.get(url)
    if not response.streaming:
        raise BadAnswer(f"{url} is no file")
    return sum(map(len, cast("Iterable[bytes]", response.streaming_content)))


def copy_rows(user: int) -> int:
    """The same rows by hand: how many bytes they have, without a heading."""
    columns = ["id", *_harmless(TEXTS[:2]), "customer_id", *_harmless(TEXTS[2:]), *PLAIN]
    columns += _harmless(LAST_TEXTS)
    rows = f"SELECT {', '.join(columns)} FROM ({EXPORTED}) exported"  # noqa: S608 - constants of ours; what is asked is a parameter
    with connection.cursor() as cursor:
        copy = cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT csv)", {"user": user})
        with copy as blocks:
            return sum(map(len, blocks))


def _harmless(names: tuple[str, ...]) -> list[str]:
    return [neutralised_sql(name).replace("%", "%%") for name in names]


def _most_memory(client: Client, url: str) -> float:
    """The most memory that this process holds while a file goes out."""
    FORGET.write_text("5")
    read_file(client, url)
    [highest] = [line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")]
    return round(int(highest.split()[1]) / MEGABYTE_KB, 1)
