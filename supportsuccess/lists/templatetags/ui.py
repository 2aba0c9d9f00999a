"""`{% load ui %}`: the components that templates call; `lists.cells` makes most of them."""

from uuid import uuid4

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from supportsuccess import navigation as sidebar
from supportsuccess.lists import cells, charts, icons

register = template.Library()

register.simple_tag(icons.icon, name="icon")
register.simple_tag(charts.sparkline, name="sparkline")
register.simple_tag(charts.meter, name="meter")
for cell in (
    cells.money,
    cells.number,
    cells.percent,
    cells.change,
    cells.day,
    cells.due,
    cells.days_from,
    cells.age,
    cells.ago,
    cells.badge,
    cells.health,
    cells.trend,
    cells.dots,
    cells.person,
    cells.avatar,
):
    register.simple_tag(cell, name=cell.__name__)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[sidebar.Group]:
    """The sidebar for who is signed in: `{% navigation as groups %}`."""
    request = context["request"]
    return sidebar.groups_for(request.user, path=request.path)


@register.simple_tag
def operation_id() -> SafeString:
    """A form with this field does its thing once, however often it is sent."""
    return format_html('<input type="hidden" name="operation_id" value="{}">', uuid4())


@register.filter
def notice_tone(level: str) -> str:
    """The tone of a notice for the level of a message."""
    return {"success": "good", "warning": "warn", "error": "bad"}.get(level, "")


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, object]:
    """A form's field with its label, help and errors."""
    return {
        "field": bound,
        "is_check": isinstance(bound.field.widget, CheckboxInput),
        "is_group": bound.field.widget.use_fieldset,
    }


@register.inclusion_tag("components/fields.html")
def fields(form: object) -> dict[str, object]:
    """All fields of a form, and above them what is wrong with it as a whole."""
    return {"form": form}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(label: str, url: str) -> dict[str, str]:
    """One step of the way to this page."""
    return {"label": label, "url": url}
