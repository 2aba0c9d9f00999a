"""A fitted model as arrays, and the arrays as bytes; nothing that could be run when it is read."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from tickets.suggestions.features import Weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Halves are a tenth of a per cent apart; a model is half as large, and decides alike.
STORED = np.float16


@dataclass(frozen=True, kw_only=True)
class TextModel:
    """A linear score for each value, and a curve that turns each score to a probability."""

    names: Sequence[str]
    weights: Weights
    coefficients: np.ndarray
    intercepts: np.ndarray
    slopes: np.ndarray
    offsets: np.ndarray

    def probabilities(self, texts: Sequence[str]) -> list[list[float]]:
        """For each text the probability of each value, in the order of `names`."""
        return self.probabilities_of(self.weights.of(texts))

    def probabilities_of(self, features: Any) -> list[list[float]]:
        scores = features @ self.coefficients.T + self.intercepts
        shares: list[list[float]] = curved(
            scores, slopes=self.slopes, offsets=self.offsets
        ).tolist()
        return shares

    def named(
        self, texts: Sequence[str], *, above: Mapping[str, float]
    ) -> list[tuple[str, float] | None]:
        """For each text its most probable value, where that is among these and probable enough."""
        found = []
        for row in self.probabilities(texts):
            place = max(range(len(row)), key=row.__getitem__)
            is_named = row[place] >= above.get(self.names[place], inf)
            found.append((self.names[place], row[place]) if is_named else None)
        return found

    def as_bytes(self) -> bytes:
        """The arrays of this model, compressed."""
        words, letters = self.weights.arrays
        written = BytesIO()
        np.savez_compressed(
            written,
            names=np.array(self.names, dtype=np.str_),
            words=words.astype(STORED),
            letters=letters.astype(STORED),
            coefficients=self.coefficients.astype(STORED),
            intercepts=self.intercepts,
            slopes=self.slopes,
            offsets=self.offsets,
        )
        return written.getvalue()


def model_from(stored: bytes) -> TextModel:
    """The model whose bytes these are. Raises ValueError for what would have to be run."""
    with np.load(BytesIO(stored), allow_pickle=False) as arrays:
        plain = {name: arrays[name].astype(np.float64) for name in arrays.files if name != "names"}
        names = arrays["names"].tolist()
    weights = Weights.from_arrays([plain.pop("words"), plain.pop("letters")])
    return TextModel(names=names, weights=weights, **plain)


def curved(scores: np.ndarray, *, slopes: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Scores as probabilities: each through its value's curve, then together one."""
    each = 1 / (1 + np.exp(-(scores * slopes + offsets)))
    shares: np.ndarray = each / each.sum(axis=1, keepdims=True)
    return shares
