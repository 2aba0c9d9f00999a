import pytest

from tickets.suggestions.languages import NAMES, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The sync is broken and we can not sign in", "en"),
        ("Wir können uns nicht anmelden, bitte um Hilfe", "de"),
        ("Nous ne pouvons pas nous connecter avec le mot de passe", "fr"),
        ("No hay conexión con el servidor, gracias", "es"),
        ("Non abbiamo ricevuto la fattura, grazie", "it"),
        ("Het lukt niet om in te loggen, graag hulp", "nl"),
        ("ERR_CONNECTION_RESET 0x8004", ""),
        ("", ""),
    ],
)
def test_language_is_told_by_the_commonest_words(text, language):
    assert language_of(text) == language
    assert language in NAMES


def test_as_many_words_of_two_languages_tell_none():
    assert language_of("the der") == ""
