"""What Larkfield's agents had written down of their tickets, as the file of labels to import."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tickets.adapters.events import EVENTS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from insights.demo.book import DemoCustomer

# The last days are for the inbox; and there was one month in which little was written down.
LATELY_DAYS, LATELY_SHARE = 9, 0.4
WEAK_MONTH_AGO, WEAK_SHARE = (150, 180), 0.61
SHARE = 0.97
NOTHING = {
    "fix_category": "routine",
    "root_cause": "everyday",
    "sentiment": "neutral",
    "competitor": "none",
    "product_feedback": "none",
}
# by kind of ticket: what is unusual about some of them
UNUSUAL: dict[str, tuple[dict[str, str], ...]] = {
    "question": (
        {"fix_category": "explained", "root_cause": "training"},
        {"fix_category": "explained", "root_cause": "documentation"},
        {"fix_category": "explained", "root_cause": "training", "sentiment": "pleased"},
    ),
    "bug": (
        {"fix_category": "workaround", "root_cause": "product-bug", "sentiment": "frustrated"},
        {"fix_category": "fixed-in-product", "root_cause": "product-bug"},
        {"fix_category": "data-corrected", "root_cause": "integration"},
    ),
    "missing_feature": (
        {"fix_category": "explained", "root_cause": "missing-function"},
        {"root_cause": "missing-function", "product_feedback": "feature-request"},
    ),
    "feature_request": ({"fix_category": "passed-on", "product_feedback": "feature-request"},),
    "billing": (
        {"fix_category": "credit", "root_cause": "contract"},
        {"root_cause": "contract", "product_feedback": "pricing", "sentiment": "frustrated"},
    ),
}
UNUSUAL_SHARE = 0.45
BAD_MOODS = ("frustrated", "frustrated", "angry", "neutral")
PLEASED_SHARE = 0.22
ANSWERED_AFTER = timedelta(minutes=4)


def lessons(
    rows: Iterable[dict[str, Any]],
    rng: random.Random,
    *,
    book: Iterable[DemoCustomer],
    today: date,
    by_hand: Iterable[str],
) -> Iterator[dict[str, Any]]:
    """A row for most tickets, from when each was first solved; none for those told by hand."""
    troubled = {c.name: c.temper.since_days for c in book if c.temper.since_days}
    seen = set(by_hand)
    for row in rows:
        if row["status"] != "solved" or row["ticket"] in seen:
            continue
        seen.add(row["ticket"])
        days_ago = (today - row["occurred_at"].date()).days
        if rng.random() < _share(days_ago):
            is_upset = days_ago < troubled.get(row["customer"], 0)
            yield _lesson(row, rng, moods=BAD_MOODS if is_upset else ())


def _share(days_ago: int) -> float:
    if days_ago < LATELY_DAYS:
        return LATELY_SHARE
    first, last = WEAK_MONTH_AGO
    return WEAK_SHARE if first <= days_ago < last else SHARE


def _lesson(
    row: Mapping[str, Any], rng: random.Random, *, moods: tuple[str, ...]
) -> dict[str, Any]:
    said = NOTHING
    if rng.random() < UNUSUAL_SHARE:
        said = said | rng.choice(UNUSUAL[row["kind"]])
    elif rng.random() < PLEASED_SHARE:
        said = said | {"sentiment": "pleased"}
    if moods:
        said = said | {"sentiment": rng.choice(moods)}
    at: datetime = row["occurred_at"]
    return {"ticket": row["ticket"], "source": EVENTS.name, "occurred_at": at, **said}
