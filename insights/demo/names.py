"""Who works at the customers: invented people, no two of one name."""

from __future__ import annotations

import random
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from insights.demo.book import DemoCustomer

FIRST = (
    *("Ada", "Alan", "Alba", "Amir", "Anders", "Anouk", "Arjun", "Astrid", "Beatriz", "Ben"),
    *("Brigid", "Carlos", "Chiara", "Ciara", "Dario", "Deirdre", "Dirk", "Elena", "Emre", "Erik"),
    *("Esther", "Fatima", "Finn", "Gerrit", "Greta", "Hana", "Hugo", "Ida", "Imran", "Ivana"),
    *("Jasper", "Joana", "Kaja", "Karim", "Katrin", "Kemal", "Lara", "Leif", "Lucia", "Magda"),
    *("Malik", "Marek", "Milan", "Moira", "Nils", "Nora", "Oisin", "Olga", "Pascal", "Petra"),
    *("Rafael", "Rhona", "Sanne", "Simon", "Stella", "Tariq", "Una", "Viktor", "Wanda", "Zoe"),
)
LAST = (
    *("Abbott", "Adeyemi", "Almeida", "Andersson", "Bakker", "Baumann", "Berg", "Byrne", "Castro"),
    *("Conti", "Costa", "Dalton", "Demir", "Doyle", "Dupont", "Egan", "Eriksen", "Farrell"),
    *("Ferrari", "Fischer", "Fuchs", "Garcia", "Greco", "Haas", "Hansen", "Hughes", "Ivanov"),
    *("Jensen", "Kaya", "Keane", "Khan", "Klein", "Kowalski", "Larsen", "Lenz", "Lopez"),
    *("Maes", "Marino", "Meyer", "Moreau", "Murphy", "Nagy", "Novak", "Nowak", "Olsen"),
    *("Patel", "Pereira", "Quinn", "Ricci", "Roth", "Santos", "Schulz", "Silva", "Smit"),
    *("Torres", "Vogel", "Walsh", "Weber", "Winter", "Zimmer"),
)


def contacts_of(
    customers: Iterable[DemoCustomer], rng: random.Random
) -> dict[str, tuple[str, ...]]:
    """The people of each customer, by its name; the first of them stands up for us."""
    names = _all_names(rng)
    return {
        customer.name: tuple(next(names) for _ in range(max(2, customer.seats // 12)))
        for customer in customers
    }


def _all_names(rng: random.Random) -> Iterator[str]:
    pairs = list(product(FIRST, LAST))
    rng.shuffle(pairs)
    return (f"{first} {last}" for first, last in pairs)
