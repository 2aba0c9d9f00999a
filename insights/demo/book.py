"""Larkfield's customers and what they pay, as the file that `import_customers` reads."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from accounts.models import Segment, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACES = (
    *("Alder", "Ash", "Barrow", "Beck", "Birch", "Bram", "Briar", "Brook", "Cald", "Carr"),
    *("Cedar", "Clay", "Cliff", "Coln", "Crag", "Dale", "Dun", "Elm", "Fair", "Fen"),
    *("Glen", "Gran", "Green", "Grey", "Hale", "Harrow", "Haw", "Hazel", "Hart", "Heath"),
    *("Holm", "Kirk", "Lang", "Lark", "Lind", "Marl", "Mere", "Moor", "Oak", "Raven"),
    *("Red", "Ridge", "Rook", "Rose", "Sand", "Stan", "Stone", "Thorn", "Wether", "Wil"),
)
ENDINGS = ("bridge", "ford", "hurst", "ley", "mont", "stead", "vale", "wick", "worth")
TRADES = (
    *("Lifts", "Elevators", "HVAC", "Climate", "Fire Safety", "Sprinklers", "Alarms"),
    *("Escalators", "Ventilation", "Heating", "Cooling", "Building Services"),
)
MODULES = ("Plan", "Go", "Inspect", "Parts")
CURRENCIES = ("EUR", "EUR", "EUR", "GBP", "USD")
ZONES = ("Europe/Dublin", "Europe/Berlin", "Europe/London", "America/New_York", "Europe/Madrid")
CSMS = ("csm", "ines", "yuki", "marta")
# who leaves on Friday, and how many customers of the book are theirs
LEAVER, LEAVERS_CUSTOMERS = "rob", 41
# enterprise and mid-market customers that the stories tell of
TOLD_APART = 14
CRM = "larkfield-crm"
COUNTS = {"enterprise": 14, "mid": 86, "annual": 210, "monthly": 110}


# Of the customers that write often enough to be known, each so-manieth is in trouble.
IN_TROUBLE, UNEASY = 9, 3


@dataclass(frozen=True)
class Temper:
    """How a customer's tickets go since something changed, against how they usually go."""

    since_days: int = 0
    volume: float = 1
    slowness: float = 1
    reopened_share: float = 0.04
    open_critical: int = 0
    sentiment: str = "neutral"


CALM = Temper()
TROUBLE = Temper(75, volume=2.2, slowness=11, reopened_share=0.45, open_critical=2)
UNEASE = Temper(70, volume=1.6, slowness=7.5, reopened_share=0.25, open_critical=1)


@dataclass
class DemoCustomer:
    """One customer of the book, with what history needs to know of it."""

    name: str
    segment: str
    seats: int
    arr: int
    tickets_a_month: float
    row: dict[str, Any] = field(default_factory=dict)
    temper: Temper = CALM
    # nobody there wrote for so many days
    quiet_days: int = 0


def customers(rng: random.Random) -> list[DemoCustomer]:
    """All customers but those of the stories: 14 enterprise, 86 mid-market, 320 small, others."""
    names = _names(rng)
    owners = _owners(rng, count=COUNTS["enterprise"] + COUNTS["mid"] - TOLD_APART)
    book = [_enterprise(rng, next(names), next(owners)) for _ in range(COUNTS["enterprise"] - 2)]
    book += [_mid_market(rng, next(names), next(owners)) for _ in range(COUNTS["mid"] - 12)]
    book += [_annual(rng, next(names)) for _ in range(COUNTS["annual"] - 2)]
    _give_trouble(book)
    book += [_monthly(rng, next(names)) for _ in range(COUNTS["monthly"])]
    book += [_trial(rng, next(names)) for _ in range(6)]
    return [*book, _partner(), _test_organisation()]


def fixed_term(
    customer: DemoCustomer,
    *,
    starts_on: date,
    ends_on: date,
    currency: str,
    lines: dict[str, int],
    notice_days: int | None = None,
    auto_renew: bool = False,
    notice_received_on: date | None = None,
) -> list[dict[str, Any]]:
    """The file's rows of a customer with one fixed contract: one row a line."""
    contract = {
        "contract": f"{customer.name} {starts_on.year}",
        "contract_kind": "fixed",
        "starts_on": starts_on,
        "ends_on": ends_on,
        "auto_renew": "yes" if auto_renew else "no",
        "notice_days": "" if notice_days is None else notice_days,
        "notice_received_on": notice_received_on or "",
        "currency": currency,
    }
    return [
        customer.row | contract | {"product": module, "quantity": customer.seats, "arr": arr}
        for module, arr in lines.items()
    ]


def rows_of(customer: DemoCustomer, rng: random.Random, *, today: date) -> list[dict[str, Any]]:
    """The file's rows of a customer of the book."""
    if customer.row["stage"] != Stage.LIVE:
        return [customer.row]
    currency = rng.choice(CURRENCIES)
    if customer.row["touch_model"] == "pooled" and customer.arr < 4000:
        return [_month_to_month(customer, rng, today=today, currency=currency)]
    years = 3 if customer.segment == Segment.ENTERPRISE else 1
    ends_on = today + timedelta(days=rng.randint(12, 364 * years))
    return fixed_term(
        customer,
        starts_on=ends_on - timedelta(days=365 * years - 1),
        ends_on=ends_on,
        currency=currency,
        lines=_split(customer, rng),
        notice_days=rng.choice((30, 60, 90, None)),
        auto_renew=rng.random() < 0.4,
    )


def described(
    name: str, *, segment: str, seats: int, arr: int, tickets_a_month: float, **row: Any
) -> DemoCustomer:
    """A customer with the columns that all its rows repeat."""
    columns = {
        "customer": name,
        "source": CRM,
        "external_id": name.casefold().replace(" ", "-"),
        "kind": "customer",
        "segment": segment,
        "touch_model": "low",
        "seats": seats,
        "stage": Stage.LIVE,
        "timezone": "Europe/Dublin",
        "fictional": "yes",
    }
    return DemoCustomer(name, segment, seats, arr, tickets_a_month, columns | row)


def _names(rng: random.Random) -> Iterator[str]:
    pairs = list(product(PLACES, ENDINGS))
    rng.shuffle(pairs)
    return (f"{place}{ending} {rng.choice(TRADES)}" for place, ending in pairs)


def _owners(rng: random.Random, *, count: int) -> Iterator[str]:
    """Who holds each of so many customers, as addresses."""
    others = count - LEAVERS_CUSTOMERS
    owners = [LEAVER] * LEAVERS_CUSTOMERS + [CSMS[place % len(CSMS)] for place in range(others)]
    rng.shuffle(owners)
    return (f"{owner}@example.com" for owner in owners)


def _give_trouble(book: list[DemoCustomer]) -> None:
    """Some customers are in trouble, more are uneasy; most are neither."""
    for place, customer in enumerate(book):
        if place % IN_TROUBLE == 4:
            customer.temper = TROUBLE
        elif place % UNEASY == 0:
            customer.temper = UNEASE


def _enterprise(rng: random.Random, name: str, owner: str) -> DemoCustomer:
    seats = rng.randint(220, 900)
    return described(
        name,
        segment=Segment.ENTERPRISE,
        seats=seats,
        arr=rng.randint(170, 420) * 1000,
        tickets_a_month=seats / 14,
        touch_model="high",
        timezone=rng.choice(ZONES),
        owner=owner,
    )


def _mid_market(rng: random.Random, name: str, owner: str) -> DemoCustomer:
    seats = rng.randint(40, 180)
    return described(
        name,
        segment=Segment.MID_MARKET,
        seats=seats,
        arr=rng.randint(34, 98) * 1000,
        tickets_a_month=seats / 13,
        timezone=rng.choice(ZONES),
        owner=owner,
    )


def _annual(rng: random.Random, name: str) -> DemoCustomer:
    seats = rng.randint(6, 40)
    return described(
        name,
        segment=Segment.SMALL,
        seats=seats,
        arr=rng.randint(40, 240) * 100,
        tickets_a_month=seats / 11,
        touch_model="pooled",
        timezone=rng.choice(ZONES),
        pool="Scale",
    )


def _monthly(rng: random.Random, name: str) -> DemoCustomer:
    seats = rng.randint(2, 8)
    return described(
        name,
        segment=Segment.SMALL,
        seats=seats,
        arr=rng.randint(9, 38) * 100,
        tickets_a_month=seats / 9,
        touch_model="pooled",
        pool="Scale",
    )


def _trial(rng: random.Random, name: str) -> DemoCustomer:
    return described(
        name,
        segment=Segment.SMALL,
        seats=rng.randint(2, 10),
        arr=0,
        tickets_a_month=1.5,
        kind="trial",
        stage=Stage.TRIAL,
        touch_model="pooled",
        pool="Scale",
    )


def _partner() -> DemoCustomer:
    return described(
        "Fieldwise Partners",
        segment=Segment.SMALL,
        seats=12,
        arr=0,
        tickets_a_month=3,
        kind="partner",
        stage=Stage.DISCOVERED,
        pool="Scale",
    )


def _test_organisation() -> DemoCustomer:
    return described(
        "Larkfield Test Organisation",
        segment=Segment.SMALL,
        seats=5,
        arr=0,
        tickets_a_month=12,
        kind="internal",
        stage=Stage.DISCOVERED,
        pool="Scale",
    )


def _split(customer: DemoCustomer, rng: random.Random) -> dict[str, int]:
    count = {Segment.ENTERPRISE: 4, Segment.MID_MARKET: 2}.get(Segment(customer.segment), 1)
    modules = rng.sample(MODULES, count)
    share = customer.arr // count
    shares = dict.fromkeys(modules, share)
    return shares | {modules[0]: customer.arr - share * (count - 1)}


def _month_to_month(
    customer: DemoCustomer, rng: random.Random, *, today: date, currency: str
) -> dict[str, Any]:
    return customer.row | {
        "contract": f"{customer.name} monthly",
        "contract_kind": "month_to_month",
        "starts_on": today - timedelta(days=rng.randint(60, 900)),
        "currency": currency,
        "product": "Go",
        "quantity": customer.seats,
        "arr": customer.arr,
    }
