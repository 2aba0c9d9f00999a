import io
import re
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from insights.management.commands import demo
from supportsuccess import arguments


def test_a_day_is_read():
    assert arguments.day("2026-05-31") == date(2026, 5, 31)
    assert arguments.days("90") == 90


@pytest.mark.parametrize("text", ["nope", "31.5.2026", "2026-02-30", ""])
def test_what_is_no_day_is_refused_in_words(text):
    with pytest.raises(ArgumentTypeError, match="write it like 2026-05-31"):
        arguments.day(text)


@pytest.mark.parametrize("text", ["0", "-3", "99999999999", "3651", "soon", "²"])
def test_a_number_of_days_has_bounds(text):
    with pytest.raises(ArgumentTypeError):
        arguments.days(text)


def test_a_file_that_cannot_be_written_is_named(monkeypatch, tmp_path):
    path = tmp_path / "no such folder" / "customers.csv"
    monkeypatch.setattr(demo, "write_customers_for", lambda *_, **__: path.open("w"))

    with pytest.raises(CommandError, match="can't be written"):
        call_command("demo", "customers-for", "servicenow", f"--out={path}", stdout=io.StringIO())


def test_the_readme_marks_what_production_must_set():
    base = Path(settings.BASE_DIR)
    source = (base / "supportsuccess" / "settings.py").read_text()
    marked = re.findall(r"^\| `(\w+)` \* \|", (base / "README.md").read_text(), re.MULTILINE)

    assert set(re.findall(r'required\("(\w+)"\)', source)) <= set(marked)
