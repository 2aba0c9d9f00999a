from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions.chat import set_chat, stop_chat
from accounts.forms.chat import ChatForm
from accounts.models import ChatHook, Team
from supportsuccess.errors import Refused
from supportsuccess.lists import toasts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import AuthedRequest

PAGE = "accounts/chat.html"


@require_http_methods(["GET", "POST"])
def own_chat(request: AuthedRequest) -> HttpResponse:
    return _chat(request, request.user)


@require_http_methods(["GET", "POST"])
@permission_required("accounts.set_team_chat", raise_exception=True)
def team_chat(request: AuthedRequest, pk: int) -> HttpResponse:
    return _chat(request, get_object_or_404(Team.objects.chat_set_by(request.user), pk=pk))


def _chat(request: AuthedRequest, owner: User | Team) -> HttpResponse:
    if request.method == "GET":
        return _render(request, owner, ChatForm())
    if "stop" in request.POST:
        stop_chat(owner, by=request.user)
        toasts.done(request, "No more by chat")
        return redirect(request.path)
    form = ChatForm(request.POST)
    if not form.is_valid():
        return _render(request, owner, form, status=422)
    try:
        set_chat(owner, url=form.cleaned_data["url"], by=request.user)
    except Refused as refusal:
        form.add_error("url", refusal.message)
        return _render(request, owner, form, status=409)
    toasts.done(request, "Told by chat from now on")
    return redirect(request.path)


def _render(
    request: AuthedRequest, owner: User | Team, form: ChatForm, *, status: int = 200
) -> HttpResponse:
    hook = ChatHook.objects.visible_to(request.user).of(owner).first()
    context = {
        "form": form,
        "team": owner if isinstance(owner, Team) else None,
        "host": urlsplit(hook.url).hostname if hook else "",
    }
    return render(request, PAGE, context, status=status)
