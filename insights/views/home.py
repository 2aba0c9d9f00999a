from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.lists.stake import stake_table
from insights.queries.home import is_untouched, setting, tasks_for
from insights.queries.stake import STAKE_DAYS, stake_of
from supportsuccess.lists import empty

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import AuthedRequest

STAKE_SHOWN = 6


@require_GET
@permission_required("insights.view_home", raise_exception=True)
def home(request: AuthedRequest) -> HttpResponse:
    now = timezone.now()
    here = setting()
    day = here.ours.day_of(now)
    tasks = tasks_for(request.user, at=now, day=day)
    stake = stake_of(request.user, at=now, day=day)
    has_work = stake.customers or any(task.count for task in tasks)
    context = {
        "ours": here.ours,
        "shifted": here.shifted,
        "stake": stake,
        "stake_days": STAKE_DAYS,
        "stake_table": stake_table(request.user, currency=here.ours.currency, today=day).over(
            stake.rows[:STAKE_SHOWN],
            params=request.GET,
            empty=empty.all_done("Nothing is at stake", text=""),
        ),
        "tasks": tasks,
        "is_untouched": not has_work and is_untouched(request.user),
    }
    return render(request, "insights/home.html", context)
