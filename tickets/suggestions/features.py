"""Texts as weighted counts of their words and of runs of their letters, under hashed names.

Hashed, because a model is kept for long: no customer's words can be read out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.pipeline import FeatureUnion, make_pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

WORD_FEATURES = 2**15
LETTER_FEATURES = 2**16


class Weights:
    """Turns texts into rows of features; what is rare in the texts it was fitted to weighs more."""

    def __init__(self) -> None:
        self._rarity = [TfidfTransformer(sublinear_tf=True), TfidfTransformer(sublinear_tf=True)]
        counts = [
            _counts(analyzer="word", ngram_range=(1, 2), n_features=WORD_FEATURES),
            _counts(analyzer="char_wb", ngram_range=(3, 5), n_features=LETTER_FEATURES),
        ]
        steps = zip(("words", "letters"), counts, self._rarity, strict=True)
        self._union = FeatureUnion([(name, make_pipeline(*each)) for name, *each in steps])

    def fit(self, texts: Sequence[str]) -> Any:
        """Learn what is rare in these texts; their rows of features."""
        return self._union.fit_transform(texts)

    def of(self, texts: Sequence[str]) -> Any:
        return self._union.transform(texts)

    @property
    def arrays(self) -> list[np.ndarray]:
        """What was learned."""
        return [each.idf_ for each in self._rarity]

    @classmethod
    def from_arrays(cls, arrays: Sequence[np.ndarray]) -> Weights:
        weights = cls()
        for transformer, array in zip(weights._rarity, arrays, strict=True):
            transformer.idf_ = array
        return weights


def _counts(**options: Any) -> HashingVectorizer:
    return HashingVectorizer(alternate_sign=False, norm=None, **options)
