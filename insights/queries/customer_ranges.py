"""Customers cut into ranges of ids: what one step of a job takes."""

from __future__ import annotations

from itertools import pairwise

from django.db import connection

RANGE_SIZE = 5000
# No customer made meanwhile falls out of the last range.
LAST_ID = 2**62
FIRST_IDS = """
    SELECT id
    FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM accounts_customer) c
    WHERE place %% %s = 0 ORDER BY id"""


def customer_ranges(size: int = RANGE_SIZE) -> list[tuple[int, int]]:
    """First and last id of ranges with so many customers each, all ids between them covered."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_IDS, [size])
        firsts = [first for (first,) in cursor.fetchall()]
    return [(low, following - 1) for low, following in pairwise([*firsts, LAST_ID + 1])]
