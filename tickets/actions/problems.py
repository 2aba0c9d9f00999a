"""Known issues: what is said of one, and which tickets come from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import F

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.actions.inheriting import settle_inheritance
from tickets.actions.labelled import lock_by_id, lock_tickets, refuse_unless_seen
from tickets.models import INHERITED_DIMENSIONS, NOT_YET_KNOWN, Problem, ProblemState, Ticket

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from accounts.models import User
    from tickets.actions.labelled import Seen
    from tickets.models import LabelValue
    from tickets.models.tickets import TicketQuerySet


class ProblemContent(NamedTuple):
    """What is said of a problem; its labels are named as their dimensions."""

    title: str
    error_signature: str = ""
    tracker_key: str = ""
    state: str = ProblemState.OPEN
    root_cause: LabelValue | None = None
    fix_category: LabelValue | None = None
    product_feedback: LabelValue | None = None


class Linked(NamedTuple):
    """A ticket that was linked: the problem it had before, and its version since."""

    ticket_id: int
    before: int | None
    version: int


@transaction.atomic
def add_problem(content: ProblemContent, *, by: User | audit.System) -> Problem:
    """Add a known issue. Raises Refused for one that is known already, or a label of no use."""
    with audit.group("add_problem", by=by):
        _refuse_content(content)
        return Problem.objects.create(**content._asdict())


@transaction.atomic
def change_problem(
    problem: Problem, content: ProblemContent, *, seen: int, by: User, at: datetime
) -> None:
    """Say something else of a problem; its tickets inherit its labels anew.

    Raises Refused when it has changed since the version seen, and as `add_problem` does.
    """
    with audit.group("change_problem", problem, by=by):
        locked = _locked(problem)
        if locked.version != seen:
            raise Refused(
                f"“{locked}” was changed after you opened it. Open it again, then change it."
            )
        _refuse_content(content, before=locked)
        _write(locked, content)
        _settle(lock_by_id(_linked_to(locked)), by=by, at=at)


@transaction.atomic
def link_tickets(
    tickets: Collection[Ticket],
    *,
    problem: Problem,
    by: User | audit.System,
    at: datetime,
    seen: Seen | None = None,
) -> list[Linked]:
    """Say that tickets come from a problem and inherit its labels; how to take that back.

    Raises Refused when one is linked to it already, or is not as it was seen.
    """
    with audit.group("link_tickets", problem, by=by):
        _locked(problem)
        locked = lock_tickets(tickets)
        for ticket in locked:
            if ticket.problem_id == problem.pk:
                raise Refused(f"{ticket.number} is linked to “{problem}” already.")
        refuse_unless_seen(locked, seen)
        _put(locked, problem_id=problem.pk)
        _settle(locked, by=by, at=at)
        versions = dict(_of(locked).values_list("pk", "version"))
    return [Linked(ticket.pk, ticket.problem_id, versions[ticket.pk]) for ticket in locked]


@transaction.atomic
def unlink_tickets(tickets: Collection[Ticket], *, by: User, at: datetime) -> None:
    """Say that tickets come from no known issue, and take back what they inherited.

    Raises Refused when one is linked to none.
    """
    with audit.group("unlink_tickets", by=by):
        locked = lock_tickets(tickets)
        for ticket in locked:
            if ticket.problem_id is None:
                raise Refused(f"{ticket.number} is linked to no problem.")
        _put(locked, problem_id=None)
        _settle(locked, by=by, at=at)


@transaction.atomic
def undo_link(linked: Collection[Linked], *, problem_id: int, by: User, at: datetime) -> None:
    """Put tickets back to the problem, or to none, that they were linked to before.

    Raises Refused when one has changed since.
    """
    with audit.group("undo_link", by=by):
        _lock_all({problem_id, *(one.before for one in linked if one.before)})
        done = {one.ticket_id: one for one in linked}
        locked = lock_by_id(done)
        for ticket in locked:
            if ticket.version != done[ticket.pk].version:
                raise Refused(f"{ticket.number} was changed since.")
        for earlier in {one.before for one in linked}:
            back = [ticket for ticket in locked if done[ticket.pk].before == earlier]
            _put(back, problem_id=earlier)
        _settle(locked, by=by, at=at)


def _locked(problem: Problem) -> Problem:
    """Whoever changes its labels, or what inherits them, waits for the other here."""
    return Problem.objects.select_for_update(no_key=True).get(pk=problem.pk)


def _lock_all(ids: Iterable[int]) -> None:
    list(Problem.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True))


def _linked_to(problem: Problem) -> list[int]:
    return list(problem.tickets.values_list("pk", flat=True))


def _put(tickets: Iterable[Ticket], *, problem_id: int | None) -> None:
    _of(tickets).update(problem=problem_id, version=F("version") + 1)


def _of(tickets: Iterable[Ticket]) -> TicketQuerySet:
    return Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])


def _settle(tickets: Iterable[Ticket], *, by: User | audit.System, at: datetime) -> None:
    settle_inheritance([ticket.pk for ticket in tickets], by=by, at=at)


def _write(problem: Problem, content: ProblemContent) -> None:
    columns: dict[str, Any] = content._asdict()
    for name, value in columns.items():
        setattr(problem, name, value)
    problem.version += 1
    problem.save(update_fields=[*columns, "version"])


def _refuse_content(content: ProblemContent, *, before: Problem | None = None) -> None:
    for dimension in INHERITED_DIMENSIONS:
        value = getattr(content, dimension)
        # what it said before may have gone out of use since, and can stay
        if value is not None and (before is None or value.pk != getattr(before, f"{dimension}_id")):
            _refuse_value(value, dimension=dimension)
    if not content.error_signature:
        return
    same = Problem.objects.filter(error_signature=content.error_signature).first()
    if same not in {None, before}:
        raise Refused(f"This is the signature of “{same}” already.", field="error_signature")


def _refuse_value(value: LabelValue, *, dimension: str) -> None:
    if value.dimension != dimension:
        raise Refused(f"“{value}” is an answer to something else.", field=dimension)
    if not value.is_active:
        raise Refused(f"“{value}” is out of use. Choose another value.", field=dimension)
    if value.slug == NOT_YET_KNOWN:
        raise Refused(
            f"“{value}” asks a person to look again. Leave it empty instead.", field=dimension
        )
