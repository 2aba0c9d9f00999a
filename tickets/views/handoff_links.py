"""Answering an offer from its mail: looking changes nothing, the answer is a form of the person.

Whoever else has the mail, or looks into it, comes no further than the sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.problems import too_many_requests
from supportsuccess.rate_limits import is_over_limit
from tickets.actions import handoffs as actions
from tickets.actions.handoffs.steps import why_too_late
from tickets.lists.handoffs import state_badge
from tickets.models import Handoff
from tickets.models.handoff_moves import ACCEPT
from tickets.queries.answer_links import LinkEnded, WrongLink, read_answer_token
from tickets.views.handoff_page import FORMS, acceptance_of
from tickets.views.handoff_steps import MADE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpResponse

    from accounts.requests import AuthedRequest
    from tickets.forms.handoffs import StepForm
    from tickets.queries.answer_links import AnswerLink

MOST_WRONG = 20
NOT_OURS = "It is not complete, or not one of ours. Open the handoff from your notifications."
ENDED = "It held for a week. Open the handoff from your notifications."
NOT_YOURS = "It was sent to somebody else. What is yours stands in your notifications."


class Opened(NamedTuple):
    """A link that this person may follow, and the handoff it leads to."""

    link: AnswerLink
    handoff: Handoff


class Shut(Exception):
    """A link that leads nowhere for this person, with the page that says why."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


@require_safe
@never_cache
@permission_required("tickets.receive_handoff", raise_exception=True)
def handoff_link(request: AuthedRequest, token: str) -> HttpResponse:
    now = timezone.now()
    try:
        opened = _open(request, token, at=now)
    except Shut as shut:
        return shut.response
    return _render(request, opened, token=token, at=now)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def accept_by_link(request: AuthedRequest, token: str) -> HttpResponse:
    return _make(request, token, name="accept", action=actions.accept_handoff)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def return_by_link(request: AuthedRequest, token: str) -> HttpResponse:
    return _make(request, token, name="return", action=actions.return_handoff)


def _make(
    request: AuthedRequest, token: str, *, name: str, action: Callable[..., Handoff]
) -> HttpResponse:
    now = timezone.now()
    try:
        opened = _open(request, token, at=now)
    except Shut as shut:
        return shut.response
    form = FORMS[name](request.POST, name=name, handoff=opened.handoff, user=request.user)
    if not form.is_valid():
        return _render(request, opened, token=token, at=now, form=form, status=422)
    given = {key: value for key, value in form.cleaned_data.items() if value is not None}
    try:
        offer_id = opened.link.offer_id
        made = action(opened.handoff, **given, by=request.user, at=now, offer_id=offer_id)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _render(request, opened, token=token, at=now, form=form, status=409)
    toasts.done(request, MADE[name].format(sender=made.sender, receiver=made.receiver))
    return redirect(made)


def _open(request: AuthedRequest, token: str, *, at: datetime) -> Opened:
    """What a link leads this person to. Raises Shut."""
    try:
        link = read_answer_token(token, at=at)
    except WrongLink as wrong:
        who = str(request.user.pk)
        if is_over_limit("answer_links", who=who, most=MOST_WRONG, at=at):
            raise Shut(too_many_requests(request)) from wrong
        raise Shut(_nowhere(request, NOT_OURS, status=404)) from wrong
    except LinkEnded as ended:
        raise Shut(_nowhere(request, ENDED, status=410)) from ended
    if link.user_id != request.user.pk:
        raise Shut(_nowhere(request, NOT_YOURS, status=403))
    visible = Handoff.objects.visible_to(request.user).for_page()
    return Opened(link, get_object_or_404(visible, pk=link.handoff_id))


def _nowhere(request: AuthedRequest, why: str, *, status: int) -> HttpResponse:
    context = {"why": why, "code": status}
    return render(request, "tickets/handoff_link_wrong.html", context, status=status)


def _render(
    request: AuthedRequest,
    opened: Opened,
    *,
    token: str,
    at: datetime,
    form: StepForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page as it is by now: somebody may have been faster."""
    user = request.user
    handoff = Handoff.objects.visible_to(user).for_page().get(pk=opened.handoff.pk)
    context: dict[str, Any] = {
        "handoff": handoff,
        "token": token,
        "state": state_badge(handoff.state),
        "clock": acceptance_of(handoff, at=at),
        "too_late": why_too_late(ACCEPT, handoff, by=user, at=at, offer_id=opened.link.offer_id),
        "form": form if form and form.name == "return" else _return_form(handoff, request),
        "problems": form.non_field_errors() if form else [],
        "now": at,
    }
    return render(request, "tickets/handoff_link.html", context, status=status)


def _return_form(handoff: Handoff, request: AuthedRequest) -> StepForm:
    return FORMS["return"](name="return", handoff=handoff, user=request.user)
