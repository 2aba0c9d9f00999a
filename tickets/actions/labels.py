"""Every answer that a person gives, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from operator import attrgetter
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.label_restoring import restored
from tickets.actions.labelled import (
    lock_by_id,
    lock_tickets,
    mark_customers,
    refuse_unless_seen,
)
from tickets.models import (
    NOT_YET_KNOWN,
    Dimension,
    Labeling,
    LabelValue,
    Learning,
    Origin,
    TaxonomyVersion,
    Ticket,
)
from tickets.queries.learning import (
    count_answered,
    missing_dimensions,
    missing_words,
    most_by_hand,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from accounts.models import User
    from tickets.actions.labelled import Seen
    from tickets.models import Suggestion

UNDO_WITHIN = timedelta(hours=24)
REVISIT_AFTER = timedelta(days=14)
DAYS_TO_LEARN = 2

type Answers = Mapping[Dimension, LabelValue]
# by ticket and dimension, what was last said: an answer, or that it was taken back
type Said = dict[tuple[int, str], Labeling]
# by ticket and dimension, where the answer that stands came from
type Answered = dict[tuple[int, str], Origin]


@dataclass(frozen=True)
class Undone:
    """What an undo took back, and what it left because somebody answered again since."""

    tickets: list[Ticket]
    kept: list[Ticket]


@transaction.atomic
def answer_dimensions(
    ticket: Ticket, *, answers: Answers, by: User, at: datetime, seen: int | None = None
) -> int:
    """Answer a ticket's dimensions; the audit group to undo it by.

    `seen` is the newest labeling the person knew of (0: none); none given, none is checked.
    Raises Refused when dimensions stay without answer, naming them; for a value of another
    dimension or out of use; for an exempt ticket; and when somebody answered since.
    """
    with audit.group("answer_dimensions", ticket, by=by) as group_id:
        locked = lock_tickets([ticket])
        said = _said(locked)
        _refuse_unless_newest(locked[0], seen, said=said)
        _answer(locked, answers=answers, said=said, by=by, at=at, group_id=group_id)
    return group_id


@transaction.atomic
def accept_suggestions(
    ticket: Ticket,
    *,
    suggestions: Collection[Suggestion],
    answers: Answers,
    by: User,
    at: datetime,
    seen: int | None = None,
) -> int:
    """Answer with what was suggested, and what a person chose beside it; the group to undo it by.

    What has no answer then stays due. Raises Refused as `answer_dimensions` does, but for that.
    """
    with audit.group("accept_suggestions", ticket, by=by) as group_id:
        locked = lock_tickets([ticket])
        said = _said(locked)
        _refuse_unless_newest(locked[0], seen, said=said)
        _refuse_closed(locked[0])
        given = {Dimension(each.dimension): each.value for each in suggestions} | dict(answers)
        sure = {each.dimension: each.probability for each in suggestions}
        sure = {dimension: sure[dimension] for dimension in sure.keys() - answers.keys()}
        _record(locked, answers=given, said=said, by=by, at=at, group_id=group_id, sure=sure)
    return group_id


@transaction.atomic
def answer_tickets(tickets: Collection[Ticket], *, answers: Answers, by: User, at: datetime) -> int:
    """Answer alike tickets alike, all or none; the audit group to undo it by. Raises Refused."""
    with audit.group("answer_tickets", by=by) as group_id:
        locked = lock_tickets(tickets)
        _answer(locked, answers=answers, said=_said(locked), by=by, at=at, group_id=group_id)
    return group_id


@transaction.atomic
def answer_alike(
    ticket: Ticket,
    *,
    alike: Collection[Ticket],
    answers: Answers,
    by: User,
    at: datetime,
    seen: int | None = None,
    alike_seen: Seen | None = None,
) -> int:
    """Answer a ticket and others like it alike, all or none; the group to undo it by.

    Raises Refused as `answer_dimensions` does, and when one of the others is not as it was seen.
    """
    with audit.group("answer_alike", ticket, by=by) as group_id:
        locked = lock_tickets([ticket, *alike])
        said = _said(locked)
        mine = {place: row for place, row in said.items() if place[0] == ticket.pk}
        _refuse_unless_newest(ticket, seen, said=mine)
        refuse_unless_seen([each for each in locked if each != ticket], alike_seen)
        _answer(locked, answers=answers, said=said, by=by, at=at, group_id=group_id)
    return group_id


@transaction.atomic
def answer_nothing_unusual(
    ticket: Ticket, *, by: User, at: datetime, seen: int | None = None
) -> int:
    """Say "nothing unusual" of all that has no answer yet; the audit group to undo it by.

    Raises Refused when nothing is left to answer, and as `answer_dimensions` does.
    """
    with audit.group("answer_nothing_unusual", ticket, by=by) as group_id:
        locked = lock_tickets([ticket])
        _refuse_unless_newest(locked[0], seen, said=_said(locked))
        answer_rest_as_usual([ticket], by=by, at=at)
    return group_id


@transaction.atomic
def answer_rest_as_usual(
    tickets: Collection[Ticket], *, by: User, at: datetime, seen: Seen | None = None
) -> int:
    """Say "nothing unusual" of all that has no answer yet, all or none; the group to undo it by.

    Raises Refused when one of them has every answer, can't be answered, or is not as it was seen.
    """
    with audit.group("answer_nothing_unusual", by=by) as group_id:
        locked = lock_tickets(tickets)
        said = _said(locked)
        usual = {value.dimension: value for value in LabelValue.objects.nothing_unusual()}
        groups = _by_missing(locked, said=said)
        refuse_unless_seen(locked, seen)
        for missing, alike in groups.items():
            answers = {Dimension(name): usual[name] for name in missing if name in usual}
            _answer(alike, answers=answers, said=said, by=by, at=at, group_id=group_id)
    return group_id


@transaction.atomic
def undo_answers(
    group_id: int, *, by: User, at: datetime, only: Collection[int] | None = None
) -> Undone:
    """Put back the answers that stood before an action; a ticket answered since keeps its own.

    With `only` those of some of its tickets.

    Raises Refused after 24 hours, and when every ticket was answered again since.
    """
    with audit.group("undo_answers", by=by, reason=f"Undoes {group_id}") as undo_id:
        given = list(Labeling.objects.given_in(group_id, to=only).order_by("pk"))
        if not given:
            raise Refused("Nothing was changed there, so nothing is to be undone.")
        if given[0].recorded_at < at - UNDO_WITHIN:
            raise Refused("This can't be undone any more. Answer the ticket again instead.")
        locked = lock_by_id({labeling.ticket_id for labeling in given})
        undone = _split_by_newest(locked, newest={row.ticket_id: row.pk for row in given})
        back = {ticket.pk for ticket in undone.tickets}
        taken = [labeling for labeling in given if labeling.ticket_id in back]
        Labeling.objects.bulk_create(restored(taken, by=by, at=at, group_id=undo_id))
        _write_learning(undone.tickets, answered=_answered(_said(undone.tickets)))
    return undone


def _answer(
    tickets: Sequence[Ticket],
    *,
    answers: Answers,
    said: Said,
    by: User,
    at: datetime,
    group_id: int,
) -> None:
    answered = _answered(said).keys() | _given(tickets, answers).keys()
    for ticket in tickets:
        _refuse_closed(ticket)
        if missing := missing_dimensions(_of(ticket, answered)):
            raise Refused(missing_words(missing), field=missing[0])
    _record(tickets, answers=answers, said=said, by=by, at=at, group_id=group_id, sure={})


def _record(
    tickets: Sequence[Ticket],
    *,
    answers: Answers,
    said: Said,
    by: User,
    at: datetime,
    group_id: int,
    sure: Mapping[str, Decimal],
) -> None:
    """Write answers, and say which were suggested: those that a model was so sure of."""
    _refuse_wrong_values(answers)
    given = _given(tickets, answers)
    fresh = {place: value for place, value in given.items() if _differs(said.get(place), value)}
    version = TaxonomyVersion.objects.latest("number")
    Labeling.objects.bulk_create(
        Labeling(
            ticket_id=ticket_id,
            dimension=dimension,
            value=value,
            by=by,
            origin=_origin(dimension, sure=sure),
            confidence=sure.get(dimension),
            taxonomy_version=version,
            revisit_on=_revisit_on(value, at=at),
            audit_group=group_id,
            occurred_at=at,
            recorded_at=at,
        )
        for (ticket_id, dimension), value in fresh.items()
    )
    origins = {place: _origin(place[1], sure=sure) for place in fresh}
    _write_learning(tickets, answered=_answered(said) | origins)


def _origin(dimension: str, *, sure: Mapping[str, Decimal]) -> Origin:
    return Origin.ACCEPTED_SUGGESTION if dimension in sure else Origin.PERSON


def _given(tickets: Iterable[Ticket], answers: Answers) -> dict[tuple[int, Dimension], LabelValue]:
    return {
        (ticket.pk, dimension): value for ticket in tickets for dimension, value in answers.items()
    }


def _differs(labeling: Labeling | None, value: LabelValue) -> bool:
    """Whether an answer is new; what a rule or a file said already keeps its origin."""
    return labeling is None or labeling.value_id != value.pk


def _revisit_on(value: LabelValue, *, at: datetime) -> date | None:
    return (at + REVISIT_AFTER).date() if value.slug == NOT_YET_KNOWN else None


def _said(tickets: Iterable[Ticket]) -> Said:
    """Asked once an action, of tickets that it has locked."""
    ids = [ticket.pk for ticket in tickets]
    newest = Labeling.objects.filter(ticket__in=ids).newest().select_related("by")
    return {(labeling.ticket_id, labeling.dimension): labeling for labeling in newest}


def _answered(said: Said) -> Answered:
    answers = ((place, row) for place, row in said.items() if row.value_id is not None)
    return {place: Origin(labeling.origin) for place, labeling in answers}


def _by_missing(
    tickets: Sequence[Ticket], *, said: Said
) -> dict[tuple[Dimension, ...], list[Ticket]]:
    """Tickets by the dimensions without answer. Raises Refused where there is none."""
    answered = _answered(said)
    groups: dict[tuple[Dimension, ...], list[Ticket]] = {}
    for ticket in tickets:
        missing = missing_dimensions(_of(ticket, answered))
        if not missing:
            raise Refused(f"{ticket.number} is answered already.")
        groups.setdefault(missing, []).append(ticket)
    return groups


def _refuse_wrong_values(answers: Answers) -> None:
    for dimension, value in answers.items():
        if value.dimension != dimension:
            raise Refused(f"“{value}” does not answer {dimension.label}.", field=dimension)
        if not value.is_active or value.is_area:
            raise Refused(f"“{value}” is out of use. Choose another value.", field=dimension)


def _refuse_closed(ticket: Ticket) -> None:
    if ticket.retired_at is not None:
        raise Refused(f"{ticket.number} was withdrawn with its import.")
    if ticket.learning == Learning.EXEMPT:
        reason = ticket.get_exempt_reason_display().lower()
        raise Refused(f"{ticket.number} is exempt ({reason}). Ask for its labels first.")


def _of(ticket: Ticket, answered: Collection[tuple[int, str]]) -> set[str]:
    """The dimensions of one ticket."""
    return {dimension for pk, dimension in answered if pk == ticket.pk}


def _refuse_unless_newest(ticket: Ticket, seen: int | None, *, said: Said) -> None:
    if seen is None:
        return
    newest = max(said.values(), key=attrgetter("pk"), default=None)
    if newest is not None and newest.pk != seen:
        who = newest.by or newest.get_origin_display()
        raise Refused(
            f"{who} answered {ticket.number} after you opened it. "
            "Their answers are shown; save again if yours should stand."
        )


def _split_by_newest(tickets: Iterable[Ticket], *, newest: Mapping[int, int]) -> Undone:
    """Tickets whose newest labeling is still the given one, apart from the others."""
    found = dict(
        Labeling.objects.filter(ticket__in=newest).values_list("ticket").annotate(Max("pk"))
    )
    undone = Undone(tickets=[], kept=[])
    for ticket in tickets:
        is_newest = found[ticket.pk] == newest[ticket.pk]
        (undone.tickets if is_newest else undone.kept).append(ticket)
    if not undone.tickets:
        raise Refused("Somebody answered again since. Answer the ticket again instead.")
    return undone


def _write_learning(tickets: Sequence[Ticket], *, answered: Answered) -> None:
    """Say on the tickets what their answers amount to."""
    alike: dict[tuple[int, str], list[int]] = {}
    for ticket in tickets:
        origins = {dimension: answered[ticket.pk, dimension] for dimension in _of(ticket, answered)}
        amount = (count_answered(origins), most_by_hand(origins))
        alike.setdefault(amount, []).append(ticket.pk)
    for (count, origin), ids in alike.items():
        is_complete = count == count_answered(Dimension.values)
        Ticket.objects.filter(pk__in=ids).update(
            learning=Learning.ANSWERED if is_complete else Learning.DUE,
            labels_answered=count,
            answered_by=origin,
            version=F("version") + 1,
        )
    mark_customers(tickets)
