"""One valid row of any model, made from what its fields require."""

from datetime import UTC, date, datetime

from django.apps import apps
from django.db import models, transaction
from django.db.models import NOT_PROVIDED
from psycopg.types.range import TimestamptzRange

from supportsuccess import audit

MOMENT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = date(2026, 6, 1)
# What a model needs beyond the first choice of each of its required fields.
NEEDED = {
    "accounts.ApiToken": {"scopes": ["read"]},
    "accounts.Assignment": {"holder_user": "accounts.User"},
    "accounts.BusinessCalendar": {"weekly_hours": [[]] * 7},
    "accounts.ChatHook": {"user": "accounts.User", "url": "https://example.com/x"},
    "accounts.Contact": {"external_id": "1"},
    "accounts.Contract": {"ends_on": date(2027, 1, 1), "external_id": "1"},
    "accounts.Customer": {"external_id": "1"},
    "accounts.HealthOverride": {"expires_at": datetime(2026, 7, 1, tzinfo=UTC)},
    "accounts.Membership": {"role": "lead"},
    "accounts.Notification": {"path": "/x"},
    "accounts.Organisation": {"id": 1},
    "accounts.Pool": {"is_intake": True},
    "accounts.ProposedChange": {"by": "accounts.User"},
    "accounts.Team": {"external_id": "1"},
    "accounts.Touch": {"external_id": "1"},
    "accounts.User": {"email": "x@example.com", "role": "agent"},
    "tickets.Handoff": {"state": "offered", "offered_at": MOMENT, "due_at": MOMENT},
    "tickets.HandoffDecision": {"receiver": "accounts.User"},
    "tickets.HandoffEvent": {"kind": "thanked"},
    "audit.EventGroup": {
        "actor_id": 1,
        "operation_id": "00000000-0000-0000-0000-000000000001",
    },
    "insights.Scorecard": {"segment": "enterprise"},
    "insights.RenewalOutlook": {
        "p_lost": 0,
        "p_contracted": 0,
        "renewable_arr": 1,
        "expected_loss": 1,
    },
    "tickets.LabelRule": {"keywords": ["x"]},
    "tickets.LabelValue": {"key": "§"},
    "tickets.TaxonomyVersion": {"number": 999},
    "tickets.Labeling": {"by": "accounts.User"},
    "tickets.Problem": {"error_signature": "x"},
}
BY_TYPE = {
    models.TextField: "x",
    models.EmailField: "x@example.com",
    models.IntegerField: 1,
    models.DecimalField: 1,
    models.FloatField: 1.0,
    models.BooleanField: False,
    models.DateTimeField: MOMENT,
    models.DateField: DAY,
    models.JSONField: {},
    models.UUIDField: "00000000-0000-0000-0000-000000000001",
    models.BinaryField: b"x",
}


# Rows that stand only together with another's.
COMPANIONS = {"tickets.Handoff": "tickets.HandoffHolder"}


class Rows:
    """A row of each model asked for; what it points to is made along with it."""

    def __init__(self):
        self.made = {}

    def row(self, model):
        """The one row of this model."""
        values = {} if model in self.made else self._values(model)
        if model not in self.made:  # not even as the companion of what it points to
            with transaction.atomic(), audit.group("rows", by=audit.System("tests")):
                self.made[model] = model(**values)
                self.made[model].save(force_insert=True)
            if model._meta.label in COMPANIONS:
                self.row(apps.get_model(COMPANIONS[model._meta.label]))
        return self.made[model]

    def _values(self, model):
        needed = NEEDED.get(model._meta.label, {})
        required = {field.name for field in model._meta.concrete_fields if _is_required(field)}
        return {
            field.name: self._value(field, needed.get(field.name))
            for field in model._meta.concrete_fields
            if field.name in needed or field.name in required
        }

    def _value(self, field, needed):
        if field.is_relation:
            return self.row(field.remote_field.model)
        return _plain_value(field) if needed is None else needed


def _is_required(field):
    has_default = field.default is not NOT_PROVIDED or field.db_default is not NOT_PROVIDED
    is_auto = isinstance(field, models.AutoField | models.GeneratedField)
    return not (
        field.null or has_default or is_auto or (field.blank and field.empty_strings_allowed)
    )


def _plain_value(field):
    if field.choices:
        return field.choices[0][0]
    if field.get_internal_type() == "DateTimeRangeField":
        return TimestamptzRange(MOMENT, None)
    if field.name == "currency":
        return "EUR"
    if isinstance(field, models.CharField):
        return BY_TYPE.get(type(field), "x")
    return next(value for kind, value in BY_TYPE.items() if isinstance(field, kind))
