"""Every number on every page of the demo company opens what it counts, adds up or scores.

A text with a digit stands in an element that says what it is, by `data-number`:

    count   its link opens so many rows (a list, a file, or what stands under a `#fragment`)
    among   its link opens rows of which so many say what `data-of` says
    here    so many rows the list of this page has
    sum     its link opens rows whose column, `data-of`, adds up to it
    rate    two links: the rows counted, and those that they are of
    score   its link opens the explanation, whose parts add up to it
    change  its link opens the page that says how it came about
    own     a fact of the one thing that the row, card or page is about
    term    a constant of a definition: 90 days
    part    a line of an explanation, of which the score is the sum
    plain   a measure whose rows cannot be opened; its title says why
    left    a measure that does not lead anywhere yet; `data-left` says which of `LEFT_OUT`

or in markup that holds no measures (`NO_MEASURE`). Anything else is a number that leads nowhere.
"""

import csv
import io
import json
import os
import re
from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.test import Client

from accounts.models import User
from supportsuccess.lists.listing import COUNTED
from tests.insights.demo.conftest import larkfield  # noqa: F401 - a fixture
from tests.insights.demo.small import make_small
from tests.numbers import FIGURE, figure, read, with_digits

# One of each role that works at the demo company.
PEOPLE = [
    pytest.param(name, marks=[] if name in {"agent", "cslead"} else pytest.mark.storm)
    for name in ("agent", "lead", "csm", "cslead", "oliver", "felix", "ruth", "edmund", "admin")
]
PAGES_OF_A_KIND = 1
MOST_ASKED = 3  # filters of one address: more of them only combine what was seen
# Another order, or another page of the same rows, says nothing new.
SAME_ROWS = {"sort", "after", "before", "cursor"}
ID = re.compile(r"\d+")
NO_MEASURE = {
    "time": "a day, a moment or an age",
    "kbd": "a key",
    "input": "what is typed",
    "textarea": "what is typed",
    "option": "a choice",
    "h1": "what the page is of: a ticket by its number",
    ".crumbs": "what the pages above are called",
    ".row-link": "what a row is called",
    "[data-row] .money": "money of the one row that it stands in",
    ".panel-head h2": "what the panel is of",
    ".chip": "what a filter asks for; its count says for itself what it is",
    ".typed": "text that somebody wrote, here or in a helpdesk",
    ".tour": "the tour's own words, told with the stories",
    ".toast": "what one has just done",
    ".person": "a name",
}
# Measures that lead nowhere yet, and why: everything else has to.
LEFT_OUT = {
    "chart": "drawn from stored days; its own table says every figure, its marks lead to rows",
    "coverage": "weights of the measures known, of all: the table beneath says which are missing",
    "outlook": "a model's expectation; its basis stands beneath, its cases have no list",
    "empty": "what an empty list says of what was there: 7 of 7 cleared, 3 labelled today",
    "acceptance_time": "a median and a nine of ten; leads to the handoffs they are of",
    "held_out": "measured on labels kept aside for it; tickets have no filter by label",
    "import": "what an import came to: there is no list of things by the import that brought them",
    "volume_per_seat": "tickets by seats; leads to the tickets, seats are one fact",
    "volume_against_baseline": "smoothed against an earlier half year; leads to the new tickets",
    "resolution_speed": "a median; leads to the tickets it is of",
    "repeat_rate": "a share of contacts, and contacts have no list",
    "sentiment": "a mean of labels weighed by age; tickets have no filter by label",
    "touch_rhythm": "days since one touch, by those allowed; touches stand in the timeline",
}
# What the crawler does not follow, and why.
NOT_WALKED = {
    "/accounts/": "the sign-in library's pages: machines and codes, no measures",
    "/static/": "files",
    "/api/": "for programs",
}


@pytest.fixture(scope="module")
def company(request):
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        yield request.getfixturevalue("larkfield")


class Visitor:
    """Somebody who looks at pages, and remembers what each address answered."""

    def __init__(self, name):
        self.client = Client()
        self.client.force_login(User.objects.get(email=f"{name}@example.com"))
        self.answers = {}
        self.fetched = {}

    def get(self, url):
        url = urldefrag(url).url
        if url not in self.answers:
            answer = self.client.get(url, follow=True)
            content = b"".join(answer) if answer.streaming else answer.content
            at = answer.redirect_chain[-1][0] if answer.redirect_chain else url
            self.answers[url] = (answer.status_code, answer["Content-Type"], content.decode(), at)
        return self.answers[url]

    def page(self, url):
        status, kind, content, at = self.get(url)
        assert (status, kind[:9]) == (200, "text/html"), f"{url} answered {status}, {kind}"
        return read(content), at

    def rows(self, url):
        """All rows that an address opens: of its list, or of its file."""
        status, kind, content, at = self.get(url)
        assert status == 200, f"{url} answered {status}"
        if kind.startswith("text/csv"):
            return sorted({line[0] for line in list(csv.reader(io.StringIO(content)))[1:]})
        here = urlsplit(at)
        asked = here._replace(query=f"{here.query}&export=json" if here.query else "export=json")
        _, kind, content, _ = self.get(asked.geturl())
        return json.loads(content) if kind.startswith("application/json") else None

    def count(self, url):
        """How many rows an address opens, by what stands there; None where it is no list."""
        status, kind, content, _ = self.get(url)
        if not kind.startswith("text/html"):
            return len(self.rows(url))
        assert status == 200, f"{url} answered {status}"
        if fragment := urldefrag(url).fragment:
            [part] = read(content).marked("id", fragment)
            return len(part.marked("data-row"))
        counts = read(content).marked("id", "count")
        return figure(counts[0].text) if counts else None


# What a number leads to


def opener(element):
    """The link that opens a number: itself, what it stands in, or the one that stands in it."""
    around = element.around("a")
    inside = [one for one in element.walk() if one.tag == "a"]
    return around or (inside[0] if len(inside) == 1 else None)


def opened(element, at):
    link = opener(element)
    assert link is not None, "no link"
    return joined(at, link.attributes["href"])


def joined(at, href):
    """As browsers do: of `?` alone, Python would keep the query."""
    return urlsplit(at).path if href == "?" else urljoin(at, href)


def check_count(visitor, element, at):
    number, rows = figure(element.text), visitor.count(opened(element, at))
    assert rows is not None or number == 1, "opens no list"  # one may be the thing itself
    assert rows in {None, number}, f"opens {rows} rows"


def check_among(visitor, element, at):
    page, _ = visitor.page(opened(element, at))
    said = element.line_attribute("data-of")
    rows = [row for row in page.marked("data-row") if said in {one.text for one in row.walk()}]
    assert len(rows) == figure(element.text), f"{len(rows)} rows say {said}"


def check_here(visitor, element, at):
    """On the first page of a list all rows are fetched; what leads there trusts that number."""
    path = urlsplit(at).path
    if visitor.fetched.setdefault(path, at) == at:
        rows = visitor.rows(at)
        most = len(rows) if "+" not in element.text else min(len(rows) - 1, COUNTED)
        assert most == figure(element.text), f"{len(rows)} rows"


def check_sum(visitor, element, at):
    rows, column = visitor.rows(opened(element, at)), element.line_attribute("data-of")
    [exact] = [figure(one.attributes["title"]) for one in element.walk() if "money" in one.classes]
    total = sum(row[column] or 0 for row in rows)
    assert round(total, 2) == exact, f"adds up to {total}"


def check_rate(visitor, element, at):
    parts = {one.attributes["data-rate"]: one for one in element.marked("data-rate")}
    if not parts:
        part, whole = (figure(one.text) for one in element.marked("data-number", "count"))
        assert part <= whole
        return
    part, whole = (visitor.count(opened(parts[name], at)) for name in ("part", "whole"))
    shown = figure(parts["part"].text)
    assert round(100 * part / whole) == shown, f"{part} of {whole}"


def check_score(visitor, element, at):
    page, _ = visitor.page(opened(element, at))
    adds = [float(one.attributes["data-adds"]) for one in page.marked("data-adds")]
    assert f"{sum(adds):.0f}" == FIGURE.findall(element.text)[0], f"adds up to {sum(adds)}"


def check_change(visitor, element, at):
    page, _ = visitor.page(opened(element, at))
    said = element.text.removesuffix("Explain the score").strip()
    assert said in page.text, "is not said there"


def check_plain(_visitor, element, _at):
    assert element.attributes.get("title"), "does not say why"


def check_left(_visitor, element, _at):
    assert element.attributes.get("data-left") in LEFT_OUT, "is not left out by name"


CHECKS = {
    "count": check_count,
    "among": check_among,
    "here": check_here,
    "sum": check_sum,
    "rate": check_rate,
    "score": check_score,
    "change": check_change,
    "plain": check_plain,
    "left": check_left,
}
KINDS = {*CHECKS, "own", "term", "part"}


# From page to page


def kind_of(url):
    """Pages with the same of it are of one kind: where, and what is asked beyond that."""
    parts = urlsplit(url)
    names = {one.partition("=")[0] for one in parts.query.split("&") if one}
    return ID.sub("0", parts.path), tuple(sorted(names))


def addresses(page, at):
    for element in page.walk():
        href = element.attributes.get("href" if element.tag == "a" else "hx-get", "")
        to = urlsplit(joined(at, href))
        asked = set(kind_of(to.geturl())[1])
        is_ours = not (to.scheme or to.netloc) and not to.path.startswith(tuple(NOT_WALKED))
        is_new = len(asked) <= MOST_ASKED and not asked & {"export", *SAME_ROWS}
        if href and is_ours and is_new:
            yield to._replace(fragment="").geturl()


def fill(visitor, page, at):
    """Puts what a page asks for as soon as it is there where people see it."""
    for element in page.marked("hx-trigger"):
        if element.attributes["hx-trigger"].startswith("load"):
            part, _ = visitor.page(joined(at, element.attributes.pop("hx-get")))
            element.inside, part.parent = [part], element


def walk(visitor):
    """Every page that links lead to from home, a few of each kind."""
    waiting, seen = deque(["/"]), Counter()
    known = {"/"}
    while waiting:
        url = waiting.popleft()
        status, kind, content, at = visitor.get(url)
        assert status == 200, f"{url} answered {status}"
        if not kind.startswith("text/html"):
            continue
        page = read(content)
        fill(visitor, page, at)
        yield at, page
        for there in addresses(page, at):
            seen[kind_of(there)] += there not in known
            if there not in known and seen[kind_of(there)] <= PAGES_OF_A_KIND:
                waiting.append(there)
            known.add(there)


def marked(page):
    """Each text with a digit: what it says, what it is, and the element that says so."""
    for element, text in with_digits(page):
        mark = next((one for one in element.line if "data-number" in one.attributes), None)
        if mark is not None:
            yield text, mark.attributes["data-number"], mark
        elif not any(element.stands_in(selector) for selector in NO_MEASURE):
            around = " > ".join(one.named for one in reversed(element.line[:3]))
            yield text, f"nothing, in {around}", element


def wrong(visitor, at, page):
    """What is wrong with the numbers of a page, in words."""
    checked = {}
    for text, kind, element in marked(page):
        if kind not in KINDS:
            yield f"{text!r} is {kind}"
        elif kind in CHECKS and checked.setdefault(id(element), element):
            try:
                CHECKS[kind](visitor, element, at)
            except AssertionError as error:
                yield f"{element.text!r}, a {kind}: {str(error).splitlines()[0]}"


def without_end(page):
    """Links to a part of the same page that it does not have: a chart's marks lead to its rows."""
    ids = {one.attributes["id"] for one in page.marked("id")}
    for link in page.marked("href"):
        path, fragment = urldefrag(link.attributes["href"])
        if fragment and not path and link.tag == "a" and fragment not in ids:
            yield f"#{fragment} is nowhere on the page"


def faults_of(name):
    """What is wrong for one person, the first page of each kind that shows it, and pages seen."""
    visitor, found, pages, kinds = Visitor(name), {}, 0, Counter()
    for at, page in walk(visitor):
        pages += 1
        kinds.update(kind for _, kind, _ in marked(page))
        for fault in [*wrong(visitor, at, page), *without_end(page)]:
            found.setdefault((kind_of(at)[0], ID.sub("0", fault)), f"{at}: {fault}")
    return sorted(found.values()), pages, kinds


@pytest.mark.slow
@pytest.mark.parametrize("name", PEOPLE)
def test_every_number_opens_what_it_counts(request, company, name):
    is_storm = request.node.get_closest_marker("storm")
    if is_storm and os.environ.get("SS_STORM") == "small":
        pytest.skip("a minute and more for each person: in the full storms")

    faults, pages, kinds = faults_of(name)

    assert not faults, "\n".join(faults)
    assert pages > 20
    assert {"count", "here", "score"} <= kinds.keys()
