from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from supportsuccess.errors import Refused
from supportsuccess.lists import query, toasts
from supportsuccess.lists.pages import list_page
from tickets.actions import taxonomy as actions
from tickets.forms.taxonomy import MergeForm, NewValueForm, SeenForm, ValueForm
from tickets.lists.taxonomy import LabelValues, TaxonomyVersions, tickets_url
from tickets.models import Dimension, LabelRule, LabelValue, TaxonomyVersion
from tickets.queries.label_coverage import COVERED_DAYS
from tickets.queries.taxonomy import differences, history_of, tickets_by_value

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

VIEW = "tickets.view_ticket"
CHANGE = "tickets.set_taxonomy"


@require_GET
@permission_required(VIEW, raise_exception=True)
def taxonomy(request: AuthedRequest) -> HttpResponse:
    listing = LabelValues(request.user, request.GET, now=timezone.now())
    around = {"dimension": request.GET.get("dimension") or Dimension.ROOT_CAUSE}
    return list_page(request, listing, "tickets/taxonomy.html", around=around)


@require_http_methods(["GET", "POST"])
@permission_required(CHANGE, raise_exception=True)
def value_new(request: AuthedRequest) -> HttpResponse:
    dimension = _dimension(request)
    given = request.POST if request.method == "POST" else None
    form = NewValueForm(given, user=request.user, dimension=dimension)
    if request.method == "GET" or not form.is_valid():
        return _render_new(request, form, status=422 if form.errors else 200)
    new = form.new_value()
    try:
        actions.publish_label_values(
            [new], by=request.user, at=timezone.now(), note=f"{new.name} added"
        )
    except Refused as refusal:
        _add_refusal(form, refusal)
        return _render_new(request, form, status=409)
    toasts.done(request, f"“{new.name}” added.")
    return redirect(_list_url(dimension))


@require_http_methods(["GET", "POST"])
@permission_required(VIEW, raise_exception=True)
def value(request: AuthedRequest, pk: int) -> HttpResponse:
    found = _value(request, pk)
    if request.method == "POST":
        return _change(request, found)
    return _render(request, found, ValueForm(user=request.user, value=found))


@permission_required(CHANGE, raise_exception=True)
def _change(request: AuthedRequest, found: LabelValue) -> HttpResponse:
    form = ValueForm(request.POST, user=request.user, value=found)
    if not form.is_valid():
        return _render(request, found, form, status=422)
    content, seen = form.content(), form.cleaned_data["seen"] or 0
    try:
        actions.change_value(found, content, seen=seen, by=request.user, at=timezone.now())
    except Refused as refusal:
        _add_refusal(form, refusal)
        form.show_newest(found)
        return _render(request, found, form, is_stale=found.version != seen, status=409)
    toasts.done(request, f"“{content.name}” changed. What was answered with it stays.")
    return redirect(found)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def merge(request: AuthedRequest, pk: int) -> HttpResponse:
    found = _value(request, pk)
    form = MergeForm(request.POST, user=request.user, value=found)
    if not form.is_valid():
        return _render(request, found, merge_form=form, status=422)
    into = form.cleaned_data["into"]
    try:
        actions.merge_value(
            found, into=into, seen=form.cleaned_data["seen"], by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        _add_refusal(form, refusal)
        return _render(request, found, merge_form=form, status=409)
    toasts.done(request, f"“{found}” counts to “{into}” now.")
    return redirect(into)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def retire(request: AuthedRequest, pk: int) -> HttpResponse:
    found, form = _value(request, pk), SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    try:
        actions.retire_value(found, seen=seen, by=request.user, at=timezone.now())
        toasts.done(request, f"“{found}” retired. What was answered with it stays.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(found)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def restore(request: AuthedRequest, pk: int) -> HttpResponse:
    found, form = _value(request, pk), SeenForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    try:
        actions.restore_value(found, seen=seen, by=request.user, at=timezone.now())
        toasts.done(request, f"“{found}” is in use again.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(found)


@require_GET
@permission_required(VIEW, raise_exception=True)
def versions(request: AuthedRequest) -> HttpResponse:
    listing = TaxonomyVersions(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "tickets/taxonomy_versions.html")


@require_GET
@permission_required(VIEW, raise_exception=True)
def version(request: AuthedRequest, pk: int) -> HttpResponse:
    versions = TaxonomyVersion.objects.visible_to(request.user).select_related("by")
    found = get_object_or_404(versions, pk=pk)
    since = query.number_in(request.GET, "since")
    since = found.number - 1 if since is None else min(since, found.number)
    context = {
        "version": found,
        "since": since,
        "changes": differences(request.user, since=since, until=found.number),
        "earlier": list(versions.filter(number__lt=found.number).order_by("-number")[:50]),
    }
    return render(request, "tickets/taxonomy_version.html", context)


def _value(request: AuthedRequest, pk: int) -> LabelValue:
    values = LabelValue.objects.visible_to(request.user).select_related("parent", "merged_into")
    return get_object_or_404(values, pk=pk)


def _dimension(request: AuthedRequest) -> Dimension:
    asked = request.GET.get("dimension", "")
    return Dimension(asked) if asked in Dimension.values else Dimension.ROOT_CAUSE


def _list_url(dimension: str) -> str:
    return f"{reverse('tickets:taxonomy')}?{urlencode({'dimension': dimension})}"


def _add_refusal(form: Any, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def _render_new(request: AuthedRequest, form: NewValueForm, *, status: int) -> HttpResponse:
    list_url = _list_url(form.dimension)
    context = {"form": form, "question": form.dimension.label, "list_url": list_url}
    return render(request, "tickets/taxonomy_new.html", context, status=status)


def _render(
    request: AuthedRequest,
    found: LabelValue,
    form: ValueForm | None = None,
    *,
    merge_form: MergeForm | None = None,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    now, user = timezone.now(), request.user
    context = {
        "value": found,
        "question": Dimension(found.dimension).label,
        "list_url": _list_url(found.dimension),
        "form": form or ValueForm(user=user, value=found),
        "merge_form": merge_form or MergeForm(user=user, value=found),
        "is_stale": is_stale,
        "tickets": tickets_by_value(user, at=now).get(found.pk, 0),
        "tickets_url": tickets_url(found.pk, now=now),
        "days": COVERED_DAYS,
        "rules": list(LabelRule.objects.in_use().filter(value=found).order_by("position", "pk")),
        "history": history_of(found, user=user),
        "now": now,
    }
    return render(request, "tickets/taxonomy_value.html", context, status=status)
