"""Which language a text is in, by the commonest words: enough to keep two languages apart."""

from __future__ import annotations

import re
from collections import Counter

# What each language has and the others lack; short words make up a third of any text.
COMMON = {
    "en": "the and is are to of for with not this that have has we you it can please from was how"
    " what why when do does my our your by or be if but there after no an a in on at i"
    " can who us where which they their would could should",
    "de": "der die das und ist nicht wir ich sie mit für auf ein eine bitte haben kann von den wie"
    " was warum wenn mein unser ihr zu im in bei oder aber nach keine kein es dem werden",
    "fr": "le les des est une nous vous pas pour avec dans que qui sur merci ce cette du au sont"
    " comment quoi pourquoi mon notre votre je ou mais de la un en et il ne",
    "es": "el los las es una que para con por del no hay está nos gracias como pero lo se su"
    " cómo qué cuando mi nuestro o de la un en y a al",
    "it": "il gli della che per non è con una sono abbiamo grazie questo anche ma del di da ci"
    " come cosa quando mio nostro o la un in e i a nel",
    "nl": "het een van niet wij ik dat met voor zijn op graag bij maar kunnen heeft wordt deze te"
    " hoe wat waarom wanneer mijn onze uw of de en in er",
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
