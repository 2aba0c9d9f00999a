"""How far two people's answers agree: formulas over pairs of answers, no database.

Raw agreement is the share of pairs that are alike. Gwet's AC1 takes off what chance would give,
where chance is small when nearly all answers are the same: with pi the mean share of a value over
both people and q the number of values to choose from, chance is the sum of pi (1 - pi) / (q - 1).
Cohen's kappa takes the two people's own shares instead, and falls towards 0 on a rare value
however often they agree; it stands in the file alone.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from supportsuccess.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    type Pair = tuple[Hashable, Hashable]

FEWEST_PAIRS = 5


class Agreement(NamedTuple):
    """What pairs of answers to one dimension amount to; None: cannot be said."""

    pairs: int
    alike: int
    raw: float
    interval: tuple[float, float] | None
    ac1: float | None
    kappa: float | None
    # the share of all answers that say something unusual
    prevalence: float


def agreement_of(pairs: Sequence[Pair], *, values: int, usual: Hashable) -> Agreement | None:
    """What these pairs amount to, of so many values to choose from; None for too few pairs."""
    if len(pairs) < FEWEST_PAIRS:
        return None
    alike = sum(first == second for first, second in pairs)
    said = [answer for pair in pairs for answer in pair]
    return Agreement(
        pairs=len(pairs),
        alike=alike,
        raw=alike / len(pairs),
        interval=Rate(alike, len(pairs)).interval,
        ac1=_beyond(alike / len(pairs), chance=_chance_of_gwet(said, values=values)),
        kappa=_beyond(alike / len(pairs), chance=_chance_of_cohen(pairs)),
        prevalence=sum(answer != usual for answer in said) / len(said),
    )


def _beyond(raw: float, *, chance: float | None) -> float | None:
    """What of the agreement beyond chance there is; nothing to say where chance is all."""
    if chance is None or chance >= 1:
        return None
    return (raw - chance) / (1 - chance)


def _chance_of_gwet(said: Sequence[Hashable], *, values: int) -> float | None:
    if values < 2:
        return None
    shares = (count / len(said) for count in Counter(said).values())
    return sum(share * (1 - share) for share in shares) / (values - 1)


def _chance_of_cohen(pairs: Sequence[Pair]) -> float:
    firsts = Counter(first for first, _ in pairs)
    seconds = Counter(second for _, second in pairs)
    return sum(firsts[value] * seconds[value] for value in firsts) / len(pairs) ** 2
