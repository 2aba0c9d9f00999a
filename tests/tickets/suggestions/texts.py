"""Made-up texts that can be told apart, and some that can't."""

import random

WORDS = {
    "bug": "crash error broken fails exception wrong freezes",
    "billing": "invoice refund charge payment price euros credit",
    "how": "where how explain find setting manual question",
}
ANY = ["please", "hello", "the", "sync", "of", "our", "team", "with", "you", "again", "report"]


def texts_of(value, *, count, noise=0.0, seed=0):
    """So many texts with a value's words; of a share of them those of another."""
    chance = random.Random(f"{value}{seed}")  # noqa: S311 - made-up texts
    return [_text(value if chance.random() >= noise else "how", chance) for _ in range(count)]


def _text(value, chance):
    own = chance.sample(WORDS[value].split(), 2)
    return " ".join([*own, *chance.sample(ANY, 4), str(chance.randrange(10**6))])
