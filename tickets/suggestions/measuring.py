"""Thresholds and figures from rows that a model was not fitted to; plain numbers in and out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tickets.suggestions.figures import AIM, Bin, Figures, ValueFigures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

BINS = 10
# Fewer rows above a threshold are chance.
FEWEST_ABOVE = 20


class Said(NamedTuple):
    """A probability that was given to a statement, and whether it turned out right."""

    probability: float
    is_right: bool


@dataclass(frozen=True)
class Measured:
    """Rows with the probability of each value, in the order of `names`, and the true value."""

    names: Sequence[str]
    probabilities: Sequence[Sequence[float]]
    truth: Sequence[str]

    def named(self) -> list[tuple[str, Said]]:
        """For each row the most probable value."""
        return [_named(row, true, self.names) for row, true in self._rows()]

    def said_of(self, name: str) -> list[Said]:
        """For each row what was said of one value, whether or not it is the most probable."""
        place = self.names.index(name)
        return [Said(row[place], true == name) for row, true in self._rows()]

    def _rows(self) -> Iterable[tuple[Sequence[float], str]]:
        return zip(self.probabilities, self.truth, strict=True)


def thresholds(measured: Measured, *, precision: float = AIM) -> dict[str, float | None]:
    """For each value the lowest probability from which on naming it reaches the precision."""
    named = measured.named()
    return {
        name: lowest_threshold([said for told, said in named if told == name], precision=precision)
        for name in measured.names
    }


def lowest_threshold(
    said: Iterable[Said], *, precision: float = AIM, fewest: int = FEWEST_ABOVE
) -> float | None:
    """The lowest probability above which at least so much is right; none where none is."""
    lowest, right = None, 0
    ordered = sorted(said, reverse=True)
    for place, (probability, is_right) in enumerate(ordered, start=1):
        right += is_right
        is_last_of_equals = place == len(ordered) or ordered[place].probability < probability
        if is_last_of_equals and place >= fewest and right >= precision * place:
            lowest = probability
    return lowest


def reliability(said: Iterable[Said], *, bins: int = BINS) -> tuple[Bin, ...]:
    """How often what was said to be about so probable was right, in bins of equal width."""
    found: dict[int, list[Said]] = {}
    for each in said:
        found.setdefault(min(int(each.probability * bins), bins - 1), []).append(each)
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            n=len(each),
            right=sum(one.is_right for one in each),
            expected=sum(one.probability for one in each) / len(each),
        )
        for place, each in sorted(found.items())
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected difference between what was said and what was right."""
    rows = sum(each.n for each in bins)
    return sum(abs(each.right - each.expected * each.n) for each in bins) / rows if rows else 0.0


def measure(
    held_out: Measured,
    *,
    labels: Mapping[str, int],
    commonest: str,
    above: Mapping[str, float | None],
) -> Figures:
    """What a model with these thresholds comes to on held-out rows.

    `labels` counts the values of all rows; the commonest is that of the rows it was fitted to.
    """
    named = held_out.named()
    true = Counter(held_out.truth)
    bins = reliability(said for _, said in named)
    return Figures(
        rows=sum(labels.values()),
        held_out=len(named),
        right=sum(said.is_right for _, said in named),
        commonest=commonest,
        commonest_right=true[commonest],
        calibration_error=calibration_error(bins),
        bins=bins,
        values={
            name: _value(name, held_out, labels=count, above=above.get(name))
            for name, count in labels.items()
        },
    )


def _value(name: str, held_out: Measured, *, labels: int, above: float | None) -> ValueFigures:
    is_known = name in held_out.names
    told = [
        said
        for named, said in held_out.named()
        if named == name and above is not None and said.probability >= above
    ]
    return ValueFigures(
        labels=labels,
        held_out=sum(true == name for true in held_out.truth),
        threshold=above,
        suggested=len(told),
        right=sum(said.is_right for said in told),
        calibration_error=calibration_error(reliability(held_out.said_of(name)))
        if is_known
        else None,
    )


def _named(row: Sequence[float], true: str, names: Sequence[str]) -> tuple[str, Said]:
    place = max(range(len(row)), key=row.__getitem__)
    return names[place], Said(row[place], names[place] == true)
