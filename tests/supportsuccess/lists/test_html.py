import pytest
from django.utils.functional import lazystr
from django.utils.html import format_html
from django.utils.safestring import SafeString

from supportsuccess.lists.empty import all_done
from supportsuccess.lists.html import html

VALUES = [
    "<script>",
    "\"'&<>",
    "{0}{}",
    "&amp;",
    5,
    None,
    SafeString("<b>x</b>"),
    lazystr("<i>"),
    all_done("<u>", text="x"),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_html_escapes_as_django_does(value):
    made = html('<p title="{}">{}</p>', value, value)

    assert made == format_html('<p title="{}">{}</p>', value, value)
    assert isinstance(made, SafeString)
