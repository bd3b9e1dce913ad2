"""Administration of people: found, made, corrected, invited; where they work, what they may do, who stands in, who is away."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import audit, clock
from portal.attendance import leave
from portal.attendance.models import Leave
from portal.offices import people_sheet, postings
from portal.offices.models import Office
from portal.offices.staff import Acting, Grant, Posting
from portal.people import accounts, roles, second_factor
from portal.people.models import Person
from portal.refusals import Refused
from portal.views import asked, typed
from portal.views.access import allow, me, needs_password
from portal.views.admin_words import ROLES
from portal.views.answers import show as show_page
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import say, zone_now
from portal.views.sheets import line
from portal.words import Sentence, later

bp = Blueprint("admin_people", __name__, url_prefix="/admin/orang")
PAGE, _BIGGEST = 50, 2**31
_FACTS = (
    Field("name", later("Nama"), required=True),
    Field("email", later("Surel"), "email", later("Tanpa surel, orang ini masuk daftar telepon.")),
    Field("phone", later("Telepon"), "tel", short=True),
    Field("language", later("Bahasa surat"), "select", options=(("id", "Indonesia"), ("en", "English")), required=True),
)


@bp.get("")
@allow("administer")
def overview() -> str:
    text, number = asked.text("q"), asked.page("hal")
    where = Person.name.contains(text) | Person.identifier.startswith(text.replace(" ", "").upper()) if text else Person.id.is_null(False)
    rows = list(Person.select().where(where).order_by(Person.name, Person.id).offset((number - 1) * PAGE).limit(PAGE + 1))
    today = zone_now(me().now).date()
    held = Posting.select(Posting.person, Office.name).join(Office).where(Posting.person.in_([row.id for row in rows] or [0]), postings.on(Posting, today))
    places = dict(held.order_by(Posting.is_main, Posting.id.desc()).tuples())
    return show_page("admin/people.html", "admin/_people.html", rows=rows[:PAGE], has_more=len(rows) > PAGE, number=number, text=text, places=places)


@bp.get("/ekspor.csv")
@allow("administer")
def export() -> Response:
    """Everybody, with the columns that an import takes; that somebody took it along is recorded first."""
    today = zone_now(me().now).date()
    audit.record("people_exported", "person", "", by=me().actor, now=clock.now())

    def lines() -> Iterator[bytes]:
        yield line(people_sheet.COLUMNS)
        for row in people_sheet.rows(today):
            yield line(row)

    return Response(lines(), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=orang.csv"}, direct_passthrough=True)


@bp.route("/baru", methods=["GET", "POST"])
@allow("administer")
def new() -> Any:
    identifier = Field("identifier", later("NIP"), hint=later("18 angka. PPPK dan tamu: nomor lain yang unik."), required=True, short=True)
    page = FormPage("orang", later("Orang baru"), later("Simpan"), (identifier, *_FACTS), [(url_for(".overview"), later("Orang"))])

    def act(sent: Form) -> Person:
        return accounts.create(sent["identifier"], sent["name"], email=sent["email"], phone=sent["phone"], language=sent["language"] or "id", by=me().actor, now=clock.now())

    return page.answer(act, _to)


@bp.get("/<int:number>")
@allow("administer")
def show(number: int) -> Response:
    return _page(_person(number))


@bp.route("/<int:number>/ubah", methods=["GET", "POST"])
@allow("administer")
def change(number: int) -> Any:
    person = _person(number)
    page = _form(person, "ubah", later("Ubah data"), later("Simpan"), _FACTS)
    facts = {field.name: getattr(person, field.name) for field in _FACTS}
    return page.answer(lambda sent: accounts.change(person, by=me().actor, now=clock.now(), **{name: sent[name] for name in facts}), _to(person), Form.of(**facts))


@bp.route("/<int:number>/penempatan", methods=["GET", "POST"])
@allow("administer")
def post(number: int) -> Any:
    person = _person(number)
    fields = (
        Field("office", later("Kantor"), hint=later("Nama lengkap atau slug kantor."), required=True),
        Field("position", later("Jabatan")),
        Field("supervisor", later("NIP atasan langsung"), short=True),
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", short=True),
        Field("is_main", later("Jenis penempatan"), "select", options=(("yes", later("Utama: mengakhiri yang utama sebelumnya")), ("no", later("Tambahan"))), required=True),
    )

    def act(sent: Form) -> Posting:
        return postings.post(
            person, typed.office(sent, "office"), position=sent["position"], supervisor=typed.person_or_none(sent, "supervisor"), first_day=typed.day(sent, "first_day"),
            last_day=typed.day_or_none(sent, "last_day"), is_main=sent["is_main"] != "no", by=me().actor, now=clock.now())  # fmt: skip

    page = _form(person, "penempatan", later("Tambah penempatan"), later("Simpan"), fields)
    return page.answer(act, _to(person), Form.of(first_day=zone_now(me().now).date(), office=request.args.get("kantor", "")[:200]))


@bp.route("/penempatan/<int:number>/akhiri", methods=["GET", "POST"])
@allow("administer")
def end_posting(number: int) -> Any:
    posting = _row(Posting, number)
    page = _form(posting.person, "akhiri", later("Akhiri penempatan"), later("Akhiri"), (Field("last_day", later("Hari terakhir"), "date", required=True, short=True),),
                 lead=Sentence("{office}, {position}", office=posting.office.name, position=posting.position or "–"))  # fmt: skip

    def act(sent: Form) -> None:
        postings.end_posting(posting, typed.day(sent, "last_day"), by=me().actor, now=clock.now())

    return page.answer(act, _to(posting.person), Form.of(last_day=zone_now(me().now).date()))


@bp.route("/<int:number>/peran", methods=["GET", "POST"])
@allow("administer")
def grant(number: int) -> Any:
    person = _person(number)
    if (first := needs_password()) is not None:
        return first
    fields = (
        Field("role", later("Peran"), "select", options=[(role, ROLES[role]) for role in roles.GRANTED], required=True),
        Field("office", later("Atas kantor"), hint=later("Berlaku untuk kantor ini dan semua bagiannya. Kosong: untuk semua kantor.")),
    )
    page = _form(person, "peran", later("Beri peran"), later("Beri peran"), fields)
    return page.answer(lambda sent: postings.grant(person, sent["role"][:40], typed.office_or_none(sent, "office"), by=me().actor, now=clock.now()), _to(person))


@bp.route("/peran/<int:number>/cabut", methods=["GET", "POST"])
@allow("administer")
def revoke(number: int) -> Any:
    given = _row(Grant, number)
    if (first := needs_password()) is not None:
        return first
    over = given.office.name if given.office_id else say(later("semua kantor"))
    page = _form(given.person, "cabut", later("Cabut peran"), later("Cabut"), lead=Sentence("{role}, {office}", role=say(ROLES[given.role]), office=over))

    def act(sent: Form) -> None:
        if given.role == roles.ADMIN:
            _not_oneself(given.person)
        postings.revoke(given, by=me().actor, now=clock.now())

    return page.answer(act, _to(given.person))


@bp.route("/<int:number>/plt", methods=["GET", "POST"])
@allow("administer")
def stand_in(number: int) -> Any:
    person = _person(number)
    fields = (
        Field("deputy", later("NIP pengganti"), required=True, short=True),
        Field("kind", later("Jenis"), "select", options=(("Plh", later("Plh, pelaksana harian")), ("Plt", later("Plt, pelaksana tugas"))), required=True),
        Field("letter_number", later("Nomor surat"), required=True),
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", required=True, short=True),
    )

    def act(sent: Form) -> Acting:
        return postings.act_for(person, typed.person(sent, "deputy"), kind=sent["kind"], letter_number=sent["letter_number"], first_day=typed.day(sent, "first_day"),
                                last_day=typed.day(sent, "last_day"), by=me().actor, now=clock.now())  # fmt: skip

    page = _form(person, "plt", later("Tunjuk Plt atau Plh"), later("Simpan"), fields, lead=Sentence("Menggantikan {name} sebagai atasan.", name=person.name))
    return page.answer(act, _to(person), Form.of(first_day=zone_now(me().now).date()))


@bp.post("/plt/<int:number>/akhiri")
@allow("administer")
def end_acting(number: int) -> Any:
    acting = _row(Acting, number)
    return _pressed(acting.superior, lambda: postings.end_acting(acting, by=me().actor, now=clock.now()))


@bp.route("/<int:number>/ketidakhadiran", methods=["GET", "POST"])
@allow("administer")
def enter_leave(number: int) -> Any:
    person = _person(number)
    fields = (
        Field("kind", later("Jenis"), "select", hint=later("Atasan hanya melihat bahwa orang ini tidak bekerja."), options=tuple(leave.KINDS.items()), required=True),
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", required=True, short=True),
    )

    def act(sent: Form) -> Leave:
        return leave.enter(person, sent["kind"][:40], typed.day(sent, "first_day"), typed.day(sent, "last_day"), by=me().actor, now=clock.now())

    return _form(person, "ketidakhadiran", later("Catat ketidakhadiran"), later("Simpan"), fields).answer(act, _to(person), Form.of(first_day=zone_now(me().now).date()))


@bp.post("/ketidakhadiran/<int:number>/tarik")
@allow("administer")
def withdraw_leave(number: int) -> Any:
    entered = _row(Leave, number)
    return _pressed(entered.person, lambda: leave.withdraw(entered, by=me().actor, now=clock.now()))


@bp.post("/<int:number>/undang")
@allow("administer")
def invite(number: int) -> Any:
    person = _person(number)
    return _pressed(person, lambda: accounts.invite(person, by=me().actor, now=clock.now()), said="undangan")


@bp.route("/<int:number>/<any('atur-ulang', 'matikan-kode', 'tutup', 'buka'):act>", methods=["GET", "POST"])
@allow("administer")
def sensitive(number: int, act: str) -> Any:
    """Acts on the account itself, each on a page that says what it does, with a password given lately."""
    person = _person(number)
    if (first := needs_password()) is not None:
        return first
    title, lead, verb = _SENSITIVE[act]

    def carry_out(sent: Form) -> None:
        if act == "tutup":
            _not_oneself(person)
        verb(person, by=me().actor, now=clock.now())

    return _form(person, act, title, title, lead=Sentence(lead, name=person.name)).answer(carry_out, _to(person))


_SENSITIVE: dict[str, tuple[str, str, Any]] = {
    "atur-ulang": (later("Kirim tautan kata sandi"), later("{name} menerima tautan yang berlaku satu jam. Tanpa surel, petugas membacakannya lewat telepon."), accounts.send_reset),
    "matikan-kode": (later("Matikan kode masuk kedua"), later("{name} masuk dengan kata sandi saja, sampai kode kedua dinyalakan lagi."), second_factor.stop),
    "tutup": (later("Tutup akun"), later("{name} keluar dari semua perangkat dan tidak dapat masuk lagi. Semua yang pernah dikerjakan tetap tersimpan."), accounts.end),
    "buka": (later("Buka lagi akun"), later("{name} dapat masuk lagi dengan kata sandinya."), accounts.restore),
}


def _not_oneself(person: Person) -> None:
    """Else the last administrator could lock everybody out."""
    if person.id == me().person.id:
        raise Refused(Sentence("Ini tidak dapat Anda lakukan pada akun sendiri. Mintalah administrator lain."))


def _form(person: Person, id: str, title: str, button: str, fields: Any = (), lead: str | Sentence = "") -> FormPage:
    return FormPage(id, title, button, fields, [(url_for(".overview"), later("Orang")), (_to(person), person.name)], lead)


def _pressed(person: Person, act: Any, said: str | None = None) -> Any:
    try:
        act()
    except Refused as refusal:
        return _page(person, Form().refuse(refusal), 422)
    return redirect(url_for(".show", number=person.id, sudah=said), 303)


def _page(person: Person, form: Form | None = None, status: int = 200) -> Response:
    superior = Person.alias()
    jobs = Posting.select(Posting, Office, superior).join(Office).switch(Posting).join(superior, "LEFT OUTER", on=Posting.supervisor)
    body = render_template(
        "admin/person.html", person=person, form=form or Form(), doubt=accounts.doubt_about(person.identifier), role_words=ROLES, kinds=leave.KINDS,
        jobs=list(jobs.where(Posting.person == person).order_by(Posting.first_day.desc(), Posting.id.desc())), today=zone_now(me().now).date(), acting=_acting(person),
        grants=list(Grant.select(Grant, Office).join(Office, "LEFT OUTER").where(Grant.person == person, Grant.revoked_at.is_null()).order_by(Grant.id)),
        absences=list(Leave.select().where(Leave.person == person, Leave.withdrawn_at.is_null()).order_by(Leave.first_day.desc()).limit(20)),
        is_invited=request.args.get("sudah") == "undangan", is_me=person.id == me().person.id)  # fmt: skip
    return Response(body, status)


def _acting(person: Person) -> list[Acting]:
    """Where this person stands in or is stood in for, the latest first."""
    superior, deputy = Person.alias(), Person.alias()
    rows = Acting.select(Acting, superior, deputy).join(superior, on=Acting.superior).switch(Acting).join(deputy, on=Acting.deputy)
    return list(rows.where((Acting.superior == person) | (Acting.deputy == person), Acting.ended_at.is_null()).order_by(Acting.first_day.desc()).limit(20))


def _to(person: Person) -> str:
    return url_for(".show", number=person.id)


def _person(number: int) -> Person:
    return _row(Person, number)


def _row(table: Any, number: int) -> Any:
    found = table.get_or_none(table.id == number) if number < _BIGGEST else None
    return found if found is not None else abort(404)
