"""What the models of suggested labels are worth, in words, a table and a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from supportsuccess.lists import cells, charts
from supportsuccess.lists.charts import Bar, Bars
from tickets.models import ASKED_DIMENSIONS
from tickets.suggestions.figures import FEWEST_LABELS
from tickets.suggestions.languages import NAMES
from tickets.suggestions.reference import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from supportsuccess.rates import Rate
    from tickets.models import SuggestionModel
    from tickets.queries.suggestions import Known
    from tickets.suggestions.figures import Bin, Figures, ValueFigures

SHARE = charts.share()


class ValueTold(NamedTuple):
    """A value's line in the table of its model."""

    name: str
    labels: int
    precision: str
    recall: str
    threshold: float | None
    silence: str


class ModelTold(NamedTuple):
    """A model as the page shows it."""

    model: SuggestionModel
    language: str
    right: str
    commonest: str
    commonest_right: str
    suggested: str
    suggested_right: str
    calibration_error: float
    values: Sequence[ValueTold]
    chart: Bars


class DimensionTold(NamedTuple):
    """A dimension with its models, or what is missing to begin."""

    name: str
    models: Sequence[ModelTold]
    missing: str


class ReferenceTold(NamedTuple):
    """An open set of texts and what was come to on it."""

    texts: str
    label: str
    rows: int
    right: str
    commonest_right: str
    suggested: str
    suggested_right: str
    calibration_error: float


def told(known: Known) -> list[DimensionTold]:
    """Every asked dimension, in the order of the panel."""
    return [
        DimensionTold(
            name=str(dimension.label),
            models=[
                _model(model, names=known.names)
                for model in sorted(known.models, key=lambda model: -model.label_count)
                if model.dimension == dimension
            ],
            missing=_missing(known.counts.get(dimension, {}), names=known.names),
        )
        for dimension in ASKED_DIMENSIONS
    ]


def references_told() -> list[ReferenceTold]:
    """What the same program comes to on open sets of texts."""
    return [
        ReferenceTold(
            texts=each.texts,
            label=each.label,
            rows=each.rows,
            right=rate_words(each.right),
            commonest_right=cells.percent(each.commonest_right.share),
            suggested=cells.percent(each.suggested.share),
            suggested_right=rate_words(each.suggested_right),
            calibration_error=each.calibration_error,
        )
        for each in REFERENCES
    ]


def rate_words(rate: Rate) -> str:
    """A share with its interval and what it stands on: 82 % (75–87), 141 of 172."""
    if rate.share is None or rate.interval is None:
        return str(cells.UNKNOWN)
    low, high = rate.interval
    between = f"{100 * low:.0f}–{100 * high:.0f}"
    basis = f"{rate.part:,} of {rate.n:,}".replace(" ", "\N{NO-BREAK SPACE}")
    return f"{cells.percent(rate.share)} ({between}), {basis}"


def _missing(counts: Mapping[int, int], *, names: Mapping[int, str]) -> str:
    """How many labels are missing until a first value can be suggested."""
    if not counts:
        return f"Nothing is labelled yet: it begins with {FEWEST_LABELS} labels of one value."
    value = max(counts, key=counts.__getitem__)
    if counts[value] < FEWEST_LABELS:
        missing = FEWEST_LABELS - counts[value]
        return f"{missing} labels of “{names[value]}” are missing: it has {counts[value]}."
    return (
        f"“{names[value]}” has {counts[value]:,} labels: enough to begin, with the next training."
    )


def _model(model: SuggestionModel, *, names: Mapping[int, str]) -> ModelTold:
    figures = model.measured
    ordered = sorted(figures.values.items(), key=lambda item: -item[1].labels)
    return ModelTold(
        model=model,
        language=NAMES[model.language],
        right=rate_words(figures.accuracy),
        commonest=_name(figures.commonest, names),
        commonest_right=rate_words(figures.baseline),
        suggested=rate_words(figures.suggested),
        suggested_right=rate_words(figures.suggested_right),
        calibration_error=figures.calibration_error,
        values=[_value(_name(pk, names), value) for pk, value in ordered],
        chart=_chart(figures, id=f"calibration-{model.pk}"),
    )


def _name(value: str, names: Mapping[int, str]) -> str:
    return names.get(int(value), "A value that is gone")


def _value(name: str, value: ValueFigures) -> ValueTold:
    return ValueTold(
        name=name,
        labels=value.labels,
        precision=rate_words(value.precision) if value.threshold else "",
        recall=rate_words(value.recall) if value.threshold else "",
        threshold=value.threshold,
        silence=value.silence,
    )


def _chart(figures: Figures, *, id: str) -> Bars:  # noqa: A002 - as charts call it
    return Bars(
        id=id,
        title=_finding(figures.bins),
        n=figures.held_out,
        of="labels kept aside",
        definition="How often the most probable value was the right one, by how probable it was"
        " said to be, with Wilson's 95 % interval. Said well, a bar ends where its name says.",
        unit=SHARE,
        category="Said to be",
        marks=[
            Bar(
                label=f"{_between(each)}, {each.n:,} times",
                value=each.rate.share,
                low=each.rate.interval[0] if each.rate.interval else None,
                high=each.rate.interval[1] if each.rate.interval else None,
            )
            for each in figures.bins
        ],
    )


def _finding(bins: Sequence[Bin]) -> str:
    most = max(bins, key=lambda each: each.n)
    right = cells.percent(most.rate.share)
    return f"What was said to be {_between(most)} likely was right in {right}"


def _between(each: Bin) -> str:
    return f"{100 * each.low:.0f}–{cells.percent(each.high)}"
