"""For machines that come by: what there is (sitemap), where they need not look (robots.txt), and whom to tell of a hole (security.txt)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from xml.sax.saxutils import escape

from flask import Blueprint, Response, abort, current_app, url_for

from portal import clock
from portal.clock import UTC, midnight
from portal.offices import listed
from portal.services import catalogue
from portal.settings import LOCALES, Settings
from portal.views.access import PUBLIC, allow, lasting
from portal.views.streams import streamed

bp = Blueprint("sitemap", __name__)
SIZE = 4_000  # offices or closures in a part; each has an address in every language, and a file may name 50,000
_HOLDS = timedelta(days=180)  # how long what security.txt says holds; the standard asks for less than a year
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_OTHERS = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_PAGES = ("offices.board", "catalogue.overview", "data.reuse", "figures.overview", "survey.overview")
_QUERIES = ("q", "pada", "status", "hal")  # endless pages that say nothing new

Named = tuple[str, dict[str, Any], datetime | None]


@bp.get("/sitemap.xml")
@allow(PUBLIC)
@lasting
def index() -> Response:
    names = ["halaman", *(f"kantor-{part}" for part in listed.office_parts(SIZE)), *(f"penutupan-{part}" for part in listed.closure_parts(SIZE))]
    body = "".join(f"<sitemap><loc>{escape(url_for('.part', name=name, _external=True, bahasa=None))}</loc></sitemap>" for name in names)
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SPACE}>{body}</sitemapindex>', mimetype="application/xml")


@bp.get("/sitemap/<name>.xml")
@allow(PUBLIC)
def part(name: str) -> Response:
    kind, _, number = name.partition("-")
    found: Iterable[Named]
    if name == "halaman":
        found = _pages()
    elif kind == "kantor" and _is_one(number, listed.office_parts(SIZE)):
        found = (("offices.office", {"slug": slug}, changed) for slug, changed in listed.offices(int(number), SIZE))
    elif kind == "penutupan" and _is_one(number, listed.closure_parts(SIZE)):
        found = (("closure_public.show", {"number": id}, changed) for id, changed in listed.closures(int(number), SIZE))
    else:
        abort(404)
    return streamed(_lines(found), "application/xml")


@bp.get("/robots.txt")
@allow(PUBLIC)
def robots() -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _private()), *(f"Disallow: /*{mark}{field}=" for field in _QUERIES for mark in "?&")]
    return _plain([*lines, "Allow: /", "", f"Sitemap: {url_for('.index', _external=True, bahasa=None)}"])


@bp.get("/.well-known/security.txt")
@allow(PUBLIC)
def security() -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    until = midnight(clock.now().astimezone(settings.zone).date(), settings.zone) + _HOLDS
    return _plain([f"Contact: {_contact(settings)}", f"Expires: {until.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", f"Preferred-Languages: {', '.join(LOCALES)}",
                   f"Canonical: {url_for('.security', _external=True, bahasa=None)}"])  # fmt: skip


def _is_one(number: str, parts: list[int]) -> bool:
    return number in map(str, parts)


def _pages() -> Iterator[Named]:
    """The pages that are no office's, the services, and what there is of every region."""
    yield from ((endpoint, {}, None) for endpoint in _PAGES)
    yield from (("catalogue.show", {"slug": service.slug}, None) for service in catalogue.listed())
    for code in listed.regions():
        yield "offices.board", {"wilayah": code}, None
        yield "region_map.show", {"code": code}, None
        yield "history.region", {"code": code}, None


def _lines(found: Iterable[Named]) -> Iterator[bytes]:
    """Every page in every language; each names the others as itself in another."""
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SPACE} {_OTHERS}>\n'.encode()
    usual = current_app.config["SETTINGS"].locale
    for endpoint, values, changed in found:
        own = {code: escape(url_for(endpoint, **{**values, "bahasa": None if code == usual else code, "_external": True})) for code in LOCALES}
        others = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{address}"/>' for code, address in own.items())
        when = f"<lastmod>{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""
        yield "".join(f"<url><loc>{address}</loc>{when}{others}</url>\n" for address in own.values()).encode()
    yield b"</urlset>\n"


def _private() -> list[str]:
    """The beginnings of the addresses that are not the same for all, the shortest that hold no public one."""
    rules = [(rule.rule, PUBLIC in getattr(current_app.view_functions[rule.endpoint], "allowed", ())) for rule in current_app.url_map.iter_rules()]
    open_to_all = [rule.partition("<")[0] for rule, is_public in rules if is_public]
    found: set[str] = set()
    for rule in (rule.partition("<")[0] for rule, is_public in rules if not is_public):
        beginnings = [rule[:at] for at in range(2, len(rule) + 1) if at == len(rule) or rule[at] == "/"]
        found |= set([each for each in beginnings if not any(public.startswith(each) for public in open_to_all)][:1])
    return sorted(found)


def _contact(settings: Settings) -> str:
    """Whom to tell of a hole: who was named for it, else the sender of letters, else the portal's own page."""
    named = settings.security_contact or parseaddr(settings.mail_from)[1]
    if named and ":" not in named:
        return f"mailto:{named}"
    return named or url_for("data.reuse", _external=True, bahasa=None)


def _plain(lines: list[str]) -> Response:
    return Response("\n".join([*lines, ""]), mimetype="text/plain")
