import stat
from pathlib import Path

import pytest

from supportsuccess.embedded import paths
from supportsuccess.embedded.processes import CannotStart


def test_a_secret_is_made_once(state: Path) -> None:
    first = paths.kept_secret("secret_key", length=16)

    assert len(first) > 16
    assert paths.kept_secret("secret_key", length=16) == first


def test_a_secret_is_readable_by_its_owner_alone(state: Path) -> None:
    paths.kept_secret("secret_key", length=16)

    assert stat.S_IMODE((state / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in state.iterdir()] == ["secret_key"]


def test_a_given_secret_takes_the_place_of_the_kept_one(state: Path) -> None:
    paths.kept_secret("demo_password", length=9)

    paths.keep_secret("demo_password", "given")

    assert paths.kept_secret("demo_password", length=9) == "given"


def test_a_socket_stands_in_the_state_folder(state: Path) -> None:
    assert paths.postgres_socket_dir() == state / "pgsock"


def test_a_socket_of_a_deep_folder_has_a_short_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SS_STATE_DIR", str(tmp_path / ("deep" * 40)))

    assert len(str(paths.postgres_socket_dir() / ".s.PGSQL.5432")) < 100
    assert len(str(paths.valkey_socket())) < 100


def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sockets").symlink_to(tmp_path)

    with pytest.raises(CannotStart, match="belongs to somebody else"):
        paths.own_dir(tmp_path / "sockets")


def test_a_state_folder_that_is_a_file_is_named(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("SS_STATE_DIR", str(tmp_path / "taken"))

    with pytest.raises(CannotStart, match="can't be a folder of ours: File exists"):
        paths.make_state_dir()


def test_a_secret_that_cannot_be_written_is_said_in_a_sentence(state: Path, monkeypatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(paths.os, "fdopen", full)
        with pytest.raises(CannotStart, match="can't be written: No space left on device"):
            paths.kept_secret("secret_key", length=16)
