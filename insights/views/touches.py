from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.actions.touches import log_touch
from accounts.models import Customer, Renewal, TouchKind
from insights.actions.queue import refresh_queue
from insights.forms.touches import TouchForm
from insights.views.clock import Clock, clock
from insights.views.decisions import IN_ROW, changed
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest


@require_http_methods(["GET", "POST"])
@permission_required("accounts.log_touch", raise_exception=True)
def touch_customer(request: AuthedRequest, pk: int) -> HttpResponse:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    return _answer(request, customer, renewal=None)


@require_http_methods(["GET", "POST"])
@permission_required("accounts.log_touch", raise_exception=True)
def touch_renewal(request: AuthedRequest, pk: int) -> HttpResponse:
    seen = Renewal.objects.visible_to(request.user).select_related("customer")
    renewal = get_object_or_404(seen, pk=pk)
    return _answer(request, renewal.customer, renewal=renewal)


def _answer(request: AuthedRequest, customer: Customer, *, renewal: Renewal | None) -> HttpResponse:
    time = clock()
    about: dict[str, Any] = {
        "customer": customer,
        "user": request.user,
        "at": time.now,
        "day": time.today,
    }
    if request.method == "GET":
        place = {"place": request.GET.get("place", "")}
        return _show(request, customer, form=TouchForm(initial=place, **about))
    form = TouchForm(request.POST, **about)
    if not form.is_valid():
        return _show(request, customer, form=form, status=422)
    try:
        _log(request, customer, form=form, time=time)
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _show(request, customer, form=form, status=409)
    kind = TouchKind(form.cleaned_data["kind"]).label.lower()
    toasts.done(request, f"{customer}: {kind} logged")
    return _logged(request, customer, renewal=renewal, form=form, time=time)


def _log(request: AuthedRequest, customer: Customer, *, form: TouchForm, time: Clock) -> None:
    log_touch(
        customer,
        kind=TouchKind(form.cleaned_data["kind"]),
        is_two_way=form.cleaned_data["is_two_way"],
        note=form.cleaned_data["note"],
        contacts=list(form.cleaned_data.get("contacts", ())),
        occurred_at=form.occurred_at,
        by=request.user,
        at=time.now,
    )
    refresh_queue([customer.pk], at=time.now)


def _logged(
    request: AuthedRequest,
    customer: Customer,
    *,
    renewal: Renewal | None,
    form: TouchForm,
    time: Clock,
) -> HttpResponse:
    place = form.cleaned_data["place"]
    if renewal is not None and place in IN_ROW:
        return changed(request, renewal, place=place, time=time)
    if request.htmx:
        return HttpResponseClientRedirect(
            request.htmx.current_url_abs_path or customer.get_absolute_url()
        )
    return redirect(customer)


def _show(
    request: AuthedRequest, customer: Customer, *, form: TouchForm, status: int = 200
) -> HttpResponse:
    context = {"customer": customer, "form": form, "action": request.path}
    part = "#form" if request.htmx else ""
    return render(request, f"insights/touch_form.html{part}", context, status=status)
