import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own, which the servers' account can reach."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    monkeypatch.setenv("SS_STATE_DIR", str(tmp_path / "state"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "state"


@pytest.fixture
def as_somebody_else() -> Callable[[Callable[[], object]], str]:
    """Run something as an account without rights; the answer is what it raised or returned."""

    def run(work: Callable[[], object]) -> str:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            _answer(work, write)
        os.close(write)
        with os.fdopen(read) as answer:
            said = answer.read()
        os.waitpid(child, 0)
        return said

    return run


def _answer(work: Callable[[], object], write: int) -> None:
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        said = repr(work())
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent wants to know
        said = f"{type(error).__name__}: {error}"
    os.write(write, said.encode())
    os._exit(0)
