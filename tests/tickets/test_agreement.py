"""The figures are worked out by hand beside each case."""

import pytest

from tickets.queries.agreement import agreement_of

USUAL, RARE = "none", "servanta"


def pairs(**counts):
    """`uu` both usual, `rr` both rare, `ur` and `ru` one of each."""
    words = {"u": USUAL, "r": RARE}
    return [(words[a], words[b]) for (a, b), count in counts.items() for _ in range(count)]


def figures(found, *, values=2):
    return agreement_of(found, values=values, usual=USUAL)


def test_a_rare_value_on_which_nearly_all_agree():
    # 2,000 pairs, 1,940 alike: raw .97. Each person says rare in 47 of 2,000: pi = .0235.
    # Gwet: chance = 2 x .0235 x .9765 / 1 = .0458955; (.97 - .0458955) / .9541045 = .968557
    # Cohen: chance = .0235^2 + .9765^2 = .9541045; (.97 - .9541045) / .0458955 = .346341
    found = figures(pairs(uu=1923, rr=17, ur=30, ru=30))

    assert found.raw == pytest.approx(0.97)
    assert found.ac1 == pytest.approx(0.968557, abs=1e-6)
    assert round(found.kappa, 2) == 0.35
    assert found.prevalence == pytest.approx(0.0235)


def test_two_values_half_and_half():
    # 10 pairs, 8 alike, each value 10 of 20: both chances .5; (.8 - .5) / .5 = .6
    found = figures(pairs(uu=4, rr=4, ur=1, ru=1))

    assert (found.pairs, found.alike) == (10, 8)
    assert found.interval == pytest.approx((0.490156, 0.943320), abs=1e-4)
    assert found.ac1 == pytest.approx(0.6)
    assert found.kappa == pytest.approx(0.6)


def test_three_values_to_choose_from():
    # 10 pairs: 5 aa, 2 bb, 1 cc, 1 ab, 1 bc; alike 8. Of 20 answers a 11, b 6, c 3:
    # .55 x .45 + .3 x .7 + .15 x .85 = .585; / 2 = .2925; (.8 - .2925) / .7075 = .717314
    # Cohen: firsts a 6, b 3, c 1; seconds a 5, b 3, c 2: (30 + 9 + 2) / 100 = .41; .39 / .59
    found = agreement_of([*("aa",) * 5, *("bb",) * 2, "cc", "ab", "bc"], values=3, usual="a")

    assert found.ac1 == pytest.approx(0.717314, abs=1e-6)
    assert found.kappa == pytest.approx(0.661017, abs=1e-6)
    assert found.prevalence == pytest.approx(0.45)


def test_values_that_nobody_chose_make_chance_smaller():
    # as above of 5 values: .585 / 4 = .14625; (.8 - .14625) / .85375 = .765739
    found = agreement_of([*("aa",) * 5, *("bb",) * 2, "cc", "ab", "bc"], values=5, usual="a")

    assert found.ac1 == pytest.approx(0.765739, abs=1e-6)


def test_all_alike_is_one_where_kappa_has_nothing_to_say():
    found = figures(pairs(uu=9))

    assert (found.ac1, found.kappa, found.prevalence) == (1, None, 0)


def test_nothing_is_said_of_four_pairs_or_of_one_value():
    assert figures(pairs(uu=4)) is None
    assert figures(pairs(uu=5), values=1).ac1 is None
