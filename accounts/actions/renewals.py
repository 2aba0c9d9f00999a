from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from accounts.actions.customers import mark_changed
from accounts.actions.next_steps import refuse_unlikely_day
from accounts.models import (
    OPEN_RENEWAL_STATES,
    Call,
    Renewal,
    RenewalDecision,
    RenewalState,
)
from supportsuccess import audit
from supportsuccess.errors import Refused
from supportsuccess.lists.cells import day_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date, datetime

    from accounts.models import User

STATE_OF_CALL = {
    Call.ON_TRACK: RenewalState.COMMITTED,
    Call.MONITOR: RenewalState.IN_REVIEW,
    Call.AT_RISK: RenewalState.AT_RISK,
}
# from so many days before the decision point on, "let us see" is no decision
NO_MONITOR_WITHIN = timedelta(days=90)
CHANGED_BY_DECISION = ("state", "next_step", "next_step_on", "snoozed_until")


class ChangedMeanwhile(Refused):
    """The renewal is no longer as it was seen."""


@transaction.atomic
def decide_renewals(
    seen: Mapping[int, int],
    *,
    call: Call,
    next_step: str = "",
    next_step_on: date | None = None,
    by: User,
    at: datetime,
) -> list[RenewalDecision]:
    """Call renewals, given as id and the version that was seen, and note the next step.

    Raises Refused when one is closed or has changed since, when monitoring comes too late, and
    for a call that needs a next step without one.
    """
    with audit.group("decide_renewals", _only(seen), by=by):
        _refuse_unfinished_step(next_step, next_step_on, at=at)
        if call != Call.ON_TRACK and not next_step:
            raise Refused(f"{call.label} needs a next step with its date.", field="next_step")
        renewals = _lock(seen)
        for renewal in renewals:
            refuse_late_monitor(renewal, call=call, day=at.date())
        decisions = RenewalDecision.objects.bulk_create(
            RenewalDecision(
                renewal=renewal,
                call=call,
                next_step=next_step,
                next_step_on=next_step_on,
                by=by,
                replaced=_replaced(renewal),
                occurred_at=at,
                recorded_at=at,
            )
            for renewal in renewals
        )
        _update(
            renewals,
            state=STATE_OF_CALL[call],
            next_step=next_step,
            next_step_on=next_step_on,
            snoozed_until=None,
        )
    return decisions


def undo_decision(decision: RenewalDecision, *, by: User, at: datetime) -> RenewalDecision:
    """Put back what the decision replaced. Raises Refused when the renewal has changed since."""
    return undo_decisions([decision], by=by, at=at)[0]


@transaction.atomic
def undo_decisions(
    decisions: Collection[RenewalDecision], *, by: User, at: datetime
) -> list[RenewalDecision]:
    """Put back what decisions replaced, all or none. Raises Refused when one has changed since."""
    with audit.group("undo_decision", _only({one.renewal_id: 0 for one in decisions}), by=by):
        _refuse_taken_back(decisions)
        seen = {one.renewal_id: one.replaced["version"] for one in decisions}
        renewals = {renewal.pk: renewal for renewal in _lock(seen)}
        taken_back = RenewalDecision.objects.bulk_create(
            RenewalDecision(
                renewal_id=one.renewal_id,
                call=one.call,
                by=by,
                undoes=one,
                occurred_at=at,
                recorded_at=at,
            )
            for one in decisions
        )
        for replaced, ids in _alike(decisions):
            _update([renewals[pk] for pk in ids], **replaced)
    return taken_back


@transaction.atomic
def set_next_step(
    renewal: Renewal,
    *,
    version: int,
    next_step: str,
    next_step_on: date | None,
    by: User,
    at: datetime,
) -> None:
    """Note what happens next and when. Raises Refused without both, or when it has changed."""
    with audit.group("set_next_step", renewal, by=by):
        _refuse_unfinished_step(next_step, next_step_on, at=at)
        if not next_step:
            raise Refused("Say what the next step is.", field="next_step")
        _update(_lock({renewal.pk: version}), next_step=next_step, next_step_on=next_step_on)


def snooze_renewal(
    renewal: Renewal, *, version: int, until: date | None, by: User, at: datetime
) -> None:
    """Take it off the queue until a day before its decision point. Raises Refused otherwise."""
    snooze_renewals({renewal.pk: version}, until=until, by=by, at=at)


@transaction.atomic
def snooze_renewals(
    seen: Mapping[int, int], *, until: date | None, by: User, at: datetime
) -> list[Renewal]:
    """Take them off the queue until a day; as they were. Raises Refused when one may not be."""
    with audit.group("snooze_renewal", _only(seen), by=by):
        renewals = _lock(seen)
        for renewal in renewals:
            _refuse_unfit_day(until, renewal, at=at)
        _update(renewals, snoozed_until=until)
    return renewals


def wake_renewal(renewal: Renewal, *, version: int, by: User) -> None:
    """Put a snoozed renewal back on the queue. Raises Refused when it has changed."""
    put_snooze_back({renewal.pk: version}, until=None, by=by)


@transaction.atomic
def put_snooze_back(seen: Mapping[int, int], *, until: date | None, by: User) -> None:
    """Snooze renewals as they were before, or not at all. Raises Refused when one has changed."""
    with audit.group("wake_renewal", _only(seen), by=by):
        _update(_lock(seen), snoozed_until=until)


def refuse_late_monitor(renewal: Renewal, *, call: Call, day: date) -> None:
    """Refuse a call that is none so near to the decision. Raises Refused."""
    if call == Call.MONITOR and renewal.decision_point_on - day < NO_MONITOR_WITHIN:
        raise Refused(
            f"{renewal.customer} decides on {day_text(renewal.decision_point_on)}: within"
            f" {NO_MONITOR_WITHIN.days} days it is on track or at risk.",
            field="call",
        )


def _refuse_unfit_day(until: date | None, renewal: Renewal, *, at: datetime) -> None:
    if until is None or until <= at.date():
        raise Refused("Snooze until a day that is still to come.", field="until")
    decided_on = renewal.decision_point_on
    if until > max(decided_on, at.date() + timedelta(days=7)):
        raise Refused(
            f"It is decided on {day_text(decided_on)}: snooze to a day before.", field="until"
        )


def _lock(seen: Mapping[int, int]) -> list[Renewal]:
    """The renewals, locked in one order. Raises Refused for one that is not as it was seen."""
    renewals = list(
        Renewal.objects.filter(pk__in=seen)
        .select_related("customer")
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
    for renewal in renewals:
        if renewal.state not in OPEN_RENEWAL_STATES:
            raise Refused(f"{renewal.customer}: this renewal is closed.")
        if renewal.version != seen[renewal.pk]:
            raise ChangedMeanwhile(
                f"{renewal.customer}: somebody changed it meanwhile. Look again."
            )
    return renewals


def _update(renewals: Collection[Renewal], **changes: Any) -> None:
    ids = [renewal.pk for renewal in renewals]
    Renewal.objects.filter(pk__in=ids).update(**changes, version=F("version") + 1)
    mark_changed({renewal.customer_id for renewal in renewals})


def _replaced(renewal: Renewal) -> dict[str, Any]:
    """What a decision changes, as it was, and the version that it makes."""
    before = {name: getattr(renewal, name) for name in CHANGED_BY_DECISION}
    days = {
        name: day.isoformat()
        for name, day in before.items()
        if name.endswith(("_on", "_until")) and day
    }
    return before | days | {"version": renewal.version + 1}


def _refuse_taken_back(decisions: Collection[RenewalDecision]) -> None:
    is_undone = RenewalDecision.objects.filter(undoes__in=[one.pk for one in decisions]).exists()
    if is_undone or any(one.undoes_id for one in decisions):
        raise Refused("This decision was already taken back.")


def _alike(decisions: Iterable[RenewalDecision]) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """What to put back, each with the renewals that it belongs to: one statement for all alike."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for one in decisions:
        replaced = tuple(one.replaced[name] for name in CHANGED_BY_DECISION)
        groups.setdefault(replaced, []).append(one.renewal_id)
    for replaced, ids in groups.items():
        yield dict(zip(CHANGED_BY_DECISION, replaced, strict=True)), ids


def _refuse_unfinished_step(next_step: str, next_step_on: date | None, *, at: datetime) -> None:
    if next_step and next_step_on is None:
        raise Refused("Say by when the next step is done.", field="next_step_on")
    if next_step_on is not None and not next_step:
        raise Refused("Say what is done by that day.", field="next_step")
    if next_step_on is not None:
        refuse_unlikely_day(next_step_on, at=at, field="next_step_on")


def _only(seen: Mapping[int, int]) -> Renewal | None:
    """The one thing that an action over a set of one is about."""
    return Renewal(pk=next(iter(seen))) if len(seen) == 1 else None
