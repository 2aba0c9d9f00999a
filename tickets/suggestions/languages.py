"""Which language a text is in, by the commonest words: enough to keep two languages apart."""

from __future__ import annotations

import re
from collections import Counter

# What each language has and the others lack; short words make up a third of any text.
COMMON = {
    "en": "the and is are to of for with not this that have has we you it can please from was",
    "de": "der die das und ist nicht wir ich sie mit für auf ein eine bitte haben kann von den",
    "fr": "le les des est une nous vous pas pour avec dans que qui sur merci ce cette du au sont",
    "es": "el los las es una que para con por del no hay está nos gracias como pero lo se su",
    "it": "il gli della che per non è con una sono abbiamo grazie questo anche ma del di da ci",
    "nl": "het een van niet wij ik dat met voor zijn op graag bij maar kunnen heeft wordt deze te",
}
NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "": "Other texts",
}
WORD = re.compile(r"[^\W\d_]+")
_LANGUAGES: dict[str, list[str]] = {}
for _language, _words in COMMON.items():
    for _word in _words.split():
        _LANGUAGES.setdefault(_word, []).append(_language)


def language_of(text: str) -> str:
    """The code of a text's language; empty where its words don't tell."""
    counts = Counter(
        language for word in WORD.findall(text.lower()) for language in _LANGUAGES.get(word, ())
    )
    (first, most), (_, next_most) = [*counts.most_common(2), ("", 0), ("", 0)][:2]
    return first if most > next_most else ""
