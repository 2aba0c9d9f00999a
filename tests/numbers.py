"""A page as a tree, and the numbers a reader sees in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DIGIT = re.compile(r"\d")
FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?")
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNSEEN = {"head", "script", "style", "template", "symbol"}


@dataclass(eq=False)
class Element:
    """A tag with what stands in it: other tags, and text between them."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    inside: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        parts = (one if isinstance(one, str) else one.text for one in self.inside)
        return " ".join("".join(parts).split())

    @property
    def line(self) -> list[Element]:
        """This element and all around it, the nearest first."""
        return [self, *(self.parent.line if self.parent else [])]

    @property
    def named(self) -> str:
        """As a style sheet would name it."""
        return ".".join([self.tag, *sorted(self.classes)])

    def line_attribute(self, name: str) -> str:
        """An attribute of this element, or of the nearest around it that has it."""
        return next(one.attributes[name] for one in self.line if name in one.attributes)

    def around(self, tag: str) -> Element | None:
        return next((one for one in self.line if one.tag == tag), None)

    def walk(self) -> Iterator[Element]:
        yield self
        for one in self.inside:
            if isinstance(one, Element):
                yield from one.walk()

    def marked(self, name: str, value: str = "") -> list[Element]:
        """What has this attribute, or this value of it."""
        found = [one for one in self.walk() if name in one.attributes]
        return [one for one in found if not value or one.attributes[name] == value]

    def matches(self, selector: str) -> bool:
        """`tag`, `.class`, `#id`, `[attribute]` or `[attribute=value]`."""
        if selector.startswith("."):
            return selector[1:] in self.classes
        if selector.startswith("#"):
            return self.attributes.get("id") == selector[1:]
        if selector.startswith("["):
            name, _, value = selector[1:-1].partition("=")
            return name in self.attributes and (not value or self.attributes[name] == value)
        return self.tag == selector

    def stands_in(self, selectors: str) -> bool:
        """Whether selectors, each inside the one before it, lead to this element."""
        *outer, last = selectors.split()
        for place, one in enumerate(self.line):
            if one.matches(last):
                around = self.line[place + 1 :]
                return not outer or bool(around and around[0].stands_in(" ".join(outer)))
        return False

    @property
    def is_unseen(self) -> bool:
        return any(
            one.tag in UNSEEN or "hidden" in one.attributes or "visually-hidden" in one.classes
            for one in self.line
        )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.now = Element("page", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        made = Element(tag, attributes, self.now)
        self.now.inside.append(made)
        if tag not in VOID:
            self.now = made

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        opened = self.now.around(tag)
        if opened is not None and opened.parent is not None:
            self.now = opened.parent

    def handle_data(self, data: str) -> None:
        self.now.inside.append(data)


def read(content: str) -> Element:
    """A page's tree."""
    reader = _Reader()
    reader.feed(content)
    reader.close()
    return reader.root


def with_digits(page: Element) -> Iterator[tuple[Element, str]]:
    """Each visible text that has a digit in it, with the element that it stands in."""
    for element in page.walk():
        for one in element.inside:
            if isinstance(one, str) and DIGIT.search(one) and not element.is_unseen:
                yield element, " ".join(one.split())


def figure(text: str) -> float:
    """The one number of a text; 12,345 and 2.5 alike."""
    [found] = FIGURE.findall(text)
    value = float(found.replace(",", ""))
    return -value if "\N{MINUS SIGN}" in text else value
