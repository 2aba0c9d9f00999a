"""A fictional customer file for the customers that a real ticket log named but says nothing of.

The log's tickets are real, the names, contracts and amounts are made up: each row says so, and
`import_customers` keeps the mark on the customer.
"""

from __future__ import annotations

import csv
import random
from datetime import timedelta
from itertools import cycle, product
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from accounts.adapters.customers import COLUMNS
from accounts.models import Customer, Role, Segment, User
from accounts.queries.organisation import our_organisation
from insights.demo.book import ENDINGS, MODULES, PLACES, TRADES
from supportsuccess.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

SEED = 20160229
ENTERPRISES = 6
MID_MARKETS = 40
SEATS = {Segment.ENTERPRISE: (300, 900), Segment.MID_MARKET: (40, 200), Segment.SMALL: (5, 30)}
A_SEAT_A_YEAR = {"Plan": 260, "Go": 180, "Inspect": 120, "Parts": 90}
MODULES_OF = {Segment.ENTERPRISE: 4, Segment.MID_MARKET: 3, Segment.SMALL: 1}
MONTHLY_SHARE = 0.3
TERM_DAYS = 365


def write_customers_for(source: str, path: Path, *, day: date) -> int:
    """Write a fictional file for a source's customers, the busiest the largest; its rows.

    The same log gives the same file on the same day. Raises Refused when the source named none.
    """
    customers = (
        Customer.objects.filter(source=source, retired_at=None)
        .annotate(count=Count("tickets"))
        .order_by("-count", "external_id")
    )
    external_ids = list(customers.values_list("external_id", flat=True))
    if not external_ids:
        raise Refused(f"Import a log of {source} first: nobody knows its customers yet.")
    rng = random.Random(SEED)  # noqa: S311 - no secret, the same file each time
    rows = list(_rows(external_ids, source=source, rng=rng, day=day))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _rows(
    external_ids: list[str], *, source: str, rng: random.Random, day: date
) -> Iterator[dict[str, Any]]:
    names = [
        f"{place}{ending} {trade}" for place, ending, trade in product(PLACES, ENDINGS, TRADES)
    ]
    rng.shuffle(names)
    managers = User.objects.active().with_role(Role.CSM).for_choice()
    owners = cycle(list(managers.values_list("email", flat=True)) or [""])
    for rank, (external_id, name) in enumerate(zip(external_ids, names, strict=False)):
        segment = _segment(rank)
        customer = {
            "customer": name,
            "source": source,
            "external_id": external_id,
            "segment": segment.value,
            "touch_model": "pooled" if segment == Segment.SMALL else "high",
            "seats": rng.randint(*SEATS[segment]),
            "fictional": "yes",
            "owner": "" if segment == Segment.SMALL else next(owners),
        }
        contract = _contract(external_id, segment=segment, rng=rng, day=day)
        for module in MODULES[: MODULES_OF[segment]]:
            yield customer | contract | _line(module, seats=customer["seats"], rng=rng)


def _segment(rank: int) -> Segment:
    if rank < ENTERPRISES:
        return Segment.ENTERPRISE
    return Segment.MID_MARKET if rank < ENTERPRISES + MID_MARKETS else Segment.SMALL


def _contract(
    external_id: str, *, segment: Segment, rng: random.Random, day: date
) -> dict[str, Any]:
    ends_on = day + timedelta(days=rng.randint(20, TERM_DAYS))
    starts_on = ends_on - timedelta(days=TERM_DAYS)
    contract = {
        "contract": f"{external_id} fictional",
        "currency": our_organisation().currency,
        "starts_on": starts_on,
    }
    if segment == Segment.SMALL and rng.random() < MONTHLY_SHARE:
        return contract | {"contract_kind": "month_to_month"}
    renews = rng.random() < 0.6
    return contract | {
        "contract_kind": "fixed",
        "ends_on": ends_on,
        "auto_renew": "yes" if renews else "no",
        "notice_days": rng.choice([30, 60, 90]) if renews else "",
    }


def _line(module: str, *, seats: Any, rng: random.Random) -> dict[str, Any]:
    arr = round(seats * A_SEAT_A_YEAR[module] * rng.uniform(0.8, 1.1), -2)
    return {"product": module, "quantity": seats, "arr": f"{arr:.2f}"}
