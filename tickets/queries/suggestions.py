"""What models learn from, what they are asked, and what is known of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, Left

from tickets.models import (
    ASKED_DIMENSIONS,
    Labeling,
    LabelValue,
    Message,
    MessageDirection,
    Origin,
    SuggestionModel,
    Ticket,
)
from tickets.queries.label_meaning import meant
from tickets.suggestions.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import Expression

    from accounts.models import User
    from tickets.models.labels import LabelingQuerySet

# Not what a rule or a model said: neither may learn from itself.
LEARNT_FROM = (Origin.PERSON, Origin.IMPORTED)
# More of a text, and more texts, cost time and told no more on the open sets.
CHARACTERS = 1000
MOST_LABELS = 10_000
MOST_READ = 4 * MOST_LABELS
NO_WORDS = "\n"


class LabelledText(NamedTuple):
    """What a customer wrote, and the id of the value that it was answered with."""

    text: str
    value: str


class DueText(NamedTuple):
    """What a customer wrote on a ticket that nobody has answered yet."""

    ticket_id: int
    text: str


class Known(NamedTuple):
    """What the page of models is made of."""

    models: list[SuggestionModel]
    names: dict[int, str]
    counts: dict[str, dict[int, int]]


def labelled_texts(dimension: str) -> dict[str, list[LabelledText]]:
    """By language the newest answers of a dimension that stand, the oldest first."""
    rows = (
        _learnt_from([dimension])
        .filter(ticket__retired_at=None)
        .annotate(text=_text_of("ticket"), meant=meant())
        .exclude(text=NO_WORDS)
        .order_by("-occurred_at", "-pk")
        .values_list("text", "meant")
    )
    found: dict[str, list[LabelledText]] = {}
    for text, value in rows[:MOST_READ].iterator():
        of_language = found.setdefault(language_of(text), [])
        if len(of_language) < MOST_LABELS:
            of_language.append(LabelledText(text, str(value)))
    return {language: texts[::-1] for language, texts in found.items()}


def label_counts(dimensions: Collection[str]) -> dict[str, dict[int, int]]:
    """How many labels there are to learn each value of these dimensions from."""
    counted = _learnt_from(dimensions).annotate(meant=meant()).values_list("dimension", "meant")
    counts: dict[str, dict[int, int]] = {}
    for dimension, value, count in counted.annotate(Count("pk")):
        counts.setdefault(dimension, {})[value] = count
    return counts


def due_texts(*, after: int, limit: int, batch_id: int | None) -> list[DueText]:
    """What customers wrote on due tickets, a page of them; of one import or of all."""
    due = Ticket.objects.due().filter(pk__gt=after, retired_at=None)
    if batch_id is not None:
        due = due.filter(batch=batch_id)
    rows = due.annotate(text=_text_of("pk", subject="subject")).order_by("pk")
    return [DueText(*row) for row in rows.values_list("pk", "text")[:limit]]


def models_in_use() -> list[SuggestionModel]:
    """The newest model of each asked dimension and language."""
    return list(SuggestionModel.objects.filter(dimension__in=ASKED_DIMENSIONS).newest())


def known_of_models(*, user: User) -> Known:
    """The newest models, the names of values, and labels where no model stands yet."""
    models = list(SuggestionModel.objects.visible_to(user).for_page())
    waiting = set(ASKED_DIMENSIONS) - {model.dimension for model in models}
    names = LabelValue.objects.visible_to(user).values_list("pk", "name")
    return Known(models, dict(names), label_counts(waiting) if waiting else {})


def _learnt_from(dimensions: Collection[str]) -> LabelingQuerySet:
    in_use = Q(value__is_active=True) | Q(value__merged_into__is_active=True)
    answers = Labeling.objects.filter(dimension__in=dimensions).current()
    return answers.filter(in_use, origin__in=LEARNT_FROM).order_by()


def _text_of(ticket: str, *, subject: str = "ticket__subject") -> Expression:
    first = (
        Message.objects.standing()
        .filter(ticket=OuterRef(ticket), direction=MessageDirection.INBOUND)
        .order_by("occurred_at", "pk")
        .values("body")[:1]
    )
    said = Coalesce(Subquery(first), Value(""), output_field=TextField())
    whole = Concat(F(subject), Value(NO_WORDS), said, output_field=TextField())
    return Left(whole, CHARACTERS)
