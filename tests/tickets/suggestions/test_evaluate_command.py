import csv
import gzip
import json

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.suggestions.texts import texts_of


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "texts.csv.gz"
    with gzip.open(path, "wt", newline="") as lines:
        writer = csv.writer(lines)
        writer.writerow(["subject", "body", "kind"])
        for kind in ("bug", "billing"):
            writer.writerows(["Again", text, kind] for text in texts_of(kind, count=250))
        writer.writerow(["Again", "without a label", ""])
    return path


def evaluate(*arguments, capsys):
    call_command("evaluate_suggestions", *map(str, arguments))
    return capsys.readouterr().out


def test_figures_stand_beside_the_commonest_value(file, capsys):
    printed = evaluate(
        file, "--text", "subject", "--text", "body", "--label", "kind", "--json", capsys=capsys
    )

    report = json.loads(printed)
    assert (report["rows"], report["held_out"]) == (500, 100)
    assert report["accuracy"]["share"] > 0.9 > report["majority"]["share"]
    assert report["values"]["bug"]["silence"] == ""


def test_figures_are_told_in_words(file, capsys):
    printed = evaluate(file, "--text", "body", "--label", "kind", capsys=capsys)

    assert "500 rows, 100 of them held out" in printed
    assert "bug (250 labels): precision" in printed


def test_equal_texts_are_one_row(file):
    with pytest.raises(CommandError, match="no two values"):
        call_command("evaluate_suggestions", str(file), "--text", "subject", "--label", "kind")


def test_a_column_that_is_not_there_is_named_with_those_that_are(file):
    with pytest.raises(CommandError, match="no column nothing; there is subject, body, kind"):
        call_command("evaluate_suggestions", str(file), "--text", "nothing", "--label", "kind")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command(
            "evaluate_suggestions", str(tmp_path / "none.csv"), "--text", "a", "--label", "b"
        )
