"""One POST for each move of a handoff: parse, make the move, go back to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from tickets.actions import handoffs as actions
from tickets.forms.handoffs import StepForm
from tickets.models import Handoff
from tickets.views.handoff_page import FORMS, handoff_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


# What is said once a step is made.
MADE = {
    "ask": "{sender} is asked.",
    "answer": "{receiver} has your answer.",
    "accept": "Accepted: the matter is yours now, and {sender} knows.",
    "return": "Returned to {sender}.",
    "offer_again": "Offered to {receiver} again.",
    "decide": "Your decision is noted.",
    "withdraw": "Withdrawn.",
    "next_step": "Next step noted.",
    "complete": "Completed, and {sender} knows.",
    "judge": "Noted for {sender}.",
    "thank": "{sender} knows.",
    "reopen": "Open again.",
    "cancel": "Cancelled.",
    "reassign": "{receiver} has it now.",
    "add_ticket": "The ticket is part of it now.",
}


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def ask(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="ask", action=actions.ask_question)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def answer(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="answer", action=actions.answer_question)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def accept(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="accept", action=actions.accept_handoff)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def give_back(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="return", action=actions.return_handoff)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def offer_again(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="offer_again", action=actions.offer_again)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def decide(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="decide", action=actions.decide_handoff)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="withdraw", action=actions.withdraw_handoff)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def next_step(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="next_step", action=actions.set_next_step)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def complete(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="complete", action=actions.complete_handoff)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def judge(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="judge", action=actions.judge_useful)


@require_POST
@permission_required("tickets.receive_handoff", raise_exception=True)
def thank(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="thank", action=actions.thank_sender)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def reopen(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="reopen", action=actions.reopen_handoff)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def cancel(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="cancel", action=actions.cancel_handoff)


@require_POST
@permission_required("tickets.reassign_handoff", raise_exception=True)
def reassign(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="reassign", action=actions.reassign_handoff)


@require_POST
@permission_required("tickets.offer_handoff", raise_exception=True)
def add_ticket(request: AuthedRequest, pk: int) -> HttpResponse:
    return _make(request, pk, name="add_ticket", action=actions.add_ticket)


def _make(
    request: AuthedRequest, pk: int, *, name: str, action: Callable[..., Handoff]
) -> HttpResponse:
    handoff = get_object_or_404(Handoff.objects.visible_to(request.user).for_page(), pk=pk)
    form = FORMS[name](request.POST, name=name, handoff=handoff, user=request.user)
    if not form.is_valid():
        return _render(request, pk, form, status=422)
    try:
        made = action(handoff, **_given(form), by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _render(request, pk, form, status=409)
    toasts.done(request, MADE[name].format(sender=made.sender, receiver=made.receiver))
    return redirect(handoff)


def _given(form: StepForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if value is not None}


def _render(request: AuthedRequest, pk: int, form: StepForm, *, status: int) -> HttpResponse:
    """The page as it is by now: somebody may have been faster."""
    now = timezone.now()
    visible = Handoff.objects.visible_to(request.user)
    handoff = get_object_or_404(visible.for_page().with_holder(now), pk=pk)
    context = handoff_page(request, handoff, at=now, form=form)
    return render(request, "tickets/handoff_detail.html", context, status=status)
