from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions.notice_settings import change_notice_settings
from accounts.forms.notice_settings import NoticeSettingsForm, initial_of
from accounts.models import NoticeHours
from accounts.queries.notice_kinds import KINDS
from accounts.queries.notice_routes import wishes_of
from supportsuccess.lists import toasts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

PAGE = "accounts/notice_settings.html"


@require_http_methods(["GET", "POST"])
def notice_settings(request: AuthedRequest) -> HttpResponse:
    user = request.user
    if request.method == "GET":
        hours = NoticeHours.objects.visible_to(user).first()
        wishes = wishes_of([user.pk], kinds=list(KINDS)).get(user.pk, {})
        form = NoticeSettingsForm(initial=initial_of(hours, wishes=wishes))
        return render(request, PAGE, {"form": form})
    form = NoticeSettingsForm(request.POST)
    if not form.is_valid():
        return render(request, PAGE, {"form": form}, status=422)
    change_notice_settings(user, **form.chosen(), by=user)
    toasts.done(request, "Notices as you chose")
    return redirect("accounts:notice_settings")
