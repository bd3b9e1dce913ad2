"""News of closures by e-mail: asked for by anybody, confirmed and ended by the owner of the address, by the links in their letters."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.offices import regions, search, subscriptions
from portal.offices.models import Office, Region, Subscriber
from portal.offices.subscriptions import Target
from portal.refusals import Refused
from portal.views import asked, limits
from portal.views.access import ANYONE, allow, by_mailed_link, resumes
from portal.views.forms import Form
from portal.views.language import language

bp = Blueprint("subscriptions", __name__, url_prefix="/langganan")
ONE_CLICK = ("List-Unsubscribe", "One-Click")  # what a mail program sends for its reader, RFC 8058
CONFIRM, END, END_ALL = "pastikan", "berhenti", "berhenti-semua"
_MOST = 10


@bp.after_request
def unlisted(answer: Response) -> Response:
    """No search engine keeps a page of somebody's subscriptions."""
    if "number" in (request.view_args or {}):
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.get("")
@allow(ANYONE)
def form() -> str:
    return _form(Form.of(office=asked.text("kantor"), region=asked.region("wilayah")))


def _again(refusal: Refused) -> Any:
    sent = Form.sent()
    return limits.refused(_form(sent.refuse(refusal)), refusal)


@bp.post("")
@allow(ANYONE)
@resumes(_again)
def ask() -> Any:
    sent = Form.sent()
    try:
        limits.check_trap()
        wanted = subscriptions.target(sent["office"], sent["region"])
        with limits.submission("subscription"):
            subscriptions.ask(sent["email"], wanted, language=language(), now=clock.now())
    except Refused as refusal:
        return _again(refusal)
    return redirect(url_for(".sent"), 303)


@bp.get("/terkirim")
@allow(ANYONE)
def sent() -> str:
    return render_template("subscriptions/sent.html")


@bp.get("/<int:number>/<key>")
@allow(ANYONE)
def show(number: int, key: str) -> str:
    return _shown(_subscriber(number, key), key)


@bp.post("/<int:number>/<key>")
@allow(ANYONE)
@by_mailed_link
def change(number: int, key: str) -> Any:
    """What the owner of the address decided on the page; or the mail program's one click, which ends all and wants nothing but 200."""
    subscriber, act, wish = _subscriber(number, key), request.form.get("act", ""), request.form.get("wish", "")
    chosen = int(wish) if wish.isascii() and wish.isdigit() and len(wish) < 10 else 0
    if request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]:
        subscriptions.end(subscriber, now=clock.now())
        return _shown(subscriber, key)
    if act == CONFIRM:
        subscriptions.confirm(subscriber, chosen, language=language(), now=clock.now())
    elif act == END:
        subscriptions.end(subscriber, chosen, now=clock.now())
    elif act == END_ALL:
        subscriptions.end(subscriber, now=clock.now())
    return redirect(url_for(".show", number=number, key=key), 303)


def _form(typed: Form) -> str:
    """The form for one office or region; where none is chosen yet, or it does not exist, what helps to find one."""
    try:
        wanted: Target | None = subscriptions.target(typed["office"], typed["region"])
    except Refused as refusal:
        wanted = None
        if typed["office"] or typed["region"]:
            typed.refuse(refusal)
    text = asked.text("q")
    found = [] if wanted or not text else _offices(text)
    areas = [] if wanted or not text else _areas(text)
    return render_template("subscriptions/form.html", form=typed, wanted=wanted, is_region=isinstance(wanted, Region), text=text, offices=found, areas=areas)


def _offices(text: str) -> list[Office]:
    where = search.matching(text)
    rows = Office.select(Office.slug, Office.name).where(where) if where is not None else Office.select().where(Office.id == 0)
    return list(rows.order_by(*search.best_first(text)).limit(_MOST))


def _areas(text: str) -> list[tuple[str, str]]:
    """Regions of this name, the largest first, each said with the one above it."""
    named = Region.select(Region.code, Region.name).where(Region.name.contains(text)).order_by(Region.code).limit(_MOST * 5)
    codes = sorted((code for code, _ in named.tuples()), key=lambda code: (len(code), code))[:_MOST]
    names = regions.named(codes)
    return [(code, ", ".join(regions.short(names[each]) for each in regions.ancestry(code)[:2] if each in names)) for code in codes]


def _shown(subscriber: Subscriber, key: str) -> str:
    wishes = subscriptions.wishes(subscriber)
    held = [(wish.id, subscriptions.name_of(wish), wish.office.slug if wish.office else "", wish.region_code) for wish in wishes]
    confirmed = {wish.id for wish in wishes if wish.confirmed_at}
    return render_template("subscriptions/show.html", email=subscriber.email, address=url_for(".change", number=subscriber.id, key=key),
                           waiting=[each for each in held if each[0] not in confirmed], kept=[each for each in held if each[0] in confirmed])  # fmt: skip


def _subscriber(number: int, key: str) -> Subscriber:
    """Whose link this is; 404 for one that was not mailed, or whose rows are gone by now."""
    found = subscriptions.of_link(number, key)
    return found if found is not None else abort(404)
