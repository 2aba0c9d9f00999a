"""Every named route of the program, and an address of it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

ANY_NUMBER = 1


def named_routes() -> list[tuple[str, str]]:
    """Name and address of each, in the order of the names."""
    return sorted(set(_walk(get_resolver(), "", "/")))


def _walk(resolver: URLResolver, namespace: str, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + _filled(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, path)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{namespace}{pattern.name}", path


def _filled(pattern: object) -> str:
    """An address of this pattern, its places filled with a number."""
    text = str(pattern)
    for name, converter in getattr(pattern, "converters", {}).items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        value = {"uuid": "00000000-0000-0000-0000-000000000001"}.get(kind, str(ANY_NUMBER))
        for prefix in ("int:", "str:", "slug:", "uuid:", "path:", ""):
            text = text.replace(f"<{prefix}{name}>", value)
    return text.replace("(?P<pk>[0-9]{1,18})", "1").strip("^$").replace("\\Z", "")
