"""What a run of the worker stores: models by version, and suggestions for due tickets."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import Max

from tickets.models import Learning, Suggestion, SuggestionModel

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from tickets.suggestions.figures import Figures

# Versions that keep their parameters; of older ones the figures are kept.
KEPT_VERSIONS = 2
PLACES = Decimal("0.001")


class Suggested(NamedTuple):
    """What a model says of one dimension of a ticket."""

    ticket_id: int
    dimension: str
    value_id: int
    probability: float
    model_id: int


@transaction.atomic
def store_model(
    dimension: str, *, language: str, figures: Figures, parameters: bytes, at: datetime
) -> SuggestionModel:
    """Keep a fitted model as the next version of its dimension and language."""
    versions = SuggestionModel.objects.filter(dimension=dimension, language=language)
    newest = versions.aggregate(number=Max("version"))["number"] or 0
    stored = SuggestionModel.objects.create(
        dimension=dimension,
        language=language,
        version=newest + 1,
        trained_at=at,
        label_count=figures.rows,
        held_out_count=figures.held_out,
        figures=figures.as_json(),
        parameters=parameters,
    )
    versions.filter(version__lte=stored.version - KEPT_VERSIONS).update(parameters=None)
    return stored


@transaction.atomic
def replace_suggestions(ticket_ids: Collection[int], *, suggested: Collection[Suggested]) -> None:
    """Forget what was suggested for these tickets and keep what is suggested now."""
    Suggestion.objects.filter(ticket__in=ticket_ids).delete()
    Suggestion.objects.bulk_create(
        Suggestion(**row._asdict() | {"probability": Decimal(row.probability).quantize(PLACES)})
        for row in suggested
    )


def forget_answered() -> None:
    """Forget what was suggested for tickets that nobody is asked about any more."""
    Suggestion.objects.exclude(ticket__learning=Learning.DUE).delete()
