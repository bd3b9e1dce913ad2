"""Several requests at once: claimed, assigned, noted, printed, finished; what could not be done is told row by row."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.refusals import NotFound, Refused
from portal.services import bulk
from portal.services import inbox as inboxes
from portal.services.bulk import Order, Picked
from portal.services.inbox import Filter
from portal.views import at_desk, desk
from portal.views.access import allow, me
from portal.views.forms import Form
from portal.words import Sentence, later

bp = Blueprint("desk_bulk", __name__)
ACTS = {"ambil": bulk.CLAIM, "tugaskan": bulk.ASSIGN, "catatan": bulk.NOTE, "selesai": bulk.DONE}
DONE = {
    "ambil": later("Anda mengerjakannya"),
    "tugaskan": later("Ditugaskan"),
    "catatan": later("Catatan disimpan"),
    "selesai": later("Diselesaikan"),
}
_MOST = 200  # boxes in one form: a page has no more
_TEXTS = {"catatan": "note", "selesai": "text"}


@bp.post("/loket/massal")
@allow("serve_requests")
def carry_out() -> Any:
    """Do one thing with all that is ticked; where something could not be done, a page with a line for each."""
    sent = Form.sent()
    try:
        picked = _picked(sent)
        if sent["act"] == "cetak":
            return _print(picked)
        outcomes = bulk.carry_out(_order(sent), picked, at_desk.desk())
    except NotFound:
        abort(404)
    except Refused as refusal:
        return Response(desk.list_page(desk.chosen(), sent.refuse(refusal)), 422)
    if any(each.refusal for each in outcomes):
        return render_template("desk/outcomes.html", outcomes=outcomes, done=DONE[sent["act"]], back=_back(), now=me().now)
    return redirect(_back(sudah=sent["act"], jumlah=len(outcomes)), 303)


def _order(sent: Form) -> Order:
    return Order(ACTS.get(sent["act"], ""), me().person, me().actor, clock.now(), to=sent["officer"], text=sent[_TEXTS.get(sent["act"], "text")])


def _print(picked: list[Picked]) -> str:
    at = at_desk.desk()
    wanted = Filter(ids={id for id, _ in picked})
    rows = inboxes.rows(at, wanted, most=_MOST)
    if not picked:
        raise Refused(Sentence("Belum ada permohonan yang dipilih. Centang dulu di daftar."), field="permohonan")
    return desk.print_page(rows, at) if rows else abort(404)


def _picked(sent: Form) -> list[Picked]:
    """Requests with the revision that the page has shown, as 17-3; what cannot be one was not sent by our page."""
    found, values = [], sent.all("permohonan")
    if len(values) > _MOST:
        raise Refused(Sentence("Paling banyak {most} pilihan sekaligus.", most=_MOST), field="permohonan")
    for value in values:
        id, _, seen = value.partition("-")
        if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in (id, seen or "0")):
            abort(404)
        found.append((int(id), int(seen) if seen else None))
    return found


def _back(**facts: Any) -> str:
    """The list from which the form was sent."""
    kept = {name: value for name, value in request.args.items() if name in {"saring", "kantor", "layanan", "kanal", "lewat", "q", "hal"}}
    return url_for("desk.inbox", **{**kept, **facts})
