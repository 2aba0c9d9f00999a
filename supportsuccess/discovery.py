"""Importing what registers itself: every app's module of a name, or all modules of that package."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


def import_modules(*names: str) -> None:
    """Import `<app>.<name>` and, where it is a package, each module in it."""
    for config in apps.get_app_configs():
        for name in names:
            if find_spec(f"{config.name}.{name}"):
                _import_whole(f"{config.name}.{name}")


def _import_whole(name: str) -> None:
    module = import_module(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        import_module(f"{name}.{found.name}")
