"""Administration of offices: found, made, corrected; their hours, special days and drop boxes."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from portal import clock
from portal.clock import zone_of_province
from portal.offices import calendars, places, regions, search
from portal.offices.models import DropBox, Office, SpecialHours
from portal.refusals import Refused
from portal.views import asked, typed
from portal.views.access import allow, me
from portal.views.admin_words import week_words
from portal.views.answers import show as show_page
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence, later

bp = Blueprint("admin_offices", __name__, url_prefix="/admin/kantor")
PAGE, _BIGGEST = 50, 2**31
_HOURS = later("Contoh: Mo-Th 08:00-12:00,13:00-16:00; Fr 08:00-11:30,13:30-16:30. Hari: Mo Tu We Th Fr Sa Su; PH untuk hari libur.")
_FACTS = (
    Field("name", later("Nama"), required=True),
    Field("kind", later("Jenis"), hint=later("Misalnya: kelurahan, dinas, unit."), short=True),
    Field("region", later("Wilayah"), hint=later("Kode atau nama, misalnya 31.71.")),
    Field("address", later("Alamat")),
    Field("phone", later("Telepon"), "tel", short=True),
    Field("email", later("Surel"), "email"),
    Field("lat", later("Lintang"), short=True),
    Field("lon", later("Bujur"), short=True),
    Field(
        "timezone",
        later("Zona waktu"),
        "select",
        hint=later("Kosong: menurut provinsinya."),
        short=True,
        options=(("", "–"), ("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")),
    ),
    Field("headcount", later("Jumlah pegawai"), short=True),
    Field("desks", later("Jumlah meja"), short=True),
)


@bp.get("")
@allow("administer")
def overview() -> str:
    text, number = asked.text("q"), asked.page("hal")
    found = search.matching(text) if text else Office.parent.is_null()
    rows: list[Any] = []
    if found is not None:
        chosen = Office.select(Office.id, Office.slug, Office.name, Office.region.alias("region_code")).where(found)
        rows = list(chosen.order_by(*(search.best_first(text) if text else [Office.name, Office.id])).offset((number - 1) * PAGE).limit(PAGE + 1).dicts())
    names = regions.named([row["region_code"] for row in rows])
    return show_page("admin/offices.html", "admin/_offices.html", rows=rows[:PAGE], has_more=len(rows) > PAGE, number=number, text=text, names=names)


@bp.route("/baru", methods=["GET", "POST"])
@allow("administer")
def new() -> Any:
    fields = (
        *_FACTS,
        Field("parent", later("Bagian dari"), hint=later("Nama lengkap atau slug kantor induk.")),
        Field("hours", later("Jam layanan"), hint=_HOURS),
        Field("slug", later("Slug"), hint=later("Bagian dari alamat halaman. Kosong: dibuat dari nama.")),
    )
    page = FormPage("kantor", later("Kantor baru"), later("Simpan"), fields, [(url_for(".overview"), later("Kantor"))])
    return page.answer(_add, _to, Form.of(parent=request.args.get("induk", "")[:200]))


@bp.get("/<slug>")
@allow("administer")
def show(slug: str) -> Response:
    return _page(_office(slug))


@bp.route("/<slug>/ubah", methods=["GET", "POST"])
@allow("administer")
def change(slug: str) -> Any:
    office = _office(slug)
    given = Form.of(**{name: getattr(office, name) for name in places.FACTS if name != "region"}, region=office.region_code)
    page = _form(office, "ubah", later("Ubah data kantor"), _FACTS)
    return page.answer(lambda sent: places.change(office, **_facts(sent, office.timezone), by=me().actor, now=clock.now()), _to(office), given)


@bp.route("/<slug>/jam", methods=["GET", "POST"])
@allow("administer")
def hours(slug: str) -> Any:
    office = _office(slug)
    hint = Field("hours", later("Jam layanan"), hint=_HOURS)
    page = _form(
        office,
        "jam",
        later("Ubah jam layanan"),
        (hint,),
        later("Kosong: kantor ini mengikuti induknya, atau Senin sampai Jumat 08.00–16.00 bila tidak punya induk."),
    )

    def act(sent: Form) -> None:
        with_field("hours", lambda: places.set_hours(office, sent["hours"].strip()[:1000] or None, by=me().actor, now=clock.now()))

    return page.answer(act, _to(office), Form.of(hours=office.hours if office.has_own_hours else ""))


@bp.route("/<slug>/jam-khusus", methods=["GET", "POST"])
@allow("administer")
def special(slug: str) -> Any:
    office = _office(slug)
    fields = (
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", required=True, short=True),
        Field("hours", later("Jam pada hari itu"), hint=later("Contoh: 08:00-12:00. Kosong: tutup."), short=True),
        Field("note", later("Keterangan untuk umum")),
    )
    page = _form(office, "jam-khusus", later("Jam khusus"), fields, later("Berlaku untuk kantor ini dan semua bagiannya, mendahului hari libur dan kebijakan."))

    def act(sent: Form) -> None:
        first, last = typed.day(sent, "first_day"), typed.day(sent, "last_day")
        with_field("hours", lambda: calendars.set_special_hours(office, first, last, sent["hours"].strip()[:200], sent["note"], by=me().actor, now=clock.now()))

    return page.answer(act, _to(office), Form.of(first_day=_today(), last_day=_today()))


@bp.post("/jam-khusus/<int:number>/tarik")
@allow("administer")
def withdraw_special(number: int) -> Any:
    row = _row(SpecialHours, number)
    return _pressed(row.office, lambda: calendars.withdraw_special_hours(row, by=me().actor, now=clock.now()))


@bp.route("/<slug>/kotak-surat", methods=["GET", "POST"])
@allow("administer")
def drop_box(slug: str) -> Any:
    office = _office(slug)
    fields = (Field("place", later("Tempat"), hint=later("Misalnya: lobi Blok A, sebelah pos jaga."), required=True), Field("hours", later("Jam"), hint=_HOURS))

    def act(sent: Form) -> None:
        with_field("hours", lambda: places.add_drop_box(office, sent["place"], sent["hours"].strip()[:1000], by=me().actor, now=clock.now()))

    return _form(office, "kotak-surat", later("Kotak surat baru"), fields).answer(act, _to(office))


@bp.post("/kotak-surat/<int:number>/akhiri")
@allow("administer")
def end_drop_box(number: int) -> Any:
    box = _row(DropBox, number)
    return _pressed(box.office, lambda: places.end_drop_box(box, by=me().actor, now=clock.now()))


def with_field(field: str, act: Any) -> Any:
    """A refusal that names no field stands beside this one."""
    try:
        return act()
    except Refused as refusal:
        raise Refused(refusal.sentence, field=refusal.field or field) from None


def _add(sent: Form) -> Office:
    parent = typed.office_or_none(sent, "parent")
    facts = _facts(sent, parent.timezone if parent else "")
    slug = sent["slug"].strip()
    if slug and (places.slug_of(slug) != slug or Office.select().where(Office.slug == slug).exists()):
        raise Refused(Sentence("Slug ini sudah dipakai, atau berisi selain huruf kecil, angka, dan tanda hubung."), field="slug")
    if not slug and Office.select().where(Office.name == facts["name"].strip()).exists():
        raise Refused(Sentence("Kantor dengan nama ini sudah ada. Bila memang kantor lain, tulis slug-nya."), field="slug")
    opening = sent["hours"].strip()[:1000] or None
    return with_field("hours", lambda: places.add(**facts, slug=slug, parent=parent, opening=opening, by=me().actor, now=clock.now()))


def _facts(sent: Form, zone: str) -> dict[str, Any]:
    """The facts of an office as typed; without a zone that of its province, else the one it has or the portal's."""
    region = typed.region_or_none(sent, "region")
    zone = sent["timezone"] or zone or (zone_of_province(region.code) if region else current_app.config["SETTINGS"].timezone)
    facts = {name: sent[name] for name in ("name", "kind", "address", "phone", "email")}
    numbers = {
        "lat": typed.degrees(sent, "lat"),
        "lon": typed.degrees(sent, "lon"),
        "headcount": typed.whole(sent, "headcount"),
        "desks": typed.whole(sent, "desks"),
    }
    return places.checked_facts(**facts, **numbers, region=region, timezone=zone[:60])


def _form(office: Office, id: str, title: str, fields: Any, lead: str = "") -> FormPage:
    return FormPage(id, title, later("Simpan"), fields, [(url_for(".overview"), later("Kantor")), (_to(office), office.name)], lead)


def _pressed(office: Office, act: Any) -> Any:
    try:
        act()
    except Refused as refusal:
        return _page(office, Form().refuse(refusal), 422)
    return redirect(_to(office), 303)


def _page(office: Office, form: Form | None = None, status: int = 200) -> Response:
    body = render_template(
        "admin/office.html",
        office=office,
        form=form or Form(),
        names=regions.named([office.region_code]),
        parent=office.parent,
        week=week_words(office.hours),
        boxes=list(DropBox.select().where(DropBox.office == office, DropBox.ended_at.is_null()).order_by(DropBox.id)),
        today=_today(),
        week_words=week_words,
        specials=list(
            SpecialHours.select()
            .where(SpecialHours.office == office, SpecialHours.withdrawn_at.is_null(), SpecialHours.last_day >= _today())
            .order_by(SpecialHours.first_day)
        ),
        units=list(Office.select(Office.slug, Office.name).where(Office.parent == office).order_by(Office.name).limit(200).tuples()),
    )
    return Response(body, status)


def _today() -> Any:
    return zone_now(me().now).date()


def _to(office: Office) -> str:
    return url_for(".show", slug=office.slug)


def _office(slug: str) -> Office:
    found = Office.get_or_none(Office.slug == slug) if "\0" not in slug else None
    return found if found is not None else abort(404)


def _row(table: Any, number: int) -> Any:
    found = table.get_or_none(table.id == number) if number < _BIGGEST else None
    return found if found is not None else abort(404)
