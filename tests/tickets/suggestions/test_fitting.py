import random
import zipfile
from io import BytesIO

import numpy as np
import pytest

from supportsuccess.errors import Refused
from tests.tickets.suggestions.texts import texts_of
from tickets.suggestions import fitting
from tickets.suggestions.fitting import Example
from tickets.suggestions.parameters import model_from


def examples(noise=0.0, **counts):
    rows = [
        Example(text, value)
        for value, count in counts.items()
        for text in texts_of(value, count=count, noise=noise)
    ]
    random.Random(0).shuffle(rows)  # noqa: S311 - made-up rows
    return rows


def test_values_that_texts_tell_apart_speak():
    figures = fitting.fit(examples(bug=260, billing=240)).figures

    assert set(figures.speaking) == {"bug", "billing"}
    assert figures.accuracy.share > 0.95 > figures.baseline.share
    assert (figures.rows, figures.held_out) == (500, 100)


def test_a_value_with_fewer_than_200_labels_is_silent_however_well_it_is_told_apart():
    figures = fitting.fit(examples(bug=300, billing=199)).figures

    assert set(figures.speaking) == {"bug"}
    assert figures.values["billing"].silence == "1 of 200 labels are missing"


def test_a_value_that_would_often_be_wrong_is_silent():
    figures = fitting.fit(examples(bug=300, billing=300, how=300, noise=0.6)).figures

    assert set(figures.speaking) == {"bug", "billing"}
    assert figures.values["how"].labels == 300


def test_probabilities_are_right_as_often_as_they_say():
    figures = fitting.fit(examples(bug=400, billing=400, how=400, noise=0.2)).figures

    assert figures.calibration_error < 0.08


def test_the_newest_rows_are_held_out():
    old, new = examples(bug=200, billing=200), examples(how=100)

    figures = fitting.fit([*old, *new]).figures

    assert figures.values["how"].held_out == 100
    assert figures.right == 0


def test_rare_values_are_never_named():
    figures = fitting.fit(examples(bug=300, billing=300, how=9)).figures

    assert figures.values["how"].suggested == 0
    assert figures.values["how"].labels == 9


def test_one_value_alone_is_refused():
    with pytest.raises(Refused, match="no two values"):
        fitting.fit(examples(bug=300))


def test_a_model_read_back_says_the_same():
    model = fitting.fit(examples(bug=100, billing=100, how=100)).model
    texts = texts_of("bug", count=20, seed=1)

    read_back = model_from(model.as_bytes())

    assert read_back.names == model.names
    assert np.allclose(read_back.probabilities(texts), model.probabilities(texts), atol=0.005)


def test_a_stored_model_holds_plain_arrays_and_no_word():
    stored = fitting.fit(examples(bug=100, billing=100)).model.as_bytes()

    with zipfile.ZipFile(BytesIO(stored)) as files:
        content = b"".join(files.read(name) for name in files.namelist())
    assert b"invoice" not in content
    assert b"invoice" not in content.decode("utf-16-le", "ignore").encode()
    assert b"pickle" not in content


def test_a_model_that_would_have_to_be_run_is_not_read():
    written = BytesIO()
    np.savez(written, names=np.array([{"run": "me"}], dtype=object))

    with pytest.raises(ValueError, match="pickle"):
        model_from(written.getvalue())
