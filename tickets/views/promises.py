from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.actions.notifications import read_notifications_about
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.pages import list_page
from tickets.actions import promise_moves as actions
from tickets.forms.promises import BreakForm, KeepForm, RenegotiateForm, WithdrawForm
from tickets.lists.promises import MOVE_PERMISSION, Promises, state_badge
from tickets.models import Promise, PromiseState
from tickets.queries.promises import story_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.requests import AuthedRequest


@dataclass(frozen=True, kw_only=True)
class Move:
    """One move of a promise: how it is asked for, and what does it."""

    title: str
    submit: str
    done: str
    form: type[KeepForm]
    action: Callable[..., Promise]


@require_GET
@permission_required("tickets.view_handoff", raise_exception=True)
def promise_list(request: AuthedRequest) -> HttpResponse:
    listing = Promises(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "tickets/promises.html")


@require_GET
@permission_required("tickets.view_handoff", raise_exception=True)
def promise_detail(request: AuthedRequest, pk: int) -> HttpResponse:
    now, promise = timezone.now(), _promise(request, pk)
    read_notifications_about(promise.get_absolute_url(), user=request.user, at=now)
    context = {
        "promise": promise,
        "is_open": promise.state == PromiseState.OPEN,
        "may_move": promise.state == PromiseState.OPEN and request.user.has_perm(MOVE_PERMISSION),
        "state": state_badge(promise.state),
        "events": story_of(promise, user=request.user),
        "now": now,
        "today": now.date(),
    }
    return render(request, "tickets/promise.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(MOVE_PERMISSION, raise_exception=True)
def keep(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, KEEP)


@require_http_methods(["GET", "POST"])
@permission_required(MOVE_PERMISSION, raise_exception=True)
def renegotiate(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, RENEGOTIATE)


@require_http_methods(["GET", "POST"])
@permission_required(MOVE_PERMISSION, raise_exception=True)
def break_(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, BREAK)


@require_http_methods(["GET", "POST"])
@permission_required(MOVE_PERMISSION, raise_exception=True)
def withdraw(request: AuthedRequest, pk: int) -> HttpResponse:
    return _answer(request, pk, WITHDRAW)


def _answer(request: AuthedRequest, pk: int, move: Move) -> HttpResponse:
    promise = _promise(request, pk)
    if request.method == "GET":
        return _ask(request, promise, move)
    form = move.form(request.POST)
    if not form.is_valid():
        return _show(request, promise, move, form=form, status=422)
    try:
        move.action(promise, **form.cleaned_data, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, promise, move, form=form, status=409)
    toasts.done(request, f"{promise.customer}: {move.done}")
    if request.htmx:
        url = request.htmx.current_url_abs_path or promise.get_absolute_url()
        return HttpResponseClientRedirect(url)
    return redirect(promise)


def _ask(request: AuthedRequest, promise: Promise, move: Move) -> HttpResponse:
    if promise.state != PromiseState.OPEN:
        toasts.refused(request, f"{promise.get_state_display()} already.")
        return HttpResponse(status=204) if request.htmx else redirect(promise)
    return _show(request, promise, move, form=move.form(initial={"version": promise.version}))


def _show(
    request: AuthedRequest, promise: Promise, move: Move, *, form: KeepForm, status: int = 200
) -> HttpResponse:
    context = {
        "promise": promise,
        "form": form,
        "move": move,
        "action": request.path,
        "today": timezone.now().date(),
    }
    part = "#form" if request.htmx else ""
    return render(request, f"tickets/promise_form.html{part}", context, status=status)


def _promise(request: AuthedRequest, pk: int) -> Promise:
    return get_object_or_404(Promise.objects.visible_to(request.user).for_page(), pk=pk)


KEEP = Move(
    title="Did we keep it?",
    submit="Kept",
    done="promise kept",
    form=KeepForm,
    action=actions.keep_promise,
)
RENEGOTIATE = Move(
    title="What do we promise now?",
    submit="Renegotiate",
    done="promised for another day",
    form=RenegotiateForm,
    action=actions.renegotiate_promise,
)
BREAK = Move(
    title="What went wrong?",
    submit="Broken",
    done="promise broken",
    form=BreakForm,
    action=actions.break_promise,
)
WITHDRAW = Move(
    title="Is it not needed any more?",
    submit="Withdraw",
    done="promise withdrawn",
    form=WithdrawForm,
    action=actions.withdraw_promise,
)
