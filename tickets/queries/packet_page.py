"""A frozen packet in the words of a page, for one reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.http import urlencode

from accounts.models import Segment, Stage, TouchKind
from supportsuccess.lists.periods import Period
from tickets.models import Dimension, TicketKind
from tickets.queries.packets import LOOKS_BACK, packet_for

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Handoff
    from tickets.queries.packets import Facts

UNCOUNTED_KINDS = (TicketKind.BILLING, TicketKind.OTHER)


@dataclass(frozen=True, kw_only=True)
class Money:
    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class KindCount:
    name: str
    tickets: int
    unsolved: int
    blocked: int
    reopened: int
    # the same tickets as the list of tickets is asked for them
    query: str


@dataclass(frozen=True, kw_only=True)
class Promised:
    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class PacketPage:
    """What the reader sees of what was frozen; money is empty for who may not see it."""

    frozen_at: datetime
    sha256: str
    customer: Facts
    money: list[Money]
    decision_on: date | None
    kinds: list[KindCount]
    labels: list[tuple[str, str]]
    promises: list[Promised]
    last_touch: tuple[str, date] | None

    @property
    def place(self) -> str:
        """Segment and stage in a word each, where they are known."""
        segment, stage = self.customer.get("segment"), self.customer.get("stage")
        return (
            f"{Segment(segment).label}, {Stage(stage).label.lower()}" if segment and stage else ""
        )


def packet_page(handoff: Handoff, *, user: User) -> PacketPage | None:
    """The newest packet of a handoff as this person may read it."""
    facts = packet_for(user, handoff)
    if facts is None:
        return None
    renewal, touch = facts["renewal"], facts["last_two_way_touch"]
    return PacketPage(
        frozen_at=datetime.fromisoformat(facts["frozen_at"]),
        sha256=facts["sha256"],
        customer=facts["customer"],
        money=[
            Money(amount=Decimal(row["arr"]), currency=row["currency"])
            for row in facts.get("money", [])
        ],
        decision_on=renewal and date.fromisoformat(renewal["decision_point_on"]),
        kinds=[
            _kind(row, query=_asked(handoff, facts)) for row in facts["last_90_days"]["by_kind"]
        ],
        labels=_labels(facts["last_90_days"]["labels"]),
        promises=[
            Promised(**{**row, "due_on": date.fromisoformat(row["due_on"])})
            for row in facts["promises"]
        ],
        last_touch=touch and (TouchKind(touch["kind"]).label, date.fromisoformat(touch["on"])),
    )


def _asked(handoff: Handoff, facts: Facts) -> dict[str, str]:
    """What asks the list for the tickets that were counted."""
    frozen_at = datetime.fromisoformat(facts["frozen_at"])
    return {
        "customer": str(handoff.customer_id),
        "opened": str(Period(frozen_at - LOOKS_BACK, frozen_at)),
    }


def _kind(row: Facts, *, query: dict[str, str]) -> KindCount:
    return KindCount(
        name=_kind_name(row["kind"], tickets=row["tickets"]),
        tickets=row["tickets"],
        unsolved=row["unsolved"],
        blocked=row["blocked"],
        reopened=row["reopened"],
        query=urlencode(query | {"kind": row["kind"]}),
    )


def _kind_name(kind: str, *, tickets: int) -> str:
    """A kind as it follows a number: 1 bug, 9 bugs; what is no thing to count is its tickets'."""
    name = TicketKind(kind).label.lower()
    if kind in UNCOUNTED_KINDS:
        name = f"{name} ticket"
    return name if tickets == 1 else f"{name}s"


def _labels(labels: Facts) -> list[tuple[str, str]]:
    """Each answered dimension with its values, the most frequent first."""
    return [
        (
            Dimension(dimension).label,
            ", ".join(
                f"{name} {n}" for name, n in sorted(values.items(), key=lambda item: -item[1])
            ),
        )
        for dimension, values in labels.items()
        if values
    ]
