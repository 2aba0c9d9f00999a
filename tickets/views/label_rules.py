from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from supportsuccess.errors import Refused
from supportsuccess.lists import toasts
from supportsuccess.lists.pages import list_page
from tickets.actions import label_rules as actions
from tickets.forms.label_rules import LabelRuleForm
from tickets.jobs.label_rules import start_answering
from tickets.lists.label_rules import LabelRules
from tickets.models import LabelRule
from tickets.queries.label_rules import PREVIEW_DAYS, preview_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

PERMISSION = "tickets.set_label_rules"
WAYS = {"earlier": -1, "later": 1}


@require_GET
@permission_required(PERMISSION, raise_exception=True)
def label_rules(request: AuthedRequest) -> HttpResponse:
    listing = LabelRules(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "tickets/label_rules.html")


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def label_rule_new(request: AuthedRequest) -> HttpResponse:
    form = LabelRuleForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "GET" or not form.is_valid():
        return _render(request, form, status=422 if form.errors else 200)
    try:
        rule = actions.add_rule(form.content(), by=request.user)
    except Refused as refusal:
        return _refused(request, form, refusal)
    toasts.done(request, f"“{rule}” added. It answers from the next import; or press Answer now.")
    return redirect("tickets:label_rules")


@require_http_methods(["GET", "POST"])
@permission_required(PERMISSION, raise_exception=True)
def label_rule(request: AuthedRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    given = request.POST if request.method == "POST" else None
    form = LabelRuleForm(given, user=request.user, rule=rule)
    if request.method == "GET" or not form.is_valid():
        return _render(request, form, rule=rule, status=422 if form.errors else 200)
    try:
        seen = form.cleaned_data["seen"] or 0
        actions.change_rule(rule, form.content(), seen=seen, by=request.user)
    except Refused as refusal:
        return _refused(request, form, refusal, rule=rule)
    toasts.done(request, f"“{rule}” changed. What it answered before stays.")
    return redirect("tickets:label_rules")


@require_GET
@permission_required(PERMISSION, raise_exception=True)
def preview(request: AuthedRequest) -> HttpResponse:
    form = LabelRuleForm(request.GET, user=request.user)
    return render(request, "tickets/label_rule.html#preview", _preview(request, form))


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def move(request: AuthedRequest, pk: int) -> HttpResponse:
    rule, way = _rule(request, pk), request.POST.get("way", "")
    if way not in WAYS:
        toasts.refused(request, "Choose earlier or later.")
        return redirect(rule)
    try:
        actions.move_rule(rule, places=WAYS[way], by=request.user)
        toasts.done(request, f"“{rule}” is tried {way} now.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect(rule)


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def retire(request: AuthedRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    try:
        actions.retire_rule(rule, by=request.user)
        undo_url = reverse("tickets:label_rule_restore", args=[pk])
        toasts.done(request, f"“{rule}” retired. What it answered stays.", undo_url=undo_url)
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect("tickets:label_rules")


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def restore(request: AuthedRequest, pk: int) -> HttpResponse:
    rule = _rule(request, pk)
    try:
        actions.restore_rule(rule, by=request.user)
        toasts.done(request, f"“{rule}” is in use again.")
    except Refused as refusal:
        toasts.refused(request, refusal.message)
    return redirect("tickets:label_rules")


@require_POST
@permission_required(PERMISSION, raise_exception=True)
def answer(request: AuthedRequest) -> HttpResponse:
    return redirect(start_answering(by=request.user))


def _rule(request: AuthedRequest, pk: int) -> LabelRule:
    rules = LabelRule.objects.visible_to(request.user).select_related("value")
    return get_object_or_404(rules, pk=pk)


def _refused(
    request: AuthedRequest, form: LabelRuleForm, refusal: Refused, *, rule: LabelRule | None = None
) -> HttpResponse:
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    return _render(request, form, rule=rule, status=409)


def _render(
    request: AuthedRequest, form: LabelRuleForm, *, rule: LabelRule | None = None, status: int
) -> HttpResponse:
    context = {"form": form, "rule": rule, **_preview(request, form, rule=rule)}
    return render(request, "tickets/label_rule.html", context, status=status)


def _preview(
    request: AuthedRequest, form: LabelRuleForm, *, rule: LabelRule | None = None
) -> dict[str, Any]:
    shown, now = form.rule_to_preview() if form.is_bound else rule, timezone.now()
    found = preview_of(shown, user=request.user, at=now) if shown else None
    return {"preview": found, "days": PREVIEW_DAYS, "now": now}
