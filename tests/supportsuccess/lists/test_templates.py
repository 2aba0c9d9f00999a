import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.shortcuts import render
from django.template import engines
from django.template.loader import render_to_string

from supportsuccess.lists import empty, samples

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))
ERRORS = ["400", "403", "403_csrf", "404", "409", "422", "429", "500", "503"]
HOSTILE = "<script>alert(1)</script>"


def rendered(source, **context):
    return engines["django"].from_string("{% load ui %}" + source).render(context)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_nothing_inline(template):
    source = template.read_text()

    assert not re.search(r'\sstyle="|<style|javascript:|\son[a-z]+="', source)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", source)


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_needs_no_database(rf, name, client):
    page = render(rf.get("/"), f"{name}.html").content.decode()

    assert '<a class="button button-primary" href="/">' in page
    assert "<h1>" in page


def test_server_error_page_needs_no_request():
    assert "recorded" in render_to_string("500.html")


def test_refusal_says_what_the_action_said(rf):
    page = render(rf.get("/"), "409.html", {"message": HOSTILE}).content.decode()

    assert "&lt;script&gt;alert(1)" in page


def test_missing_page_is_answered_with_our_own(client):
    response = client.get("/accounts/nowhere/")

    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


@pytest.mark.parametrize("make", ["nothing", "unmatched", "done"])
def test_empty_state_says_what_to_do_next(make):
    states = {
        "nothing": empty.nothing_yet(
            "No imports", text="x", action_label="Import", action_url="/i/"
        ),
        "unmatched": empty.nothing_matches("No match", clear_url="?"),
        "done": empty.all_done("All done", text="41 today"),
    }

    html = rendered("{{ state }}", state=states[make])

    assert f'class="empty empty-{make}"' in html
    assert f"<h2>{states[make].title}</h2>" in html
    assert ("href=" in html) == (make != "done")


def test_empty_state_is_escaped():
    assert HOSTILE not in rendered("{{ state }}", state=empty.all_done(HOSTILE, text=HOSTILE))


def test_field_ties_its_label_help_and_errors_to_the_control():
    form = samples.SampleForm({"customer": "x"})

    html = rendered("{% field form.reason %}", form=form)

    assert '<label for="id_reason">' in html
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_reason_error"' in html


def test_field_of_choices_is_a_group():
    html = rendered("{% field form.urgency %}", form=samples.SampleForm())

    assert "<fieldset" in html
    assert "<legend>Urgency</legend>" in html


def test_field_says_when_it_is_optional():
    html = rendered("{% field form.type %}{% field form.customer %}", form=samples.SampleForm())

    assert html.count("(optional)") == 1


def test_fields_show_what_is_wrong_with_the_whole_form():
    class Form(forms.Form):
        secret = forms.CharField(widget=forms.HiddenInput)

        def clean(self):
            raise forms.ValidationError(HOSTILE)

    html = rendered("{% fields form %}", form=Form({"secret": "x"}))

    assert 'role="alert"' in html
    assert 'type="hidden"' in html
    assert HOSTILE not in html


def test_operation_ids_differ():
    ids = {rendered("{% operation_id %}") for _ in range(3)}

    assert len(ids) == 3
