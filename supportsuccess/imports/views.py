from typing import TYPE_CHECKING

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from supportsuccess.errors import Refused
from supportsuccess.imports import actions, formats, lists, queries
from supportsuccess.imports.forms import UploadForm
from supportsuccess.imports.models import BatchState, ImportBatch
from supportsuccess.imports.reading import MB, encoding_label
from supportsuccess.lists import query, toasts
from supportsuccess.lists.empty import nothing_yet
from supportsuccess.lists.pages import list_page
from supportsuccess.lists.toolbar import Chip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import Form
    from django_htmx.middleware import HtmxDetails

RUN_IMPORT = "imports.run_import"


@permission_required(RUN_IMPORT, raise_exception=True)
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    listing = lists.Imports(request.user, request.GET, now=timezone.now())
    return list_page(request, listing, "imports/list.html")


@permission_required(RUN_IMPORT, raise_exception=True)
@require_http_methods(["GET", "POST"])
def import_new(request: HttpRequest) -> HttpResponse:
    chosen = _chosen_format(request)
    if request.method == "GET":
        return _render_new(request, chosen, forms=[UploadForm(), chosen.options_form()])
    upload, options = UploadForm(request.POST, request.FILES), chosen.options_form(request.POST)
    if not (upload.is_valid() and options.is_valid()):
        return _render_new(request, chosen, forms=[upload, options], status=422)
    file = upload.cleaned_data["file"]
    answers = dict(options.cleaned_data)
    if upload.cleaned_data["encoding"]:
        answers["encoding"] = upload.cleaned_data["encoding"]
    try:
        batch = actions.upload_file(
            file.chunks(MB),
            file_name=file.name,
            format=chosen.name,
            options=answers,
            by=request.user,
        )
        actions.check_import(batch, by=request.user)
    except Refused as refusal:
        upload.add_error("file", str(refusal))
        return _render_new(request, chosen, forms=[upload, options], status=409)
    return redirect("imports:detail", batch.pk)


@permission_required(RUN_IMPORT, raise_exception=True)
@require_GET
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user).latest_first(), pk=pk)
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    is_part = htmx is not None and htmx.target == "import"
    name = "imports/detail.html#import" if is_part else "imports/detail.html"
    return render(request, name, _told(request, batch))


@permission_required(RUN_IMPORT, raise_exception=True)
@require_GET
def refusals(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    return StreamingHttpResponse(
        queries.refusals_csv(batch),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="refused-rows-{batch.pk}.csv"'},
    )


@permission_required(RUN_IMPORT, raise_exception=True)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    try:
        actions.check_import(batch, by=request.user)
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("imports:detail", pk)


@permission_required(RUN_IMPORT, raise_exception=True)
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    try:
        actions.run_import(batch, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, refusal)
    return redirect("imports:detail", pk)


@permission_required(RUN_IMPORT, raise_exception=True)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = get_object_or_404(ImportBatch.objects.visible_to(request.user), pk=pk)
    try:
        actions.undo_import(batch, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _refused(request, refusal)
    toasts.done(request, "The import was withdrawn. What it made is being retired.")
    return redirect("imports:detail", pk)


def _chosen_format(request: HttpRequest) -> formats.Format:
    known = [name for name, _ in formats.choices()]
    asked = request.GET.get("format", "")
    return formats.find(asked if asked in known else known[0])


def _render_new(
    request: HttpRequest,
    chosen: formats.Format,
    *,
    forms: "Sequence[Form]",
    status: int = 200,
) -> HttpResponse:
    chips = [
        Chip(
            label=label,
            url=query.link(request.GET, changes={"format": name}),
            is_current=name == chosen.name,
        )
        for name, label in formats.choices()
    ]
    context = {"chips": chips, "chosen": chosen, "forms": forms}
    return render(request, "imports/new.html", context, status=status)


def _told(request: HttpRequest, batch: ImportBatch) -> dict[str, object]:
    """What the page of one import says."""
    job = batch.job
    until = batch.can_be_undone_until
    refused = lists.refusal_groups(batch)
    first = queries.preview_rows(batch)[:1]
    return {
        "batch": batch,
        "badge": lists.state_badge(batch.state),
        "label": dict(formats.choices()).get(batch.format, batch.format),
        "encoding": encoding_label(batch.encoding) if batch.encoding else "",
        "job": job,
        "is_open": job is not None and job.is_open,
        "counts": counts_of(batch.counts),
        "can_check": batch.run_at is None
        and batch.state in {BatchState.UPLOADED, BatchState.FAILED},
        "can_run": batch.state == BatchState.CHECKED and batch.row_count > 0,
        "undo_until": until if until is not None and until > timezone.now() else None,
        "first_row": list(zip(batch.columns, first[0][1], strict=False)) if first else [],
        "refusals": lists.refusal_table().over(
            refused, params=request.GET, empty=nothing_yet("No row was refused", text="")
        )
        if refused
        else None,
    }


def counts_of(counts: dict[str, dict[str, int]]) -> list[tuple[str, int, str]]:
    """Each kind with the number that matters most, and the others in words."""
    told = []
    for kind, numbers in sorted(counts.items(), key=lambda item: item[0] == "rows"):
        (name, number), *others = numbers.items()
        note = ", ".join([name, *(f"{count:,} {other}" for other, count in others)])
        told.append((kind.capitalize(), number, note))
    return told


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return render(request, "409.html", {"message": str(refusal)}, status=409)
