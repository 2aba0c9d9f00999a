"""Where the embedded servers keep their files, and secrets made on the first start."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from supportsuccess.embedded.processes import IS_ROOT, CannotStart, server_account

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SOCKET_PATH_LIMIT = 100  # sun_path holds 104 bytes on the smallest system


def others_can_reach(path: Path) -> bool:
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents) if p.exists())


def state_dir() -> Path:
    if configured := os.environ.get("SS_STATE_DIR"):
        return Path(configured).resolve()
    if IS_ROOT and not others_can_reach(BASE_DIR):
        # The account PostgreSQL runs as cannot get through a closed home folder, and opening
        # somebody's folder is not ours to do.
        return Path("/var/lib/supportsuccess-embedded") / _digest(BASE_DIR)
    return BASE_DIR / "var"


def postgres_socket_dir() -> Path:
    return _short_enough(state_dir() / "pgsock", ".s.PGSQL.5432")


def valkey_socket() -> Path:
    return _short_enough(state_dir() / "valkey", "s.sock") / "s.sock"


def _short_enough(path: Path, name: str) -> Path:
    if len(str(path / name).encode()) < SOCKET_PATH_LIMIT:
        return path
    return Path("/tmp") / f"ss-{os.geteuid()}-{_digest(path)}"  # noqa: S108 - checked in own_dir


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def make_state_dir() -> Path:
    """Make the state folder. Raises CannotStart when it belongs to somebody else."""
    path = state_dir()
    try:
        path.mkdir(parents=True, exist_ok=True)
        if IS_ROOT:
            path.chmod(0o755)  # the servers' account passes through
        probe = path / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except PermissionError:
        raise CannotStart(
            f"{path} belongs to somebody else: set SS_STATE_DIR to a folder of your own"
        ) from None
    except OSError as error:
        raise CannotStart(f"{path} can't be a folder of ours: {error.strerror}") from None
    return path


def own_dir(path: Path) -> None:
    """Make a private folder of the servers' account. Raises CannotStart when it is another's."""
    account = server_account()
    owner = account.get("user", os.geteuid())
    path.mkdir(parents=True, exist_ok=True)
    # Under /tmp somebody else may have made it first.
    if path.is_symlink() or path.stat().st_uid not in {owner, os.geteuid()}:
        raise CannotStart(f"{path} belongs to somebody else: remove it, or set SS_STATE_DIR")
    path.chmod(0o700)
    if account:
        os.chown(path, account["user"], account["group"])


def kept_secret(name: str, *, length: int) -> str:
    """A secret made once and kept in the state folder, readable by its owner alone."""
    path = state_dir() / name
    if not path.exists():
        made = secrets.token_urlsafe(length)
        # Of two first starts one wins, and both read its secret.
        with (
            _written_aside(make_state_dir() / name, made) as aside,
            contextlib.suppress(FileExistsError),
        ):
            path.hardlink_to(aside)
    return _read(path)


def keep_secret(name: str, secret: str) -> None:
    """Keep a secret that was given, in place of what was kept."""
    path = make_state_dir() / name
    with _written_aside(path, secret) as aside:
        aside.replace(path)


@contextlib.contextmanager
def _written_aside(path: Path, secret: str) -> Iterator[Path]:
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secret + "\n")
    except OSError as error:
        raise CannotStart(f"{path} can't be written: {error.strerror}") from None
    yield aside
    aside.unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except PermissionError:
        raise CannotStart(
            f"{path} belongs to somebody else: set SS_STATE_DIR to a folder of your own"
        ) from None
