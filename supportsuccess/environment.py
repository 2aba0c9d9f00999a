"""Reading the environment: URLs of services into what Django's settings want."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def required(name: str) -> str:
    """The value of a variable that production must set. Raises ImproperlyConfigured."""
    if value := os.environ.get(name):
        return value
    raise ImproperlyConfigured(f"{name} must be set when SS_PUBLIC_URL is (see README.md)")


def database(url: str, *, limits: Mapping[str, str]) -> dict[str, Any]:
    """A DATABASES entry; `limits` become settings of each of its sessions."""
    parts = _split(url, schemes={"postgresql", "postgres"})
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            **dict(parse_qsl(parts.query)),
            "options": " ".join(f"-c {key}={value}" for key, value in limits.items()),
        },
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def mailer(url: str) -> dict[str, Any]:
    """A MAILERS entry for smtp:// (plain), smtp+tls://, smtps:// or file:// (a folder)."""
    parts = _split(url, schemes={"smtp", "smtp+tls", "smtps", "file"})
    if parts.scheme == "file":
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": unquote(parts.path)},
        }
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname or "localhost",
            "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": 15,
        },
    }


def _split(url: str, *, schemes: set[str]) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in schemes:
        known = ", ".join(sorted(schemes))
        # The URL itself may hold a password: it is not repeated.
        raise ImproperlyConfigured(f"a URL starts with {parts.scheme!r}; known are {known}")
    return parts
