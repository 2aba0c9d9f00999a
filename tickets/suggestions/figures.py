"""What a text model is worth, as measured on rows that it was not fitted to. No package needed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from supportsuccess.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Mapping

# With fewer labels a value is not suggested, however well it seems to be told apart.
FEWEST_LABELS = 200
# How often a suggested value has to be right on the rows held out to the end, and how often on
# those that its threshold is chosen from: aimed at exactly, every second one would miss by chance.
PRECISION = 0.8
AIM = 0.85
# On fewer suggestions nothing can be said of how often they are right.
FEWEST_SUGGESTED = 10


class Bin(NamedTuple):
    """Rows whose value was said to be about so probable: how many, and how many were right."""

    low: float
    high: float
    n: int
    right: int
    expected: float

    @property
    def rate(self) -> Rate:
        return Rate(self.right, self.n)


@dataclass(frozen=True, kw_only=True)
class ValueFigures:
    """One value: labels in all, held-out rows with it, and what suggesting it there came to."""

    labels: int
    held_out: int
    # none: no probability reached the precision aimed at
    threshold: float | None
    suggested: int
    right: int
    calibration_error: float | None

    @property
    def precision(self) -> Rate:
        return Rate(self.right, self.suggested)

    @property
    def recall(self) -> Rate:
        return Rate(self.right, self.held_out)

    @property
    def silence(self) -> str:
        """Why it is not suggested; empty where it is."""
        if self.labels < FEWEST_LABELS:
            return f"{FEWEST_LABELS - self.labels} of {FEWEST_LABELS} labels are missing"
        if self.threshold is None:
            return f"right less often than {_percent(AIM)}"
        if self.suggested < FEWEST_SUGGESTED:
            return f"only {self.suggested} held-out suggestions, too few to tell"
        if self.right < PRECISION * self.suggested:
            return f"right in {self.right} of {self.suggested}, less than {_percent(PRECISION)}"
        return ""

    @property
    def is_speaking(self) -> bool:
        return not self.silence


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A model as measured on its held-out rows, beside always naming the commonest value."""

    rows: int
    held_out: int
    right: int
    commonest: str
    commonest_right: int
    calibration_error: float
    bins: tuple[Bin, ...]
    values: Mapping[str, ValueFigures]

    @property
    def accuracy(self) -> Rate:
        return Rate(self.right, self.held_out)

    @property
    def baseline(self) -> Rate:
        return Rate(self.commonest_right, self.held_out)

    @property
    def speaking(self) -> dict[str, float]:
        """The values that are suggested, and from which probability on."""
        return {
            name: value.threshold
            for name, value in self.values.items()
            if value.is_speaking and value.threshold is not None
        }

    @property
    def suggested(self) -> Rate:
        """Of the held-out rows, those that a suggestion was made for."""
        told = sum(value.suggested for value in self.values.values() if value.is_speaking)
        return Rate(told, self.held_out)

    @property
    def suggested_right(self) -> Rate:
        """Of the suggestions made for held-out rows, those that were right."""
        return Rate(
            sum(value.right for value in self.values.values() if value.is_speaking),
            self.suggested.part,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain values, to be stored."""
        return asdict(self) | {"bins": [list(each) for each in self.bins]}


def figures_from(stored: Mapping[str, Any]) -> Figures:
    """Figures as they were stored."""
    values = {name: ValueFigures(**each) for name, each in stored["values"].items()}
    return Figures(
        **{**stored, "bins": tuple(Bin(*each) for each in stored["bins"]), "values": values}
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
