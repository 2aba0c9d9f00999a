from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from tickets.actions.label_sets import save_label_set
from tickets.forms.label_sets import LabelSetForm
from tickets.models import LabelValue
from tickets.queries.label_sets import own_sets

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest
    from tickets.queries.label_sets import PanelSet

DIALOG = "dialog"


@require_http_methods(["GET", "POST"])
@permission_required("tickets.label_ticket", raise_exception=True)
def label_set_new(request: AuthedRequest) -> HttpResponse:
    taken = _own(request)
    if request.method == "GET":
        form = LabelSetForm(user=request.user, chosen=request.GET, taken=taken)
        return _render(request, form, status=200)
    form = LabelSetForm(request.POST, user=request.user, taken=taken)
    if not form.is_valid():
        return _render(request, form, status=422)
    key, name = form.cleaned_data["key"], form.cleaned_data["name"]
    try:
        save_label_set(key, name=name, values=form.values(), by=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, form, status=409)
    toasts.done(request, f"“{name}” is on key {key} of your panel.")
    return _saved(request)


def _saved(request: AuthedRequest) -> HttpResponse:
    """Back on the panel, with its values as they were chosen and the new set beside them."""
    if not request.htmx:
        return redirect("tickets:inbox")
    response = render(request, "tickets/label_sets.html", {"sets": _own(request)})
    trigger_client_event(response, "dialog:close", {})
    return reswap(retarget(response, "#label-sets"), "outerHTML")


def _own(request: AuthedRequest) -> list[PanelSet]:
    values = LabelValue.objects.visible_to(request.user).for_panel()
    return own_sets(request.user, values=values)


def _render(request: AuthedRequest, form: LabelSetForm, *, status: int) -> HttpResponse:
    part = "#form" if request.htmx.target == DIALOG else ""
    return render(request, f"tickets/label_set_new.html{part}", {"form": form}, status=status)
