"""What can be done to many customers at once: somebody else answers for them from now on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from accounts.actions.assignments import assign_customers
from accounts.models import Assignment, Cause, Pool, User
from accounts.permissions import roles_that_may
from accounts.queries.latest_changes import latest_change
from insights.actions.queue import refresh_queue
from insights.queries.customers import CustomerRow
from supportsuccess.errors import Refused
from supportsuccess.lists.bulk import Asked, BulkAction, BulkForm, Change, Edit
from supportsuccess.lists.cells import ago_text
from supportsuccess.lists.query import key_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    type Changes = Mapping[int, Change]

OWNER = "owner"


class OwnerForm(BulkForm):
    to = forms.ModelChoiceField(User.objects.none(), label="New owner")
    reason = forms.CharField(max_length=300)

    def prepare(self) -> None:
        """Whoever works with customers and is still here."""
        owners = User.objects.visible_to(self.user).active()
        roles = roles_that_may("accounts.judge_customer")
        choice: Any = self.fields["to"]
        choice.queryset = owners.with_role(*roles).for_choice()


class OwnerCellForm(OwnerForm):
    """As a cell asks it: the reason may stay out."""

    def prepare(self) -> None:
        super().prepare()
        self.fields["to"].widget.attrs["autofocus"] = True
        self.fields["reason"].required = False


def reassign(seen: Mapping[int, str], asked: Asked) -> dict[int, Change]:
    """Make somebody answer for these customers. Raises Refused."""
    to, reason = asked.said["to"], asked.said["reason"]
    held = _assignments(seen, by=asked.by)
    for assignment in held:
        if assignment.holder_user_id == to.pk:
            raise Refused(f"{assignment.customer}: {to} answers for it already.")
    instead_of = {assignment.customer_id: assignment.pk for assignment in held}
    made = _assign(instead_of, to=to, reason=reason, asked=asked)
    return {
        one.customer_id: Change(
            {"user": one.holder_user_id, "pool": one.holder_pool_id},
            {"assignment": made[one.customer_id]},
        )
        for one in held
    }


def undo_reassign(changes: Changes, asked: Asked) -> Collection[int]:
    """Make those answer for them who did before. Raises Refused when it was moved on since."""
    for to, alike in _by_holder(changes):
        instead_of = {pk: changes[pk].after["assignment"] for pk in alike}
        _assign(instead_of, to=to, reason="Taken back", asked=asked)
    return changes.keys()


def _assign(
    instead_of: Mapping[int, int], *, to: User | Pool, reason: str, asked: Asked
) -> dict[int, int]:
    """The new assignments by customer."""
    moved = assign_customers(
        instead_of,
        role=OWNER,
        to=to,
        cause=Cause.REASSIGNED,
        by=asked.by,
        at=asked.at,
        reason=reason,
        instead_of=instead_of,
    )
    refresh_queue(moved, at=asked.at)
    made = Assignment.objects.current().in_role(OWNER).filter(customer__in=moved)
    return dict(made.values_list("customer", "pk"))


def _assignments(seen: Mapping[int, str], *, by: User) -> list[Assignment]:
    """What was seen of these customers, each of its own."""
    ids = [key for text in seen.values() if (key := key_in(text)) is not None]
    found = Assignment.objects.visible_to(by).filter(pk__in=ids).select_related("customer")
    return [one for one in found if seen.get(one.customer_id) == str(one.pk)]


def _by_holder(changes: Changes) -> list[tuple[User | Pool, list[int]]]:
    """Who answered before, each with the customers."""
    groups: dict[tuple[int | None, int | None], list[int]] = {}
    for pk, change in changes.items():
        groups.setdefault((change.before["user"], change.before["pool"]), []).append(pk)
    return [(_holder(*who), alike) for who, alike in groups.items()]


def _holder(user_id: int | None, pool_id: int | None) -> User | Pool:
    if pool_id is not None:
        return Pool.objects.get(pk=pool_id)
    return User.objects.get(pk=user_id)


CUSTOMERS_IN_BULK = (
    BulkAction(
        name="reassign",
        label="Reassign",
        permission="accounts.reassign_customer",
        says="They answer for these customers from now on; the history stays.",
        form=OwnerForm,
        apply=reassign,
        undo=undo_reassign,
    ),
)


def _who(pk: int, user: User, now: datetime) -> str:
    """Who made whom the owner, and when."""
    held = Assignment.objects.visible_to(user).current().in_role(OWNER)
    assignment = held.select_related("holder_user", "holder_pool").get(customer=pk)
    change = latest_change(assignment)
    who = "You" if change.actor_id == user.pk else change.actor
    holder = assignment.holder_user or assignment.holder_pool
    return (
        f"{who} made {holder} its owner {ago_text(change.at, now=now)}. Save again to replace that."
    )


OWNER_EDIT = Edit[CustomerRow](
    action=BulkAction(
        name="owner",
        label="Owner",
        permission="accounts.reassign_customer",
        form=OwnerCellForm,
        apply=reassign,
        undo=undo_reassign,
    ),
    says=lambda _: {},
    who=_who,
)
