from pathlib import Path

import pytest

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
