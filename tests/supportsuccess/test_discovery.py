import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import AppConfig, apps

from supportsuccess.discovery import import_modules


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An app with a package `jobs` whose __init__ is empty, and a module `tasks` with a mistake."""
    jobs = tmp_path / "an_app" / "jobs"
    jobs.mkdir(parents=True)
    for path in (jobs.parent / "__init__.py", jobs / "__init__.py", jobs / "nightly.py"):
        path.touch()
    (jobs.parent / "tasks.py").write_text("import nothing_of_this_name")
    monkeypatch.syspath_prepend(tmp_path)
    config = AppConfig.create("an_app")
    monkeypatch.setattr(apps, "get_app_configs", lambda: [config])
    yield config.name
    for name in [name for name in sys.modules if name.split(".")[0] == config.name]:
        del sys.modules[name]


def test_all_modules_of_a_package_are_imported(app: str) -> None:
    import_modules("jobs", "adapters")

    assert f"{app}.jobs.nightly" in sys.modules


def test_mistake_in_a_module_is_not_hidden(app: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="nothing_of_this_name"):
        import_modules("tasks")
