"""Administration of e-kinerja: activity types and outages, and the way to the rest."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, url_for

from portal import clock
from portal.audit import AuditEntry
from portal.kinerja import activity_types, outages
from portal.kinerja.activity_types import Sort
from portal.kinerja.models import ActivityType, Outage, Target
from portal.policies import OF_WORK, Policy
from portal.refusals import Refused
from portal.views import asked, typed
from portal.views.access import allow, me
from portal.views.answers import show
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence, later

bp = Blueprint("admin_work", __name__, url_prefix="/admin/kinerja")
PAGE, _BIGGEST, _SHOWN = 50, 2**31, 200
_SORT = (
    Field("name", later("Nama"), hint=later("Contoh: Memeriksa berkas permohonan."), required=True),
    Field("unit", later("Satuan hasil"), hint=later("Contoh: berkas, surat, rapat."), required=True, short=True),
    Field("minutes", later("Menit untuk satu satuan"), "number", later("Yang sudah ditulis pegawai tidak ikut berubah."), required=True, short=True),
    Field("needs_evidence", later("Bukti dukung"), "select", options=(("no", later("Boleh tanpa bukti")), ("yes", later("Wajib ada bukti"))), required=True),
)
_CODE = Field("code", later("Kode"), hint=later("Tetap, dipakai berkas CSV."), required=True, short=True)


@bp.get("")
@allow("administer")
def overview() -> str:
    today = zone_now(me().now).date()
    holds = (Policy.first_day <= today) & (Policy.last_day.is_null() | (Policy.last_day >= today))
    counts = {
        "outages": Outage.select().where(Outage.state == outages.PROPOSED).count(),
        "types": ActivityType.select().where(ActivityType.ended_at.is_null()).count(),
        "policies": Policy.select().where(Policy.kind.in_(OF_WORK), holds).count(),
        "targets": Target.select().where(Target.year == today.year, Target.state == "agreed").count(),
    }
    return render_template("admin/work.html", counts=counts, year=today.year)


@bp.get("/jenis")
@allow("administer")
def types() -> str:
    text, number = asked.text("q"), asked.page("hal")
    rows = ActivityType.select().order_by(ActivityType.ended_at.is_null(False), ActivityType.name, ActivityType.id)
    if text:
        rows = rows.where(ActivityType.name.contains(text) | ActivityType.code.contains(text))
    found = list(rows.offset((number - 1) * PAGE).limit(PAGE + 1))
    facts = {"rows": found[:PAGE], "has_more": len(found) > PAGE, "page": number, "text": text}
    return show("admin/activity_types.html", "admin/_activity_types.html", **facts)


@bp.route("/jenis/baru", methods=["GET", "POST"])
@allow("administer")
def new_type() -> Any:
    page = FormPage("jenis", later("Jenis kegiatan baru"), later("Simpan"), (_CODE, *_SORT), _to_types())
    return page.answer(lambda sent: activity_types.add(_sort(sent), by=me().actor, now=clock.now()), url_for(".types"), Form.of(needs_evidence="no"))


@bp.route("/jenis/<int:number>/ubah", methods=["GET", "POST"])
@allow("administer")
def change_type(number: int) -> Any:
    kind = _row(ActivityType, number)
    page = FormPage("jenis", later("Ubah jenis kegiatan"), later("Simpan"), _SORT, _to_types(), Sentence("Kode {code}", code=kind.code))
    given = Form.of(name=kind.name, unit=kind.unit, minutes=kind.minutes, needs_evidence="yes" if kind.needs_evidence else "no")
    return page.answer(lambda sent: activity_types.change(kind, _sort(sent, kind.code), by=me().actor, now=clock.now()), url_for(".types"), given)


@bp.post("/jenis/<int:number>/<any('akhiri', 'pulihkan'):act>")
@allow("administer")
def put_type(number: int, act: str) -> Any:
    verb = activity_types.end if act == "akhiri" else activity_types.restore
    verb(_row(ActivityType, number), by=me().actor, now=clock.now())
    return redirect(url_for(".types"), 303)


@bp.get("/gangguan")
@allow("administer")
def register() -> Response:
    return _register({})


@bp.route("/gangguan/baru", methods=["GET", "POST"])
@allow("administer")
def new_outage() -> Any:
    zone = clock.zone_name(zone_now(me().now))
    fields = (
        Field("starts", later("Mulai"), "datetime-local", Sentence("Menurut jam {zone}.", zone=zone), required=True),
        Field("ends", later("Selesai"), "datetime-local", required=True),
        Field("note", later("Apa yang terjadi"), hint=later("Dibaca semua pegawai."), required=True),
    )
    lead = later("Setiap tenggat di dalam waktu ini bergeser ke akhir hari kerja berikutnya, untuk semua orang.")
    page = FormPage(
        "gangguan", later("Catat gangguan"), later("Catat dan geser tenggat"), fields, [*_to_work(), (url_for(".register"), later("Gangguan"))], lead
    )

    def act(sent: Form) -> Outage:
        return outages.enter(_moment(sent, "starts"), _moment(sent, "ends"), sent["note"], by=me().actor, now=clock.now())

    return page.answer(act, url_for(".register"))


@bp.post("/gangguan/<int:number>/<any('benar', 'bukan', 'tarik'):act>")
@allow("administer")
def settle_outage(number: int, act: str) -> Any:
    outage, sent = _row(Outage, number), Form.sent()
    facts: dict[str, Any] = {"by": me().actor, "now": clock.now()}
    try:
        if act == "benar":
            outages.confirm(outage, sent[f"note-{number}"], **facts)
        else:
            (outages.dismiss if act == "bukan" else outages.withdraw)(outage, **facts)
    except Refused as refusal:
        return _register({number: sent.refuse(refusal)}, 422)
    return redirect(url_for(".register"), 303)


def _register(forms: dict[int, Form], status: int = 200) -> Response:
    """What waits, what holds, and what was settled otherwise; with how many days each moved."""
    rows = list(Outage.select().order_by(Outage.starts_at.desc(), Outage.id.desc()).limit(_SHOWN))
    acts = AuditEntry.select(AuditEntry.object_id, AuditEntry.after).where(AuditEntry.kind == "outage", AuditEntry.object_id.in_([str(row.id) for row in rows]))
    moved = {id: after["moved"] for id, after in acts.order_by(AuditEntry.id).tuples() if after and "moved" in after}
    states = {state: [row for row in rows if row.state == state] for state in outages.STATES}
    page = render_template("admin/outages.html", states=states, words=outages.STATES, moved=moved, forms=forms, empty=Form(), worker=outages.WORKER,
                           zone=zone_now(me().now).tzinfo)  # fmt: skip
    return Response(page, status)


def _sort(sent: Form, code: str = "") -> Sort:
    return Sort(code or sent["code"], sent["name"], sent["unit"], typed.whole(sent, "minutes"), sent["needs_evidence"] == "yes")


def _moment(sent: Form, field: str) -> datetime:
    """A moment by the portal's own clocks; refused where it is none."""
    try:
        found = datetime.fromisoformat(sent[field].strip())
        if found.tzinfo is not None or not 2000 <= found.year <= 2200:
            raise ValueError
    except ValueError:
        raise Refused(Sentence("Isi tanggal dan jamnya."), field=field) from None
    return found.replace(tzinfo=zone_now(me().now).tzinfo).astimezone(clock.UTC)


def _row(table: type[Any], number: int) -> Any:
    found = table.get_or_none(table.id == number) if number < _BIGGEST else None
    return found if found is not None else abort(404)


def _to_work() -> list[tuple[str, str]]:
    return [(url_for(".overview"), later("E-kinerja"))]


def _to_types() -> list[tuple[str, str]]:
    return [*_to_work(), (url_for(".types"), later("Jenis kegiatan"))]
