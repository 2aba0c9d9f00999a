"""What every interval obeys: not empty, closed once, its beginning never moved."""

from collections.abc import Sequence
from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Func, Q, Value

ALWAYS_EDITABLE = ("during", "version")


def during_is_not_empty(model_name: str) -> models.CheckConstraint:
    """The constraint that refuses an interval without a moment in it."""
    return models.CheckConstraint(
        condition=Q(during__isempty=False), name=f"{model_name}_during_not_empty"
    )


def interval(*, editable: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """The trigger that lets an interval's end be set once, or moved while it is in the future."""
    columns = ", ".join(f"'{name}'" for name in (*ALWAYS_EDITABLE, *editable))
    return [
        pgtrigger.Trigger(
            name="closed_once",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            func=f"""
                IF to_jsonb(OLD) - ARRAY[{columns}]
                   IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{columns}]
                   OR lower(OLD.during) IS DISTINCT FROM lower(NEW.during) THEN
                    RAISE EXCEPTION '% keeps its beginning and its facts', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                IF OLD.during IS DISTINCT FROM NEW.during
                   AND upper(OLD.during) <= statement_timestamp() THEN
                    RAISE EXCEPTION '% is closed once', TG_TABLE_NAME
                        USING ERRCODE = 'restrict_violation';
                END IF;
                RETURN NEW;
            """,
        )
    ]


def ended(at: datetime) -> Func:
    """What `during` becomes when an interval is closed: `.update(during=ended(at))`."""
    return Func(
        Func(F("during"), function="lower", output_field=models.DateTimeField()),
        Value(at, output_field=models.DateTimeField()),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
