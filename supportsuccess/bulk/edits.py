"""A cell changed in place: its editor, and what is done to that one row."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget, trigger_client_event

from supportsuccess.bulk import actions
from supportsuccess.bulk.choice import Chosen
from supportsuccess.bulk.models import BulkRow, Outcome
from supportsuccess.errors import Refused
from supportsuccess.lists import query, toasts
from supportsuccess.lists.listing import declared_lists
from supportsuccess.outbox.jobs import cancel, work_along
from supportsuccess.referrer import referring_page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from supportsuccess.lists.bulk import BulkForm, Edit
    from supportsuccess.lists.listing import Listing

WAIT_SECONDS = 5.0
HELD = "Other work holds this row, so nothing was changed. Save it again in a moment."
UNDER_WAY = "This is still being done. Reload the list in a moment to see what came of it."


class Cell:
    """The cell of one row that somebody changes."""

    def __init__(self, request: HttpRequest, *, list_name: str, action_name: str, pk: int) -> None:
        """Raises Http404 for what there is not or is not theirs to see, PermissionDenied."""
        self.request = request
        self.user: Any = request.user
        self.now = timezone.now()
        self.listing = self._listing(list_name)
        self.edit = self._edit(action_name)
        self.row = self.read(pk)
        self.seen = request.GET.get("seen", "")
        self.way = request.GET["way"] if "way" in request.GET else self._came_from()

    def _listing(self, name: str) -> Listing[Any, Any]:
        if name not in declared_lists():
            raise Http404
        return declared_lists()[name](self.user, query.of_page(self.request), now=self.now)

    def _edit(self, name: str) -> Edit[Any]:
        for edit in self.listing.edits:
            if edit.action.name == name:
                if not self.user.has_perm(edit.action.permission):
                    raise PermissionDenied
                return edit
        raise Http404

    def read(self, pk: int) -> Any:
        """The row as it is now. Raises Http404."""
        rows = self.listing.first_rows(self.listing.everything().filter(pk=pk), 1)
        if not rows:
            raise Http404
        return rows[0]

    def _came_from(self) -> str:
        """The query of the list from which somebody without script came here."""
        page = urlsplit(referring_page(self.request))
        return page.query if page.path == self.listing.path else ""

    @property
    def list_url(self) -> str:
        """The list as it was looked at."""
        return f"{self.listing.path}?{self.way}" if self.way else self.listing.path

    @property
    def label(self) -> str:
        """What the row is called."""
        return self.listing.declared.label(self.row)

    def form(self, data: QueryDict | None = None) -> BulkForm:
        """The editor, beginning with what the cell says now."""
        return self.edit.action.form(data, user=self.user, initial=self.edit.says(self.row))

    def change(self, form: BulkForm) -> BulkRow:
        """Do what a valid form says; what became of it."""
        job = actions.start_bulk(
            self.edit.action,
            [Chosen(self.row[0], self.label, self.seen)],
            list_name=self.listing.name,
            said=form.said,
            by=self.user,
            counted="",
            is_listed=False,
        )
        if work_along(job, seconds=WAIT_SECONDS).is_open:
            # Nobody waits for it any more: it must not be done behind their back.
            with suppress(Refused):
                cancel(job, by=self.user)
        return job.bulk_rows.get()


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, *, list_name: str, action_name: str, pk: int) -> HttpResponse:
    cell = Cell(request, list_name=list_name, action_name=action_name, pk=pk)
    if request.method == "GET":
        return _ask(cell, cell.form())
    form = cell.form(request.POST)
    if not form.is_valid():
        return _ask(cell, form, status=422)
    done = cell.change(form)
    if done.outcome == Outcome.DONE:
        return _changed(cell, done)
    if done.outcome == Outcome.REFUSED:
        return _refused(cell, form, done)
    form.add_error(None, UNDER_WAY if done.outcome == Outcome.WAITING else HELD)
    return _ask(cell, form, status=409)


def _refused(cell: Cell, form: BulkForm, done: BulkRow) -> HttpResponse:
    """Why not; and where somebody was faster, who, over what is there now."""
    is_outrun = cell.seen != cell.listing.seen(cell.row)
    who = cell.edit.who(cell.row[0], cell.user, cell.now) if is_outrun else done.reason
    form.add_error(None, who)
    cell.seen = cell.listing.seen(cell.row)  # what is sent again replaces that
    return _ask(cell, form, status=409)


def _ask(cell: Cell, form: BulkForm, *, status: int = 200) -> HttpResponse:
    names = [cell.listing.name, cell.edit.action.name, cell.row[0]]
    kept = {"seen": cell.seen, "way": cell.way}
    context = {
        "cell": cell,
        "form": form,
        "action": f"{reverse('bulk:edit', args=names)}{query.link(QueryDict(), changes=kept)}",
    }
    part = "#editor" if getattr(cell.request, "htmx", None) else ""
    return render(cell.request, f"bulk/edit.html{part}", context, status=status)


def _changed(cell: Cell, done: BulkRow) -> HttpResponse:
    """The row as it is now, where it stands in the list; without script the list."""
    words = f"{cell.edit.action.label} changed: {cell.label}"
    toasts.done(cell.request, words, undo_url=reverse("bulk:undo", args=[done.job_id]))
    if not getattr(cell.request, "htmx", None):
        return redirect(cell.list_url)
    row = cell.read(cell.row[0])
    table = cell.listing.arranged.standing()
    response = HttpResponse(table.over([row], params=cell.listing.params).rows)
    retarget(response, f"tr[data-row='{row[0]}']")
    trigger_client_event(response, f"{cell.listing.name}-changed", {})
    return reswap(response, "outerHTML")
