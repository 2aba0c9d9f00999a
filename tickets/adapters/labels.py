"""Answers that were given elsewhere: one row per ticket, a column for each asked dimension.

`ticket`, `source` (whose ticket it is) and `occurred_at` are needed; a dimension's cell holds the
slug of its value, an empty one says nothing.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from supportsuccess.imports.cells import chosen, moment, required
from supportsuccess.imports.formats import Format, Outcome, Section, usable
from tickets.actions.label_recording import Answer, count_known, record_answers, restate_learning
from tickets.adapters.ticket_logs import actor
from tickets.models import ASKED_DIMENSIONS
from tickets.queries.label_meaning import values_by_slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from supportsuccess.imports.models import ImportBatch

DIMENSIONS = tuple(dimension.value for dimension in ASKED_DIMENSIONS)
COLUMNS = ("ticket", "source", "occurred_at", *DIMENSIONS)

# by dimension, the slugs of its values
type Slugs = Mapping[str, Mapping[str, str]]


class LabelFile(Format):
    """Answers for tickets that are here already, recorded as imported."""

    name = "labels"
    label = "Labels of tickets, our own layout"
    required_columns = COLUMNS

    def check(self, section: Section) -> Outcome:
        """Judge the rows; those of tickets that nobody knows are counted apart."""
        outcome = Outcome()
        answers = list(_usable(section, outcome))
        known = count_known(answers)
        outcome.count("answers", known=known, unknown=len(answers) - known)
        return outcome

    def run(self, section: Section) -> Outcome:
        """Record the answers of known tickets."""
        outcome, batch = Outcome(), section.batch
        answers = list(_usable(section, outcome))
        outcome.count("answers", **record_answers(batch, answers=answers, by=actor(batch)))
        return outcome

    def undo(self, batch: ImportBatch) -> None:
        """Say of the tickets again what the answers that are left amount to."""
        restate_learning(batch, by=actor(batch))


def _usable(section: Section, outcome: Outcome) -> Iterator[Answer]:
    for _, answers in usable(section, outcome, read=partial(_read, slugs=_slugs())):
        yield from answers


def _read(row: Mapping[str, str], *, slugs: Slugs) -> list[Answer]:
    ticket, source = required(row, "ticket"), required(row, "source")
    at = moment(row, "occurred_at", parse=datetime.fromisoformat, form="2026-06-01T09:30:00+02:00")
    said = {name: chosen(row, name, among=slugs[name]) for name in DIMENSIONS}
    return [Answer(ticket, source, at, name, slug) for name, slug in said.items() if slug]


def _slugs() -> Slugs:
    slugs: dict[str, dict[str, str]] = {dimension: {"": ""} for dimension in DIMENSIONS}
    for (dimension, slug), value in values_by_slug().items():
        if dimension in slugs:
            slugs[dimension][slug] = value.slug
    return slugs


LABELS = LabelFile()
