"""Fitting a text model and measuring it on the newest rows, which it does not see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from supportsuccess.errors import Refused
from tickets.suggestions.features import Weights
from tickets.suggestions.measuring import Measured, measure, thresholds
from tickets.suggestions.parameters import TextModel, curved, model_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tickets.suggestions.figures import Figures

HELD_OUT_SHARE = 0.2
FOLDS = 5
# A value with fewer rows can't be told apart; together they are the rest, which is never named.
FEWEST_ROWS = 10
REST = ""
# Stronger ties to nought than the package's own: labels of people contradict each other.
FIRMNESS = 0.3
SEED = 0


class Example(NamedTuple):
    """A text, and the value that was given to it."""

    text: str
    value: str


@dataclass(frozen=True)
class Fitted:
    """A model and what it is worth."""

    model: TextModel
    figures: Figures


def fit(examples: Sequence[Example]) -> Fitted:
    """Fit a model to the first four fifths of examples and measure it on the rest.

    Give them in the order of time: what is measured then is how well the past tells the future.
    Raises Refused when there are not two values to tell apart.
    """
    cut = round(len(examples) * (1 - HELD_OUT_SHARE))
    seen, held_out = _learnable(examples[:cut]), examples[cut:]
    model, above = _fitted(seen)
    read_back = model_from(model.as_bytes())  # what is measured is what will be used
    probabilities = read_back.probabilities([each.text for each in held_out])
    figures = measure(
        Measured(model.names, probabilities, [each.value for each in held_out]),
        labels=Counter(each.value for each in examples),
        commonest=Counter(each.value for each in seen if each.value != REST).most_common(1)[0][0],
        above=above,
    )
    return Fitted(model, figures)


def _learnable(examples: Sequence[Example]) -> list[Example]:
    """Those that can be told apart. Raises Refused when fewer than two values are left."""
    counts = Counter(each.value for each in examples)
    known = {value for value, count in counts.items() if count >= FEWEST_ROWS}
    if sum(count for value, count in counts.items() if value not in known) >= FEWEST_ROWS:
        known.add(REST)
    if len(known) < 2:
        raise Refused("There are no two values with enough labels to be told apart.")
    sorted_in = (each if each.value in known else each._replace(value=REST) for each in examples)
    return [each for each in sorted_in if each.value in known]


def _fitted(examples: Sequence[Example]) -> tuple[TextModel, dict[str, float | None]]:
    """A model, and from which probability on each value may be named.

    Curves and thresholds come from scores of folds that their row was left out of.
    """
    weights = Weights()
    features = weights.fit([each.text for each in examples])
    truth = np.array([each.value for each in examples])
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    left_out = cross_val_predict(
        _classifier(), features, truth, cv=folds, method="decision_function"
    )
    scores = _for_each_value(left_out.T).T  # of two values it comes as one line
    classifier = _classifier().fit(features, truth)
    slopes, offsets = _curves(scores, truth=truth, names=classifier.classes_)
    names = [str(name) for name in classifier.classes_]
    probabilities = curved(scores, slopes=slopes, offsets=offsets).tolist()
    found = thresholds(Measured(names, probabilities, truth.tolist()))
    model = TextModel(
        names=names,
        weights=weights,
        coefficients=_for_each_value(classifier.coef_),
        intercepts=_for_each_value(classifier.intercept_[:, np.newaxis])[:, 0],
        slopes=slopes,
        offsets=offsets,
    )
    return model, {name: least for name, least in found.items() if name != REST}


def _classifier() -> LinearSVC:
    return LinearSVC(C=FIRMNESS, max_iter=5000, random_state=SEED)


def _for_each_value(given: np.ndarray) -> np.ndarray:
    """Rows by value: of two the package gives the second one's, the first is its opposite."""
    rows = np.atleast_2d(given)
    return np.concatenate([-rows, rows]) if len(rows) == 1 else rows


def _curves(
    scores: np.ndarray, *, truth: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """For each value how its score becomes a probability (Platt's sigmoid)."""
    fits = [
        LogisticRegression(C=1e3).fit(scores[:, [place]], truth == name)
        for place, name in enumerate(names)
    ]
    return (
        np.array([each.coef_[0, 0] for each in fits]),
        np.array([each.intercept_[0] for each in fits]),
    )
