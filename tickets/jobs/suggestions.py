"""Suggested labels: models are fitted each week and on demand, due tickets looked at each night.

What fits and reads models is imported inside of what the worker runs: it takes a second or two,
and pages import this module, too.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.utils import timezone

from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from supportsuccess.outbox import jobs, schedules
from supportsuccess.outbox.models import Job, JobState
from tickets.actions.suggestions import (
    Suggested,
    forget_answered,
    replace_suggestions,
    store_model,
)
from tickets.models import ASKED_DIMENSIONS, Dimension
from tickets.queries.label_meaning import values_in_use
from tickets.queries.suggestions import due_texts, labelled_texts, models_in_use
from tickets.suggestions.figures import FEWEST_LABELS
from tickets.suggestions.languages import NAMES, language_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from supportsuccess.people import Actor
    from tickets.models import SuggestionModel
    from tickets.queries.suggestions import DueText, LabelledText

TRAIN = "train_suggestions"
WEEKLY = audit.System("weekly training")
WEEK_SECONDS = 7 * 24 * 3600
AT_ONCE = 500


@schedules.every("weekly_training", seconds=WEEK_SECONDS)
def promise_weekly_training(*, due_at: datetime) -> None:
    """In the night to Saturday (UTC)."""
    key = f"weekly_training {due_at:%Y-%m-%d}"
    outbox.promise("start_weekly_training", key=key, queue=outbox.LONG)


@outbox.handler("start_weekly_training")
def start_weekly_training() -> None:
    with suppress(Refused):  # somebody has just asked for it
        start_training(by=WEEKLY)


@schedules.daily("nightly_suggestions", hour_utc=3)
def promise_nightly_suggestions(*, due_at: datetime) -> None:
    """Tickets that fell due by day, and none that was answered."""
    key = f"nightly_suggestions {due_at:%Y-%m-%d}"
    outbox.promise("suggest_labels", key=key, queue=outbox.LONG, after=0, batch_id=None)


def start_training(*, by: Actor) -> Job:
    """Fit the models of all dimensions, then suggest for all due tickets.

    Raises Refused while they are being fitted.
    """
    if Job.objects.open().filter(kind=TRAIN).exists():
        raise Refused("The models are being fitted already; see Jobs.")
    return jobs.start(
        TRAIN,
        title="Label suggestions: fit the models",
        by=by,
        steps=[{"dimension": dimension.value} for dimension in ASKED_DIMENSIONS],
        total=len(ASKED_DIMENSIONS),
    )


@jobs.step(TRAIN)
def train_dimension(job: Job, *, dimension: str) -> None:
    """Fit a model of each language in which there are enough labels of a value."""
    for language, texts in labelled_texts(dimension).items():
        if _is_enough(texts):
            _train(job, dimension, language=language, texts=texts)
    job.advance(1)


@jobs.ending(TRAIN)
def suggest_after_training(job: Job) -> None:
    if job.state == JobState.DONE:
        outbox.promise("suggest_labels", queue=outbox.LONG, after=0, batch_id=None)


@outbox.handler("suggest_labels")
def suggest_labels(*, after: int, batch_id: int | None) -> None:
    """Suggest for a page of due tickets, of one import or of all, and promise the next page."""
    if after == 0:
        forget_answered()
    due = due_texts(after=after, limit=AT_ONCE, batch_id=batch_id)
    replace_suggestions([each.ticket_id for each in due], suggested=_suggested(due))
    if len(due) == AT_ONCE:
        following = due[-1].ticket_id
        outbox.promise("suggest_labels", queue=outbox.LONG, after=following, batch_id=batch_id)


def _is_enough(texts: Sequence[LabelledText]) -> bool:
    counts: dict[str, int] = {}
    for each in texts:
        counts[each.value] = counts.get(each.value, 0) + 1
    return max(counts.values()) >= FEWEST_LABELS


def _train(job: Job, dimension: str, *, language: str, texts: Sequence[LabelledText]) -> None:
    from tickets.suggestions import fitting  # noqa: PLC0415 - a statistics package, see above

    try:
        fitted = fitting.fit([fitting.Example(*each) for each in texts])
    except Refused as refusal:
        job.set_result({f"{Dimension(dimension).label}, {NAMES[language]}": refusal.message})
        return
    store_model(
        dimension,
        language=language,
        figures=fitted.figures,
        parameters=fitted.model.as_bytes(),
        at=timezone.now(),
    )
    job.add_to_result(models=1, labels=len(texts), values=len(fitted.figures.speaking))


def _suggested(due: Sequence[DueText]) -> list[Suggested]:
    """What the newest models say of these texts, each of those in its language."""
    by_language: dict[str, list[DueText]] = {}
    for each in due:
        by_language.setdefault(language_of(each.text), []).append(each)
    meant = values_in_use() if due else {}  # values may have been merged or retired since
    return [
        suggested._replace(value_id=meant[suggested.value_id])
        for model in (models_in_use() if due else [])
        for suggested in _said_by(model, due=by_language.get(model.language, []))
        if suggested.value_id in meant
    ]


def _said_by(model: SuggestionModel, *, due: Sequence[DueText]) -> Iterator[Suggested]:
    above = model.measured.speaking
    if not due or not above or model.parameters is None:
        return
    from tickets.suggestions import parameters  # noqa: PLC0415 - a statistics package, see above

    read = parameters.model_from(bytes(model.parameters))
    named = read.named([each.text for each in due], above=above)
    for each, said in zip(due, named, strict=True):
        if said is not None:
            value, probability = said
            yield Suggested(each.ticket_id, model.dimension, int(value), probability, model.pk)
