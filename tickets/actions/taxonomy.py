"""Publishing label values: history keeps the version under which it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.db.models import F, Max

from supportsuccess import audit
from supportsuccess.errors import Refused
from tickets.models import (
    Dimension,
    LabelRule,
    LabelValue,
    Problem,
    Suggestion,
    TaxonomyVersion,
    ValueChange,
    told,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from accounts.models import User
    from supportsuccess.people import Actor

COLUMNS = ("name", "definition", "key", "parent", "is_active", "merged_into", "version")
# what a value was before and what it is now
type Changed = tuple[dict[str, Any] | None, LabelValue]


@dataclass(frozen=True, kw_only=True)
class NewValue:
    """A value to be published: what it is called, what it means, its key on the panel."""

    dimension: Dimension
    slug: str
    name: str
    definition: str = ""
    key: str = ""
    area: LabelValue | None = None
    is_area: bool = False


class ValueContent(NamedTuple):
    """What a value says, and the area that it stands in."""

    name: str
    definition: str
    key: str = ""
    area: LabelValue | None = None


@transaction.atomic
def publish_label_values(
    values: Sequence[NewValue], *, by: Actor, at: datetime, note: str = ""
) -> TaxonomyVersion:
    """Add values to the taxonomy as its next version. Raises Refused for a slug or key in use."""
    with audit.group("publish_label_values", by=by, reason=note):
        _lock_taxonomy()
        positions = _last_positions()
        added = []
        for value in values:
            _refuse_in_use(value)
            positions[value.dimension] = positions.get(value.dimension, 0) + 1
            added.append(_create(value, position=positions[value.dimension]))
        return _publish([(None, value) for value in added], by=by, at=at, note=note)


@transaction.atomic
def change_value(
    value: LabelValue, content: ValueContent, *, seen: int, by: User, at: datetime
) -> TaxonomyVersion:
    """Rename, define or move a value; what was answered with it stays. Raises Refused."""
    with audit.group("change_label_value", value, by=by):
        _lock_taxonomy()
        now = _as_seen(value, seen=seen)
        before = told(now)
        _refuse_name(content.name, dimension=now.dimension, other_than=now)
        _refuse_key(content.key, value=now)
        _refuse_area(content.area, value=now)
        now.name, now.definition, now.key, now.parent = content
        if told(now) == before:
            raise Refused("Nothing is different from what stands already.")
        _write(now)
        return _publish([(before, now)], by=by, at=at, note=_change_note(before, now))


@transaction.atomic
def merge_value(
    value: LabelValue, *, into: LabelValue, seen: int, by: User, at: datetime
) -> TaxonomyVersion:
    """Have what was answered with one value count to another, which answers from now on.

    Rules, problems, suggestions and what was merged into it before follow. Raises Refused.
    """
    with audit.group("merge_label_value", value, by=by):
        _lock_taxonomy()
        now = _as_seen(value, seen=seen)
        heir = LabelValue.objects.select_related("parent").get(pk=into.pk)
        _refuse_leaving(now, verb="merged")
        _refuse_heir(heir, value=now)
        led = LabelValue.objects.select_related("parent", "merged_into").filter(merged_into=now)
        changed = [_merged(each, heir) for each in [*led, now]]
        rules = LabelRule.objects.filter(value=now)
        rules.update(value=heir, version=F("version") + 1)
        for problem in Problem.objects.saying(now):
            setattr(problem, now.dimension, heir)
            problem.version += 1
            problem.save(update_fields=[now.dimension, "version"])
        Suggestion.objects.filter(value=now).update(value=heir)
        return _publish(changed, by=by, at=at, note=f"{now} merged into {heir}")


@transaction.atomic
def retire_value(value: LabelValue, *, seen: int, by: User, at: datetime) -> TaxonomyVersion:
    """Offer a value no longer; what was answered with it stays. Raises Refused."""
    with audit.group("retire_label_value", value, by=by):
        _lock_taxonomy()
        now = _as_seen(value, seen=seen)
        _refuse_leaving(now, verb="retired")
        _refuse_needed(now)
        before = told(now)
        now.is_active = False
        _write(now)
        Suggestion.objects.filter(value=now).delete()
        return _publish([(before, now)], by=by, at=at, note=f"{now} retired")


@transaction.atomic
def restore_value(value: LabelValue, *, seen: int, by: User, at: datetime) -> TaxonomyVersion:
    """Offer a retired or merged value again, for itself. Raises Refused."""
    with audit.group("restore_label_value", value, by=by):
        _lock_taxonomy()
        now = _as_seen(value, seen=seen)
        if now.is_active:
            raise Refused(f"“{now}” is in use already.")
        _refuse_name(now.name, dimension=now.dimension, other_than=now)
        before = told(now)
        now.is_active, now.merged_into = True, None
        if now.parent is not None and not now.parent.is_active:
            now.parent = None
        if _is_key_taken(now.key, value=now):
            now.key = ""
        _write(now)
        return _publish([(before, now)], by=by, at=at, note=f"{now} in use again")


def _lock_taxonomy() -> None:
    """One change at a time, so that versions follow one another."""
    newest = TaxonomyVersion.objects.order_by("-number").select_for_update(no_key=True)
    newest.first()


def _as_seen(value: LabelValue, *, seen: int) -> LabelValue:
    """The value as it stands, locked. Raises Refused when it is not as somebody saw it."""
    values = LabelValue.objects.select_related("parent", "merged_into")
    now = values.select_for_update(no_key=True, of=("self",)).get(pk=value.pk)
    if now.version != seen:
        raise Refused(f"Somebody changed “{now}” after you opened it. Both are shown.")
    return now


def _create(value: NewValue, *, position: int) -> LabelValue:
    return LabelValue.objects.create(
        dimension=value.dimension,
        slug=value.slug,
        name=value.name,
        definition=value.definition,
        key=value.key,
        parent=value.area,
        is_area=value.is_area,
        position=position,
    )


def _write(value: LabelValue) -> None:
    value.version += 1
    value.save(update_fields=COLUMNS)


def _merged(value: LabelValue, heir: LabelValue) -> Changed:
    before = told(value)
    value.is_active, value.merged_into = False, heir
    _write(value)
    return before, value


def _publish(
    changed: Collection[Changed], *, by: Actor, at: datetime, note: str
) -> TaxonomyVersion:
    newest = TaxonomyVersion.objects.aggregate(number=Max("number"))["number"] or 0
    version = TaxonomyVersion.objects.create(
        number=newest + 1, published_at=at, note=note[:300], by_id=by.pk
    )
    ValueChange.objects.bulk_create(
        ValueChange(version=version, value=value, before=before, after=told(value))
        for before, value in changed
    )
    return version


def _change_note(before: dict[str, Any], value: LabelValue) -> str:
    """What a change was, for the list of versions."""
    said = []
    if before["name"] != value.name:
        said.append(f"{before['name']} renamed to {value.name}")
    if before["definition"] != value.definition:
        said.append(f"{value} redefined")
    if before["area"] != (value.parent.name if value.parent else ""):
        said.append(f"{value} moved to {value.parent or 'no area'}")
    if before["key"] != value.key:
        said.append(f"{value} on key {value.key or 'none'}")
    return "; ".join(said)


def _last_positions() -> dict[str, int]:
    rows = LabelValue.objects.values_list("dimension").annotate(Max("position"))
    return dict(rows)


def _refuse_in_use(value: NewValue) -> None:
    same = LabelValue.objects.filter(dimension=value.dimension)
    if same.filter(slug=value.slug).exists():
        raise Refused(f"{value.dimension.label} has “{value.name}” already.", field="slug")
    if value.key and same.active().filter(key=value.key).exists():
        raise Refused(f"Key {value.key} is another value's. Choose another key.", field="key")


def _refuse_name(name: str, *, dimension: str, other_than: LabelValue) -> None:
    same = LabelValue.objects.filter(dimension=dimension, is_active=True, name__iexact=name)
    if same.exclude(pk=other_than.pk).exists():
        raise Refused(f"{Dimension(dimension).label} has “{name}” already.", field="name")


def _is_key_taken(key: str, *, value: LabelValue) -> bool:
    same = LabelValue.objects.active().filter(dimension=value.dimension, key=key)
    return bool(key) and same.exclude(pk=value.pk).exists()


def _refuse_key(key: str, *, value: LabelValue) -> None:
    if key and value.is_area:
        raise Refused("An area is no answer and has no key.", field="key")
    if value.is_active and _is_key_taken(key, value=value):
        raise Refused(f"Key {key} is another value's. Choose another key.", field="key")


def _refuse_area(area: LabelValue | None, *, value: LabelValue) -> None:
    if area is None:
        return
    if value.is_area:
        raise Refused("An area stands in no other area.", field="area")
    if not (area.is_area and area.is_active and area.dimension == value.dimension):
        raise Refused(f"“{area}” is no area of this dimension.", field="area")


def _refuse_leaving(value: LabelValue, *, verb: str) -> None:
    """Values that something else relies on stay."""
    if not value.is_active:
        raise Refused(f"“{value}” is out of use already.")
    if value.is_needed:
        raise Refused(f"“{value}” is needed by the panel and can't be {verb}. Rename it instead.")


def _refuse_needed(value: LabelValue) -> None:
    if rules := LabelRule.objects.in_use().filter(value=value):
        raise Refused(f"{_named(rules)} answers with “{value}”. Change or retire that rule first.")
    if problems := Problem.objects.saying(value):
        raise Refused(f"{_named(problems)} answers with “{value}”. Change that problem first.")
    if children := LabelValue.objects.filter(parent=value, is_active=True):
        raise Refused(f"{_named(children)} stands in this area. Move it first.")


def _refuse_heir(heir: LabelValue, *, value: LabelValue) -> None:
    if heir.pk == value.pk or value.is_area or heir.is_area:
        raise Refused("Choose another value that can be answered.", field="into")
    if heir.dimension != value.dimension or not heir.is_active:
        raise Refused(f"“{heir}” is not in use here. Choose another value.", field="into")


def _named(things: Iterable[object]) -> str:
    return ", ".join(f"“{each}”" for each in things)
