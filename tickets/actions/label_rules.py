"""Rules that answer a dimension so that people need not, and what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import Max

from supportsuccess import audit, outbox
from supportsuccess.errors import Refused
from tickets.actions.label_recording import state_learning
from tickets.models import (
    MOST_KEYWORDS,
    NOT_YET_KNOWN,
    Labeling,
    LabelRule,
    Origin,
    TaxonomyVersion,
    Ticket,
)
from tickets.queries.label_rules import answers_by_rules
from tickets.queries.words import words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from accounts.models import User
    from supportsuccess.imports.models import ImportBatch
    from tickets.models import LabelValue

AFTER_IMPORT = "answer_by_rules_after_import"


class RuleContent(NamedTuple):
    """What a rule says, and of which tickets."""

    name: str
    value: LabelValue
    keywords: Sequence[str] = ()
    channel: str = ""
    kind: str = ""
    source: str = ""


class Answered(NamedTuple):
    """How many answers rules gave, and to how many tickets."""

    answers: int
    tickets: int


@transaction.atomic
def add_rule(content: RuleContent, *, by: User | audit.System) -> LabelRule:
    """Add a rule, tried after all others. Raises Refused for what no rule may say."""
    with audit.group("add_label_rule", by=by):
        _lock_order()
        _refuse_content(content)
        last = LabelRule.objects.aggregate(last=Max("position"))["last"]
        position = 0 if last is None else last + 1
        return LabelRule.objects.create(**_columns(content), position=position)


@transaction.atomic
def change_rule(rule: LabelRule, content: RuleContent, *, seen: int, by: User) -> None:
    """Change what a rule says from now on; what it answered stays. Raises Refused."""
    with audit.group("change_label_rule", rule, by=by):
        locked = _locked(rule)
        _refuse_changed(locked, seen)
        _refuse_content(content, other_than=locked)
        _write(locked, **_columns(content))


@transaction.atomic
def move_rule(rule: LabelRule, *, places: int, by: User) -> None:
    """Try a rule so many places later, or earlier where negative. Raises Refused at the end."""
    with audit.group("move_label_rule", rule, by=by):
        order = _lock_order()
        if rule not in order:
            raise Refused(f"“{rule}” is retired. Bring it back first.")
        old = order.index(rule)
        new = old + places
        if not 0 <= new < len(order):
            raise Refused(f"“{rule}” can't be moved further.")
        order.insert(new, order.pop(old))
        for position, each in enumerate(order):
            if each.position != position:
                _write(each, position=position)


@transaction.atomic
def retire_rule(rule: LabelRule, *, by: User) -> None:
    """Answer nothing by this rule any more; what it answered stays. Raises Refused."""
    with audit.group("retire_label_rule", rule, by=by):
        locked = _locked(rule)
        if not locked.is_active:
            raise Refused(f"“{rule}” is retired already.")
        _write(locked, is_active=False)


@transaction.atomic
def restore_rule(rule: LabelRule, *, by: User) -> None:
    """Answer by a retired rule again, at its old place. Raises Refused."""
    with audit.group("restore_label_rule", rule, by=by):
        locked = _locked(rule)
        if locked.is_active:
            raise Refused(f"“{rule}” is in use already.")
        _refuse_value(locked.value)
        _write(locked, is_active=True)


@transaction.atomic
def answer_by_rules(
    ticket_ids: Collection[int], *, by: User | audit.System, at: datetime
) -> Answered:
    """Answer what rules answer of these tickets, as far as they are due and nobody said anything.

    Whoever answers a ticket locks it, so an answer given meanwhile is seen, and stands.
    """
    with audit.group("answer_by_rules", by=by):
        due = Ticket.objects.due().filter(pk__in=ticket_ids).order_by("pk")
        locked = list(due.select_for_update(no_key=True).values_list("pk", flat=True))
        found = answers_by_rules(locked)
        if found:
            version = TaxonomyVersion.objects.latest("number")
            Labeling.objects.bulk_create(
                Labeling(
                    **answer._asdict(),
                    origin=Origin.RULE,
                    taxonomy_version=version,
                    occurred_at=at,
                    recorded_at=at,
                )
                for answer in found
            )
            state_learning(sorted({answer.ticket_id for answer in found}))
    return Answered(answers=len(found), tickets=len({answer.ticket_id for answer in found}))


def promise_answers(batch: ImportBatch) -> None:
    """Have the rules answer what a file told, once it is in."""
    if LabelRule.objects.in_use().exists():
        outbox.promise(AFTER_IMPORT, queue=outbox.LONG, batch_id=batch.pk)


def _locked(rule: LabelRule) -> LabelRule:
    return LabelRule.objects.select_for_update(no_key=True).get(pk=rule.pk)


def _lock_order() -> list[LabelRule]:
    active = LabelRule.objects.filter(is_active=True).order_by("position", "pk")
    return list(active.select_for_update(no_key=True))


def _write(rule: LabelRule, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(rule, name, value)
    rule.version += 1
    rule.save(update_fields=[*columns, "version"])


def _columns(content: RuleContent) -> dict[str, Any]:
    return content._asdict() | {"keywords": list(content.keywords)}


def _refuse_changed(rule: LabelRule, seen: int) -> None:
    if rule.version != seen:
        raise Refused(f"“{rule}” was changed after you opened it. Open it again, then change it.")


def _refuse_content(content: RuleContent, *, other_than: LabelRule | None = None) -> None:
    others = LabelRule.objects.filter(name__iexact=content.name)
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)
    if others.exists():
        raise Refused(
            f"Another rule is called “{content.name}”. Choose another name.", field="name"
        )
    _refuse_value(content.value)
    _refuse_keywords(content.keywords)
    if not any((content.keywords, content.channel, content.kind, content.source)):
        raise Refused(
            "The rule would answer every ticket. Name a keyword, channel, kind or source.",
            field="keywords",
        )


def _refuse_value(value: LabelValue) -> None:
    if not value.is_active or value.is_area:
        raise Refused(f"“{value}” is out of use. Choose another value.", field="value")
    if value.slug == NOT_YET_KNOWN:
        raise Refused(
            f"“{value}” asks a person to look again. Choose another value.", field="value"
        )


def _refuse_keywords(keywords: Sequence[str]) -> None:
    if len(keywords) > MOST_KEYWORDS:
        raise Refused(
            f"{len(keywords)} keywords are too many for one rule. "
            f"Keep {MOST_KEYWORDS}, or make two rules.",
            field="keywords",
        )
    for keyword in keywords:
        if not words_of(keyword):
            raise Refused(f"“{keyword}” holds no word. Write letters or digits.", field="keywords")
