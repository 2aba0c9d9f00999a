"""What is known of the taxonomy: how much its values answer, and what versions changed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count

from supportsuccess.lists.periods import Period
from tickets.models import Dimension, Labeling, LabelValue, Ticket, ValueChange
from tickets.queries.label_coverage import COVERED_DAYS
from tickets.queries.label_meaning import meant
from tickets.queries.ticket_list import within

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User

WORDS = {
    "name": "Name",
    "definition": "Definition",
    "key": "Key",
    "area": "Area",
    "is_active": "In use",
    "merged_into": "Merged into",
}
SHOWN_CHANGES = 20


class Difference(NamedTuple):
    """One thing that a value says otherwise."""

    what: str
    before: str
    after: str


class Changed(NamedTuple):
    """What became of a value from one version to another."""

    value: LabelValue
    # not there before
    is_new: bool
    differences: list[Difference]

    @property
    def question(self) -> str:
        return Dimension(self.value.dimension).label


class Told(NamedTuple):
    """One version's word on a value."""

    version: int
    version_id: int
    at: datetime
    by: str
    note: str


def counted_period(at: datetime) -> Period:
    """The days whose tickets are counted by value."""
    return Period(at - timedelta(days=COVERED_DAYS), at)


def tickets_by_value(user: User, *, at: datetime) -> dict[int, int]:
    """How many tickets of the last days a value answers, or an area's values; merged ones count
    to what they were merged into."""
    tickets = within(Ticket.objects.visible_to(user), "opened_at", counted_period(at))
    said = Labeling.objects.filter(ticket__in=tickets.order_by().values("pk")).current()
    counted = said.annotate(meant=meant()).order_by().values_list("meant").annotate(Count("pk"))
    counts = Counter(dict(counted))
    grouped = LabelValue.objects.exclude(parent=None).filter(merged_into=None)
    for value, area in grouped.values_list("pk", "parent"):
        counts[area] += counts[value]
    return dict(counts)


def differences(user: User, *, since: int, until: int) -> list[Changed]:
    """What every value that changed between two versions says now and said before."""
    changes = ValueChange.objects.visible_to(user).between(since, until).select_related("value")
    by_value: dict[int, list[ValueChange]] = {}
    for change in changes:
        by_value.setdefault(change.value_id, []).append(change)
    found = (_changed(each) for each in by_value.values())
    return [each for each in found if each.is_new or each.differences]


def history_of(value: LabelValue, *, user: User) -> list[Told]:
    """The versions that changed a value, the newest first."""
    changes = ValueChange.objects.visible_to(user).filter(value=value)
    rows = changes.order_by("-version__number").values_list(
        "version__number", "version", "version__published_at", "version__by__name", "version__note"
    )
    return [
        Told(number, pk, at, by or "Installation", note)
        for number, pk, at, by, note in rows[:SHOWN_CHANGES]
    ]


def _changed(changes: list[ValueChange]) -> Changed:
    before, after = changes[0].before or {}, changes[-1].after
    said = [Difference(WORDS[name], *_words(before, after, name)) for name in WORDS]
    return Changed(
        value=changes[0].value,
        is_new=changes[0].before is None,
        differences=[each for each in said if each.before != each.after],
    )


def _words(before: dict[str, Any], after: dict[str, Any], name: str) -> Iterable[str]:
    return (_word(before.get(name, "")), _word(after.get(name, "")))


def _word(said: object) -> str:
    return ("yes" if said else "no") if isinstance(said, bool) else str(said)
