"""The figures of the quality page with the rows behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from tickets.lists.label_coverage import EVERY_ORIGIN
from tickets.lists.label_pairs import pairs_url
from tickets.queries.label_quality import (
    agreement_by_dimension,
    label_tax,
    taxed_period,
    usual_by_origin,
)
from tickets.queries.taxonomy import counted_period

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from accounts.models import User
    from tickets.queries.label_quality import Agreed, Tax, Usual


class UsualLine(NamedTuple):
    """One origin: its answered tickets, and those that say nothing unusual."""

    label: str
    figures: Usual
    tickets_url: str
    usual_url: str


class AgreedLine(NamedTuple):
    """One dimension: its pairs, and how far they agree."""

    label: str
    agreed: Agreed
    pairs_url: str
    alike_url: str


class TaxLine(NamedTuple):
    """One team: the tickets that its people labelled, and the hours that took."""

    tax: Tax
    tickets_url: str


def usual_lines(user: User, *, at: datetime) -> Iterator[UsualLine]:
    for figures in usual_by_origin(user, at=at):
        asked = {
            "opened": str(counted_period(at)),
            "learning": "answered",
            "answered_by": figures.origin.value,
        }
        label = EVERY_ORIGIN[figures.origin]
        yield UsualLine(label, figures, _tickets(asked), _tickets(asked | {"unusual": "no"}))


def agreed_lines(user: User, *, at: datetime) -> Iterator[AgreedLine]:
    for agreed in agreement_by_dimension(user, at=at):
        name = agreed.dimension
        yield AgreedLine(name.label, agreed, pairs_url(name), pairs_url(name, alike="yes"))


def tax_lines(user: User, *, at: datetime) -> Iterator[TaxLine]:
    for tax in label_tax(user, at=at):
        asked = {"labelled": str(taxed_period(at)), "team": str(tax.team_id)}
        yield TaxLine(tax, _tickets(asked))


def _tickets(asked: dict[str, str]) -> str:
    return f"{reverse('tickets:tickets')}?{urlencode(asked)}"
