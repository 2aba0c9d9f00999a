import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A state folder of the test's own; pytest closes its folders to the servers' account."""
    folder = Path(tempfile.mkdtemp(prefix="ss-test-"))
    folder.chmod(0o755)
    monkeypatch.setenv("SS_STATE_DIR", str(folder / "state"))
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    yield folder / "state"
    shutil.rmtree(folder)


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
