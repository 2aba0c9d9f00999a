"""What can be done to many renewals at once: the calls, with their next step, and snoozing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms

from accounts.actions import renewals as actions
from accounts.forms.days import DayField
from accounts.models import Call, Renewal, RenewalDecision
from insights.actions.queue import refresh_queue
from insights.lists.conflicts import who_was_faster
from insights.queries.queue import QueueRow
from supportsuccess.lists.bulk import Asked, BulkAction, BulkForm, Change, Edit
from supportsuccess.lists.query import key_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from accounts.models import User

    type Seen = Mapping[int, str]
    type Changes = Mapping[int, Change]


class CallForm(BulkForm):
    next_step = forms.CharField(
        max_length=300, required=False, widget=forms.TextInput(attrs={"autofocus": True})
    )
    next_step_on = DayField(label="By", required=False)


class StepForm(CallForm):
    def prepare(self) -> None:
        for field in self.fields.values():
            field.required = True


class AnyCallForm(CallForm):
    """Any call; what needs a next step says so when it has none."""

    field_order = ("call", "next_step", "next_step_on")
    call = forms.TypedChoiceField(
        choices=Call.choices, coerce=Call, widget=forms.Select(attrs={"autofocus": True})
    )

    def prepare(self) -> None:
        del self.fields["next_step"].widget.attrs["autofocus"]


class SnoozeForm(BulkForm):
    until = DayField(widget=forms.TextInput(attrs={"autofocus": True}))


def decide(seen: Seen, asked: Asked, *, call: Call) -> dict[int, Change]:
    """Call these renewals; what each decision replaced. Raises Refused."""
    by, at, said = asked
    decisions = actions.decide_renewals(_versions(seen, by=by), call=call, by=by, at=at, **said)
    _refresh([one.renewal_id for one in decisions], at=at)
    return {one.renewal_id: Change(one.replaced, {"decision": one.pk}) for one in decisions}


def decide_as_said(seen: Seen, asked: Asked) -> dict[int, Change]:
    """Call these renewals what was said. Raises Refused."""
    said = dict(asked.said)
    return decide(seen, asked._replace(said=said), call=said.pop("call"))


def undo_decisions(changes: Changes, asked: Asked) -> Collection[int]:
    """Put back what the decisions replaced. Raises Refused when a renewal has changed since."""
    ids = [change.after["decision"] for change in changes.values()]
    decisions = list(RenewalDecision.objects.visible_to(asked.by).filter(pk__in=ids).order_by("pk"))
    actions.undo_decisions(decisions, by=asked.by, at=asked.at)
    back = {one.renewal_id for one in decisions}
    _refresh(back, at=asked.at)
    return back


def snooze(seen: Seen, asked: Asked) -> dict[int, Change]:
    """Take these renewals off the queue until a day. Raises Refused."""
    by, at, said = asked
    before = actions.snooze_renewals(_versions(seen, by=by), until=said["until"], by=by, at=at)
    _refresh([renewal.pk for renewal in before], at=at)
    return {
        renewal.pk: Change(
            {"snoozed_until": _iso(renewal.snoozed_until)}, {"version": renewal.version + 1}
        )
        for renewal in before
    }


def undo_snooze(changes: Changes, asked: Asked) -> Collection[int]:
    """Snooze them as they were before. Raises Refused when a renewal has changed since."""
    for until in {change.before["snoozed_until"] for change in changes.values()}:
        alike = {
            pk: change.after["version"]
            for pk, change in changes.items()
            if change.before["snoozed_until"] == until
        }
        actions.put_snooze_back(alike, until=until, by=asked.by)
    _refresh(changes, at=asked.at)
    return changes.keys()


def _versions(seen: Seen, *, by: User) -> dict[int, int]:
    """What was seen of the renewals that this person may see."""
    ids = Renewal.objects.visible_to(by).filter(pk__in=seen).values_list("pk", flat=True)
    versions = {pk: key_in(seen[pk]) for pk in ids}
    return {pk: version for pk, version in versions.items() if version is not None}


def _refresh(ids: Collection[int] | Changes, *, at: datetime) -> None:
    customers = Renewal.objects.filter(pk__in=ids).values_list("customer", flat=True)
    refresh_queue(set(customers), at=at)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _call(call: Call, *, name: str, key: str, form: type[BulkForm]) -> BulkAction:
    return BulkAction(
        name=name,
        label=call.label,
        key=key,
        permission="accounts.decide_renewal",
        form=form,
        apply=partial(decide, call=call),
        undo=undo_decisions,
    )


RENEWALS_IN_BULK = (
    _call(Call.ON_TRACK, name="on-track", key="1", form=CallForm),
    _call(Call.MONITOR, name="monitor", key="2", form=StepForm),
    _call(Call.AT_RISK, name="at-risk", key="3", form=StepForm),
    BulkAction(
        name="snooze",
        label="Snooze",
        key="s",
        permission="accounts.decide_renewal",
        form=SnoozeForm,
        apply=snooze,
        undo=undo_snooze,
    ),
)


def _says(row: QueueRow) -> dict[str, Any]:
    """The step that stands, under the call that was made of the renewal."""
    call = next((call for call, state in actions.STATE_OF_CALL.items() if state == row.state), None)
    return {"call": call, "next_step": row.next_step, "next_step_on": row.next_step_on}


def _who(pk: int, user: User, now: datetime) -> str:
    renewal = Renewal.objects.visible_to(user).get(pk=pk)
    return who_was_faster(renewal, user=user, now=now)


CALL_EDIT = Edit[QueueRow](
    action=BulkAction(
        name="call",
        label="Call",
        permission="accounts.decide_renewal",
        form=AnyCallForm,
        apply=decide_as_said,
        undo=undo_decisions,
    ),
    says=_says,
    who=_who,
)
