"""HTML from parts, for what is made a thousand times a page.

The same as Django's `format_html` at a fifth of its cost: nothing here is lazy.
"""

from html import escape

from django.utils.safestring import SafeString


def escaped(value: object) -> str:
    """A value as HTML; what is HTML already stays as it is."""
    if isinstance(value, SafeString):
        return value
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


def html(template: str, *values: object) -> SafeString:
    """A template of one's own with values in its `{}`, each escaped."""
    return SafeString(template.format(*map(escaped, values)))
