from datetime import date

import pytest
from django import forms

from accounts.forms.days import DayField, NotADay, read_day

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", date(2026, 11, 21)),
        ("Tomorrow", date(2026, 11, 22)),
        ("fri", date(2026, 11, 27)),
        ("friday", date(2026, 11, 27)),
        ("sat", date(2026, 11, 28)),
        ("sun", date(2026, 11, 22)),
        ("+7", date(2026, 11, 28)),
        ("+ 2w", date(2026, 12, 5)),
        ("+3d", date(2026, 11, 24)),
        ("1 dec", date(2026, 12, 1)),
        ("1. December", date(2026, 12, 1)),
        ("20 nov", date(2027, 11, 20)),
        ("21 nov", date(2026, 11, 21)),
        ("1 mar 2026", date(2026, 3, 1)),
        ("29 feb", date(2028, 2, 29)),
        (" 2026-12-01 ", date(2026, 12, 1)),
    ],
)
def test_a_typed_day_is_read(typed, day):
    assert read_day(typed, today=SATURDAY) == day


@pytest.mark.parametrize(
    "typed", ["", "fr", "soon", "+", "+99999", "31 feb", "30 feb 2027", "1 foo", "2026-13-01", "9"]
)
def test_what_names_no_day_is_refused(typed):
    with pytest.raises(NotADay):
        read_day(typed, today=SATURDAY)


def test_a_year_past_the_last_is_refused():
    with pytest.raises(NotADay):
        read_day("+9999", today=date(9999, 1, 1))


class StepForm(forms.Form):
    on = DayField(required=False)


def test_the_field_gives_a_day():
    form = StepForm({"on": "2026-12-01"})

    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2026, 12, 1)


def test_the_field_may_be_empty():
    form = StepForm({"on": ""})

    assert form.is_valid()
    assert form.cleaned_data["on"] is None


def test_the_field_takes_a_day_as_it_is():
    assert DayField().clean(date(2026, 12, 1)) == date(2026, 12, 1)


def test_the_field_says_what_it_understands():
    form = StepForm({"on": "soon"})

    assert form.errors["on"] == ["Not a day. Try fri, +7, +2w, 1 dec, 2026-12-01."]
