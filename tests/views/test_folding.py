"""Templates that hold the words of a language already say the same as templates that ask for each word."""

from collections.abc import Iterator

import pytest
from flask import Flask, request
from jinja2 import DictLoader, Template
from markupsafe import Markup

from portal.views.folding import Folded
from portal.views.language import spoken

PARTS = {
    "name": "{% macro name(what) %}<b>{{ what }}</b>{{ caller() if caller }}{% endmacro %}",
    "page.html": '{% from "name" import name %}{% block main %}' + "{}" + "{% endblock %}",
}
WORDS = [
    '{{ _("Cari") }}',
    '<a title="{{ _("Cari") }}">{{ name(_("Cari")) }}</a>',
    '{{ _("Kantor di %(region)s", region="<Jakarta & sekitarnya>") }}',
    '{{ _("Kantor di %(region)s", region=name("Bandung")) }}',
    '{% call name("a < b") %}{{ _("Masuk") }}{% endcall %}',
    '{{ pgettext("lebih dari satu", "Layanan") }}',
    '{{ ngettext("%(count)s kantor", "%(count)s kantor", 3, count=3) }}',
    '{% for word in [_("Buka"), "<i>"] %}{{ loop.index }}{{ word }}{% endfor %}',
    '{% set said %}{{ _("Cari") }} & {{ "&" }}{% endset %}{{ said }}{{ said|length }}',
    '{{ _("Cari") ~ "<" }}{{ [1, none, true, 2.5] }}{{ none }}{{ 7 }}{{ "x"|safe }}',
    '{{ _("bukan sebuah kalimat") }}{{ _(word) }}',
    '{{ (_("Cari") if word else "")|upper }}',
]


@pytest.fixture(params=["id", "en"])
def speech(app: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    with app.test_request_context(), spoken(request.param):
        yield request.param


def pages(app: Flask, text: str) -> tuple[Template, Template]:
    """A page with its words in it, and the same asking for them."""
    loader = DictLoader({**PARTS, "page.html": PARTS["page.html"].replace("{}", text)})
    folded, asking = app.jinja_env.overlay(), app.jinja_env.overlay()
    folded.loader = asking.loader = loader
    asking._speaking = None
    return folded.get_template("page.html"), asking.get_template("page.html")


@pytest.mark.parametrize("text", WORDS)
def test_a_page_says_the_same_whether_its_words_are_in_it_or_asked_for(app: Flask, speech: str, text: str):
    folded, asking = pages(app, text)
    assert folded.environment.catalogue is not None
    assert folded.render(word="Cari") == asking.render(word="Cari") != ""


def test_the_language_is_that_of_the_reader_however_often_it_changes(app: Flask):
    said = []
    for code in ("id", "en", "id", "en"):
        with app.test_request_context(), spoken(code):
            said.append(pages(app, '{{ _("Cari") }}')[0].render())
            said.append("Search" in app.jinja_env.get_template("offices/_ask.html").render(filters={"text": ""}, request=request))
    assert said == ["Cari", False, "Search", True] * 2


@pytest.mark.parametrize("what", ["<b>", Markup("<b>"), 7, None, type("Own", (), {"__html__": lambda self: "<i>"})()])
def test_what_is_written_out_is_as_safe_as_markupsafe_makes_it(what: object):
    from markupsafe import escape

    assert Folded.escaped(what) == escape(what)


def test_where_a_function_asks_for_the_page_it_gets_it(app: Flask, speech: str):
    from jinja2 import pass_context

    env = app.jinja_env.overlay()
    env.loader = DictLoader({"page.html": "{% for each in [1, 2] %}{% set own = each * 2 %}{{ told(each) }}{% endfor %}"})
    env.globals = {**env.globals, "told": pass_context(lambda context, number: f"{context['word']}{context['own']}{number} ")}
    assert env.get_template("page.html").render(word="kata") == "kata21 kata42 "
