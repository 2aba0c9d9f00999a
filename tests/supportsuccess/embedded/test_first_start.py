import io
from pathlib import Path

import pytest
from django.core.management import call_command

from insights.management.commands import demo
from supportsuccess.embedded import first_start
from supportsuccess.embedded.first_start import UNFINISHED, loading_demo
from supportsuccess.errors import Refused


def test_a_load_leaves_its_password_and_no_mark(state: Path) -> None:
    with loading_demo() as password:
        assert (state / UNFINISHED).exists()

    assert not (state / UNFINISHED).exists()
    assert first_start.demo_password() == password


def test_a_load_cut_short_is_known_to_the_next_start(state: Path) -> None:
    with pytest.raises(KeyboardInterrupt), loading_demo():
        raise KeyboardInterrupt

    assert (state / UNFINISHED).exists()


def test_a_load_that_was_refused_is_not_begun(state: Path) -> None:
    with pytest.raises(Refused), loading_demo():
        raise Refused("People work here already.")

    assert not (state / UNFINISHED).exists()


def test_a_password_given_later_is_not_told_for_people_who_have_another(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loading_demo() as password:
        pass
    monkeypatch.setenv("SS_DEMO_PASSWORD", "chosen later")

    assert first_start.demo_password() == password


def test_a_given_password_is_kept_when_its_people_are_there(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loading_demo() as former:
        pass
    monkeypatch.setenv("SS_DEMO_PASSWORD", "given")

    with pytest.raises(Refused), loading_demo():
        raise Refused("People work here already.")
    assert first_start.demo_password() == former

    with loading_demo() as password:
        assert password == "given"  # noqa: S105 - made up
    assert first_start.demo_password() == "given"


def test_the_command_loads_people_with_the_password_that_is_told(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {}
    monkeypatch.setattr(demo, "_has_tables", lambda: True)
    monkeypatch.setattr(demo, "load", lambda **told: given.update(told))

    call_command("demo", stdout=io.StringIO())

    assert given["password"] == first_start.demo_password()
