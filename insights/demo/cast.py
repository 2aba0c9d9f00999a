"""The customers of Larkfield's stories: their contracts, and the tickets that tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import Segment
from insights.demo.book import CALM, DemoCustomer, Temper, described, fixed_term

OFFICE = ZoneInfo("Europe/Dublin")
YEAR = 365
FRIDAY = 4
# One subsidiary where all goes wrong, and one customer where the machine worries: slower and more
# often reopened, no single thing to point at.
AWFUL = Temper(75, volume=2.6, slowness=14, reopened_share=0.6, open_critical=3)
WORRY = Temper(75, volume=1.8, slowness=11, reopened_share=0.5, open_critical=2)

UNPLACED = {"Dunmore Escalators": 19_000, "Ashgate Cooling": 12_000}


@dataclass(frozen=True)
class Cast:
    """The stories' customers, and their rows of the customer file."""

    customers: list[DemoCustomer]
    rows: list[dict[str, Any]]


def cast(*, today: date) -> Cast:
    """Everybody the stories are about, as they stand today."""
    parts = (
        _halden(today),
        _aster_rail(today),
        _tidebrook(today),
        _kestrel(today),
        _miravel(today),
        _orchard_row(today),
        _northsound(today),
        _quillon(today),
        _brightwell(today),
        _pinewood(today),
        _from_reseller(today),
    )
    return Cast(
        customers=[customer for customers, _ in parts for customer in customers],
        rows=[row for _, rows in parts for row in rows],
    )


def moment(today: date, *, days_ago: int, clock: str) -> datetime:
    """A clock time in Dublin on the working day so many days ago; of a weekend, its Friday."""
    day = today - timedelta(days=days_ago)
    day -= timedelta(days=max(0, day.weekday() - FRIDAY))
    return datetime.combine(day, time.fromisoformat(clock), OFFICE)


type Part = tuple[list[DemoCustomer], list[dict[str, Any]]]


def _halden(today: date) -> Part:
    """Notice is possible for nine more days."""
    halden = described(
        "Halden Lifts",
        segment=Segment.ENTERPRISE,
        seats=420,
        arr=312_000,
        tickets_a_month=0,  # each of its tickets is told
        touch_model="high",
        owner="csm@example.com",
        desired_outcome="Every inspection documented on the day it is made",
    )
    ends_on = today + timedelta(days=9 + 90)
    lines = {"Plan": 96_000, "Go": 148_000, "Inspect": 68_000}
    return [halden], fixed_term(
        halden,
        starts_on=ends_on - timedelta(days=3 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines=lines,
        notice_days=90,
        auto_renew=True,
    )


def _mid_market(name: str, arr: int, **row: Any) -> DemoCustomer:
    tickets = row.pop("tickets_a_month", 5)
    temper = row.pop("temper", CALM)
    customer = described(
        name,
        segment=Segment.MID_MARKET,
        seats=row.pop("seats", arr // 700),
        arr=arr,
        tickets_a_month=tickets,
        **{"owner": "csm@example.com"} | row,
    )
    customer.temper = temper
    return customer


def _one_year(customer: DemoCustomer, *, ends_on: date, **terms: Any) -> list[dict[str, Any]]:
    return fixed_term(
        customer,
        starts_on=ends_on - timedelta(days=YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Go": customer.arr * 3 // 5, "Plan": customer.arr - customer.arr * 3 // 5},
        **terms,
    )


def _aster_rail(today: date) -> Part:
    aster = _mid_market("Aster Rail", 96_000, owner="yuki@example.com")
    return [aster], _one_year(aster, ends_on=today + timedelta(days=20))


def _tidebrook(today: date) -> Part:
    tidebrook = _mid_market("Tidebrook Fire Safety", 64_000, owner="marta@example.com")
    return [tidebrook], _one_year(tidebrook, ends_on=today + timedelta(days=150))


def _kestrel(today: date) -> Part:
    """The contract is the parent's; four subsidiaries work with it."""
    parent = described(
        "Kestrel Group",
        segment=Segment.ENTERPRISE,
        seats=610,
        arr=248_000,
        tickets_a_month=3,
        touch_model="high",
        owner="csm@example.com",
    )
    children = [
        _mid_market(
            f"Kestrel {part}",
            0,
            parent="Kestrel Group",
            tickets_a_month=tickets,
            seats=tickets * 14,
        )
        for part, tickets in (("North", 6), ("South", 5), ("Nordic", 4), ("Iberia", 9))
    ]
    children[-1].temper = AWFUL
    ends_on = today + timedelta(days=112)
    rows = fixed_term(
        parent,
        starts_on=ends_on - timedelta(days=3 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Plan": 88_000, "Go": 160_000},
        notice_days=60,
    )
    return [parent, *children], [*rows, *(child.row for child in children)]


def _miravel(today: date) -> Part:
    """They gave notice for one module and keep the other."""
    miravel = _mid_market("Miravel Climate", 58_000, owner="marta@example.com")
    kept = _one_year(miravel, ends_on=today + timedelta(days=64), notice_days=30)
    ends_on = today + timedelta(days=64)
    leaving = fixed_term(
        miravel,
        starts_on=ends_on - timedelta(days=2 * YEAR - 1),
        ends_on=ends_on,
        currency="EUR",
        lines={"Parts": 19_000},
        notice_days=60,
        auto_renew=True,
        notice_received_on=today - timedelta(days=4),
    )
    return [miravel], [*kept, *leaving]


def _orchard_row(today: date) -> Part:
    orchard = _mid_market("Orchard Row Heating", 71_000, temper=WORRY)
    return [orchard], _one_year(orchard, ends_on=today + timedelta(days=76), notice_days=30)


def _northsound(today: date) -> Part:
    """No ticket for 140 days: nothing is known, which is not the same as well."""
    northsound = _mid_market("Northsound Alarms", 48_000, tickets_a_month=3)
    northsound.quiet_days = 140
    return [northsound], _one_year(northsound, ends_on=today + timedelta(days=133))


def _quillon(today: date) -> Part:
    quillon = _mid_market("Quillon Ventilation", 39_000, owner="marta@example.com")
    quillon.quiet_days = 5
    return [quillon], _one_year(quillon, ends_on=today - timedelta(days=6))


def _brightwell(today: date) -> Part:
    brightwell = _mid_market("Brightwell Elevators", 52_000, owner="marta@example.com")
    brightwell.quiet_days = 10
    return [brightwell], _one_year(brightwell, ends_on=today - timedelta(days=11))


def _pinewood(today: date) -> Part:
    """The contract has ended and both sides still talk."""
    pinewood = _mid_market("Pinewood Sprinklers", 44_000, owner="yuki@example.com")
    return [pinewood], _one_year(pinewood, ends_on=today - timedelta(days=12))


def _from_reseller(today: date) -> Part:
    """Two small ones whose reseller has closed: nobody answers for them by name yet."""
    taken_over = [
        described(
            name,
            segment=Segment.SMALL,
            seats=arr // 500,
            arr=arr,
            tickets_a_month=2,
            touch_model="pooled",
            pool="Scale",
        )
        for name, arr in UNPLACED.items()
    ]
    ends_on = today + timedelta(days=210)
    rows = [row for customer in taken_over for row in _one_year(customer, ends_on=ends_on)]
    return taken_over, rows
