"""What fails every other test of this folder: seen here to be heard."""

import pytest

BROKEN = {
    "console": "console.error('broken')",
    "warning": "console.warn('broken')",
    "error": "setTimeout(() => { throw new Error('broken'); })",
    "policy": "document.body.setAttribute('style', 'color: red')",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_complaint_of_the_browser_is_heard(page, complaints, kind):
    page.goto("/accounts/login/")

    page.evaluate(BROKEN[kind])
    page.wait_for_timeout(100)

    heard = "\n".join(complaints)
    complaints.clear()
    assert ("CSP: style-src" if kind == "policy" else "broken") in heard
