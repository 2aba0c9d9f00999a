"""What somebody typed, as the words that tickets and messages are looked up by."""

from __future__ import annotations

import re

from django.contrib.postgres.search import quote_lexeme

LONGEST = 200
HYPHENATED = re.compile(r"\w+(-\w+)+")


def words_of(text: str) -> list[str]:
    """What somebody typed as words to look for: none is empty, a mark or unprintable."""
    parts = [part for word in printable(text).split() for part in _parts(word.lstrip("#"))]
    return [part for part in parts if any(map(str.isalnum, part))]


def query_of(text: str) -> str:
    """All of these words, the last one perhaps not typed to its end; empty for no words."""
    return all_of(words_of(text))


def printable(text: str) -> str:
    """The text cut to what is looked up, without signs that cannot be seen."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])


def all_of(words: list[str]) -> str:
    """All of these words, the last one perhaps not typed to its end."""
    return " & ".join([*map(whole, words[:-1]), *map(_begun, words[-1:])])


def whole(word: str) -> str:
    """This word and none that begins with it."""
    return f"({' | '.join(map(quote_lexeme, _spellings(word)))})"


def _parts(word: str) -> list[str]:
    """The parts of B-123 as they are stored: digits keep the hyphen before them, as their sign."""
    if not HYPHENATED.fullmatch(word):
        return [word]
    first, *others = word.split("-")
    return [first, *(f"-{part}" if part.isdecimal() else part for part in others)]


def _begun(word: str) -> str:
    """A word that may go on; one sign alone stands for itself, for a tenth of all begin with it."""
    if len(word) == 1:
        return whole(word)
    return f"({' | '.join(f'{quote_lexeme(each)}:*' for each in _spellings(word))})"


def _spellings(word: str) -> list[str]:
    """As it is; digits alone may be the last part of a number, too."""
    return [word, f"-{word}"] if word.isdecimal() else [word]
