"""Why a score changed, to the last point, and the sentence that says it.

Between two days under one card the difference is the sum of what each reading did (the mean of
both weights times the score's change) and of what missing data did (the mean score times the
weight's change, which is nothing while the same measures are known). A measure known on one day
only moves weight, not score. Under two cards the later day is first scored on the older card; the
rest is the configuration's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from insights.scoring.numbers import signed, six, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from insights.scoring.cards import Card

MISSING = "missing"
CONFIGURATION = "configuration"
SHOWN_PARTS = 3
OTHER = "other"
NOTHING_KNOWN = Decimal(0)


@dataclass(frozen=True)
class Wording:
    """What a part is called when it pulled the score down, and when it pushed it up."""

    down: str
    up: str


OWN_WORDINGS = {
    MISSING: Wording("missing data", "missing data"),
    CONFIGURATION: Wording("scorecard changed", "scorecard changed"),
}


@dataclass(frozen=True)
class Part:
    """What one cause did to the score, in points."""

    key: str
    effect: Decimal


def parts_between(
    card: Card,
    before: Mapping[str, Decimal | None],
    after: Mapping[str, Decimal | None],
    *,
    difference: Decimal,
    configuration: Decimal = NOTHING_KNOWN,
) -> list[Part]:
    """What moved the score between two days, the largest first; their effects sum to `difference`.

    `before` and `after` are the measures' scores on the earlier day's card, `configuration` what
    that card's successor changed on top.
    """
    weights = _shares(card, before), _shares(card, after)
    effects = {
        m.key: _effect(
            (before.get(m.key), after.get(m.key)), (weights[0][m.key], weights[1][m.key])
        )
        for m in card.measures
    }
    rest = difference - configuration - sum(effects.values())
    parts = [Part(key, effect) for key, effect in effects.items()]
    parts += [Part(MISSING, rest), Part(CONFIGURATION, configuration)]
    return in_order(part for part in parts if part.effect)


def in_order(parts: Iterable[Part]) -> list[Part]:
    """The largest effect first, whichever way it went."""
    return sorted(parts, key=lambda part: (-abs(part.effect), part.key))


def sentence(parts: Sequence[Part], *, difference: Decimal, wordings: Mapping[str, Wording]) -> str:
    """The change in a line that adds up: "−23: reopens −11, champion left −8, other −4"."""
    shown = [(part, whole(part.effect)) for part in parts[:SHOWN_PARTS] if whole(part.effect)]
    total = whole(difference)
    if not total and not shown:
        return ""
    words = [f"{_worded(part.key, points, wordings)} {signed(points)}" for part, points in shown]
    if rest := total - sum(points for _, points in shown):
        words.append(f"{OTHER} {signed(rest)}")
    return f"{signed(total)}: {', '.join(words)}"


def _worded(key: str, points: int, wordings: Mapping[str, Wording]) -> str:
    wording = OWN_WORDINGS.get(key) or wordings.get(key) or Wording(key, key)
    return wording.down if points < 0 else wording.up


def _shares(card: Card, scores: Mapping[str, Decimal | None]) -> dict[str, float]:
    known = float(sum(m.weight for m in card.measures if scores.get(m.key) is not None))
    return {
        m.key: float(m.weight) / known if scores.get(m.key) is not None else 0.0
        for m in card.measures
    }


def _effect(scores: tuple[Decimal | None, Decimal | None], weights: tuple[float, float]) -> Decimal:
    before, after = scores
    if before is None or after is None:
        return Decimal(0)
    return six((weights[0] + weights[1]) / 2 * float(after - before))
