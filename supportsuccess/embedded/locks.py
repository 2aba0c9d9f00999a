"""File locks that the kernel lets go of when their holder dies."""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from supportsuccess.embedded.processes import CannotStart


@contextlib.contextmanager
def shared(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def take(path: Path) -> IO[str] | None:
    """Take the lock at once, or not at all. Closing the file gives it back."""
    file = path.open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def take_soon(path: Path, *, seconds: float) -> IO[str]:
    """Take the lock, waiting for its holder. Raises CannotStart when it holds on."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if file := take(path):
            return file
        time.sleep(0.1)
    raise CannotStart(f"{path} is held by another ./ss command: wait for it to end, or stop it")
