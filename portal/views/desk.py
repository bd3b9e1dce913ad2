"""The officers' inbox: what waits, the most urgent first, found again by number, name, telephone or identity number, on the screen, on paper and as a file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for

from portal import clock, numbers, outbox
from portal.offices import postings
from portal.offices.models import Office
from portal.offices.postings import Standing
from portal.people import roles
from portal.refusals import Refused
from portal.services import inbox as inboxes
from portal.services import particulars, passing, requests, sight
from portal.services.inbox import PAGE, Choices, Desk, Filter, Waiting
from portal.services.models import CHANNELS, Service, ServiceRequest
from portal.views import asked, at_desk, desk_words, request_words, sheets
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.views.language import say, zone_now
from portal.words import Sentence, later

bp = Blueprint("desk", __name__)
_SIGNS = 11  # of a number
NEIGHBOURS = (("desk_counter.day", later("Janji temu hari ini")), ("desk_boxes.overview", later("Kotak surat")))
_NIK = re.compile(r"[0-9]{16}", re.ASCII)
_COLUMNS = (
    Sentence("Nomor"), Sentence("Layanan"), Sentence("Kantor"), Sentence("Kanal"), Sentence("Asal"), Sentence("Keadaan"), Sentence("Pemohon"),
    Sentence("Telepon"), Sentence("Diajukan"), Sentence("Batas"), Sentence("Petugas"), Sentence("Langkah berikutnya"))  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What the address asks for, so that every link of the page can ask for it again."""

    group: str  # as it stands in the address
    office: Office | None
    service: Service | None
    wanted: Filter

    @property
    def filters(self) -> dict[str, Any]:
        """The filters as they stand in an address, the list apart."""
        return {"kantor": self.office.slug if self.office else None, "layanan": self.service.slug if self.service else None,
                "kanal": self.wanted.channel or None, "lewat": "ya" if self.wanted.is_overdue else None}  # fmt: skip

    @property
    def all(self) -> dict[str, Any]:
        return {"saring": self.group or None, **self.filters, "q": self.wanted.text or None}


@bp.get("/loket")
@allow("serve_requests")
def inbox() -> str:
    return list_page(chosen())


@bp.post("/loket/cari")
@allow("serve_requests")
def search() -> Any:
    """Search for what was typed; an identity number never stands in an address."""
    typed = Form.sent()["q"].strip()
    digits = re.sub(r"[\s.\-]", "", typed)
    if _NIK.fullmatch(digits):
        sight.searched(by=me().actor, now=clock.now())
        return list_page(Chosen("", None, None, inboxes.nik_filter(digits)), typed=typed)
    return redirect(url_for(".inbox", q=typed[:200] or None), 303)


@bp.get("/loket/cetak")
@allow("serve_requests")
def paper() -> str:
    """The list as it is chosen, to be printed."""
    desk, what = at_desk.desk(), chosen()
    return print_page(inboxes.rows(desk, what.wanted, most=inboxes.MOST), desk, what)


@bp.get("/loket.csv")
@allow("serve_requests")
def sheet() -> Response:
    """The same to take along; whose names and numbers left is marked."""
    desk, what = at_desk.desk(), chosen()
    rows = inboxes.rows(desk, what.wanted, most=inboxes.MOST)[: inboxes.MOST]
    sight.taken_along([row.number for row in rows], by=me().actor, now=clock.now())
    body = b"".join([sheets.line(map(say, _COLUMNS)), *(sheets.line(cells) for cells in _cells(rows, desk))])
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=loket.csv"})


def list_page(what: Chosen, form: Form | None = None, typed: str = "", **facts: Any) -> str:
    """The inbox with what is chosen; `form` is that of the bulk acts where it comes back."""
    desk, page = at_desk.desk(), asked.page("hal")
    rows = inboxes.rows(desk, what.wanted, page=page)
    counts, known = inboxes.counts(desk, replace(what.wanted, text="", nik="")), _with_chosen(inboxes.choices(desk), what)
    form = form or Form()
    return render_template(
        "desk/inbox.html", rows=rows[:PAGE], has_more=len(rows) > PAGE, page=page, what=what, counts=counts, choices=known, chips=desk_words.CHIPS,
        groups=desk_words.GROUPS, names=at_desk.names(), calls=outbox.calls_left(_calls(desk)), desk=desk, now=desk.now, form=form,
        ticked=_ticked(form, rows), neighbours=NEIGHBOURS, typed=typed or what.wanted.text, miss=_miss(what, rows, desk),
        officers=passing.colleagues_of(desk.offices), done=asked.text("sudah"), done_number=numbers.read(asked.text("nomor", 20)) or "",
        done_count=asked.page("jumlah"), **words(), **facts)  # fmt: skip


def print_page(rows: list[Waiting], desk: Desk, what: Chosen | None = None) -> str:
    """Rows on paper, with room to write; that they were taken along is marked."""
    shown = rows[: inboxes.MOST]
    sight.taken_along([row.number for row in shown], by=me().actor, now=clock.now())
    return render_template("desk/paper.html", rows=shown, has_more=len(rows) > len(shown), desk=desk, what=what, names=at_desk.names(),
                           chips=desk_words.CHIPS, now=zone_now(desk.now), **words())  # fmt: skip


def words() -> dict[str, Any]:
    """What rows of requests are told with."""
    return {"channels": request_words.CHANNELS, "states": request_words.STATES, "next_step": desk_words.next_step, "due_words": desk_words.due_words,
            "masked_phone": particulars.masked_phone}  # fmt: skip


def chosen() -> Chosen:
    """What the address asks for; what it cannot mean is as if it were not there."""
    group, channel, text = asked.text("saring"), asked.text("kanal"), asked.text("q")
    group = group if group in desk_words.GROUPS else ""
    office = Office.get_or_none(Office.slug == asked.text("kantor")) if asked.text("kantor") else None
    service = Service.get_or_none(Service.slug == asked.text("layanan")) if asked.text("layanan") else None
    wanted = Filter(desk_words.GROUPS[group], _below(office), service.id if service else None, channel if channel in CHANNELS else "",
                    asked.text("lewat") == "ya", text)  # fmt: skip
    return Chosen(group, office, service, wanted)


def _below(office: Office | None) -> set[int] | None:
    """An office and all below it."""
    return postings.offices_under(Standing(frozenset(), ((roles.OFFICER, office.id),), ()), roles.OFFICER) if office is not None else None


def _with_chosen(known: Choices, what: Chosen) -> Choices:
    """What is chosen can be chosen, also where nothing of it is left."""
    if what.office is not None:
        known.offices.setdefault(what.office.id, (what.office.slug, what.office.name))
    if what.service is not None:
        known.services.setdefault(what.service.id, (what.service.slug, what.service.name))
    return known


def _miss(what: Chosen, rows: list[Waiting], desk: Desk) -> tuple[Sentence, str] | None:
    """Why a number was not found, and the number where its request lies elsewhere: everybody who knows it may see where."""
    text = what.wanted.text
    looks_like_one = numbers.read(text) is not None or (re.search(r"\d", text) and len(re.sub(r"[\W_]", "", text)) == _SIGNS)
    if rows or not looks_like_one:
        return None
    try:
        found: ServiceRequest = requests.find(text)
    except Refused as refusal:
        return refusal.sentence, ""
    return (Sentence("Permohonan ini ada di {office}.", office=found.office.name), found.number) if not inboxes.is_on(desk, found) else None


def _calls(desk: Desk) -> set[int] | None:
    return None if desk.offices is None else set(desk.offices)


def _ticked(form: Form, rows: list[Waiting]) -> set[int]:
    """Which rows are ticked: all where that is asked for, else those that were when the form was sent."""
    if asked.text("pilih") == "semua":
        return {row.id for row in rows}
    return {int(number) for number, _, _ in (value.partition("-") for value in form.all("permohonan")) if number.isascii() and number.isdigit()}


def _cells(rows: list[Waiting], desk: Desk) -> Iterator[list[str]]:
    for row in rows:
        came = row.created_at.astimezone(row.zone)
        yield [row.number, row.service, row.office, say(request_words.CHANNELS[row.channel]), say(request_words.ORIGINS.get(row.origin, row.origin)),
               say(request_words.STATES[row.state]), row.name, row.phone, came.isoformat(timespec="minutes"), row.due_on.isoformat() if row.due_on else "",
               row.assignee, say(desk_words.next_step(row, desk), came)]  # fmt: skip
