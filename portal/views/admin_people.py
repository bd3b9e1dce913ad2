"""Administration of people: found, made, corrected, invited, let in and shut out."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from peewee import JOIN

from portal import audit, clock, continuity
from portal.attendance import leave
from portal.offices import people_sheet, postings
from portal.offices.models import Office
from portal.offices.staff import Acting, Grant, Posting
from portal.people import accounts, second_factor
from portal.people.models import Person
from portal.refusals import Refused
from portal.views import asked
from portal.views.access import allow, me, needs_password
from portal.views.admin_words import ROLES
from portal.views.answers import show as show_page
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import zone_now
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
    today = zone_now(me().now).date()
    is_unposted = request.args.get("saring") == "tanpa"
    if is_unposted:
        where &= Person.ended_at.is_null() & Person.id.not_in(Posting.select(Posting.person).where(postings.on(Posting, today)))
    rows = list(Person.select().where(where).order_by(Person.name, Person.id).offset((number - 1) * PAGE).limit(PAGE + 1))
    held = Posting.select(Posting.person, Office.name).join(Office).where(Posting.person.in_([row.id for row in rows] or [0]), postings.on(Posting, today))
    places = dict(held.order_by(Posting.is_main, Posting.id.desc()).tuples())
    return show_page(
        "admin/people.html", "admin/_people.html", rows=rows[:PAGE], has_more=len(rows) > PAGE, number=number, text=text, places=places, is_unposted=is_unposted
    )


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
        return accounts.create(
            sent["identifier"], sent["name"], email=sent["email"], phone=sent["phone"], language=sent["language"] or "id", by=me().actor, now=clock.now()
        )

    return page.answer(act, to)


@bp.get("/<int:number>")
@allow("administer")
def show(number: int) -> Response:
    return _page(person_of(number))


@bp.route("/<int:number>/ubah", methods=["GET", "POST"])
@allow("administer")
def change(number: int) -> Any:
    person = person_of(number)
    is_moved = request.method == "POST" and request.form.get("email", "") != person.email  # links for new passwords go there
    if is_moved and (first := needs_password()) is not None:
        return first
    page = form_of(person, "ubah", later("Ubah data"), later("Simpan"), _FACTS)
    facts = {field.name: getattr(person, field.name) for field in _FACTS}
    return page.answer(
        lambda sent: accounts.change(person, by=me().actor, now=clock.now(), **{name: sent[name] for name in facts}), to(person), Form.of(**facts)
    )


@bp.post("/<int:number>/undang")
@allow("administer")
def invite(number: int) -> Any:
    person = person_of(number)
    if (first := needs_password()) is not None:
        return first
    return pressed(person, lambda: accounts.invite(person, by=me().actor, now=clock.now()), said="undangan")


@bp.route("/<int:number>/<any('atur-ulang', 'matikan-kode', 'tutup', 'buka'):act>", methods=["GET", "POST"])
@allow("administer")
def sensitive(number: int, act: str) -> Any:
    """Acts on the account itself, each on a page that says what it does, with a password given lately."""
    person = person_of(number)
    if (first := needs_password()) is not None:
        return first
    title, lead, verb = _SENSITIVE[act]

    def carry_out(sent: Form) -> None:
        if act == "tutup":
            not_oneself(person)
        verb(person, by=me().actor, now=clock.now())

    return form_of(person, act, title, title, lead=Sentence(lead, name=person.name)).answer(carry_out, to(person))


_SENSITIVE: dict[str, tuple[str, str, Any]] = {
    "atur-ulang": (
        later("Kirim tautan kata sandi"),
        later("{name} menerima tautan yang berlaku satu jam. Tanpa surel, petugas menelepon dan menanyakan alamat surelnya."),
        accounts.send_reset,
    ),
    "matikan-kode": (later("Matikan kode masuk kedua"), later("{name} masuk dengan kata sandi saja, sampai kode kedua dinyalakan lagi."), second_factor.stop),
    "tutup": (
        later("Tutup akun"),
        later("{name} keluar dari semua perangkat dan tidak dapat masuk lagi. Semua yang pernah dikerjakan tetap tersimpan."),
        continuity.end_account,
    ),
    "buka": (later("Buka lagi akun"), later("{name} dapat masuk lagi dengan kata sandinya."), accounts.restore),
}


def not_oneself(person: Person) -> None:
    """Else the last administrator could lock everybody out."""
    if person.id == me().person.id:
        raise Refused(Sentence("Ini tidak dapat Anda lakukan pada akun sendiri. Mintalah administrator lain."))


def form_of(person: Person, id: str, title: str, button: str, fields: Any = (), lead: str | Sentence = "") -> FormPage:
    return FormPage(id, title, button, fields, [(url_for("admin_people.overview"), later("Orang")), (to(person), person.name)], lead)


def pressed(person: Person, act: Any, said: str | None = None) -> Any:
    try:
        act()
    except Refused as refusal:
        return _page(person, Form().refuse(refusal), 422)
    return redirect(url_for("admin_people.show", number=person.id, sudah=said), 303)


def _page(person: Person, form: Form | None = None, status: int = 200) -> Response:
    superior = Person.alias()
    jobs = Posting.select(Posting, Office, superior).join(Office).switch(Posting).join(superior, JOIN.LEFT_OUTER, on=Posting.supervisor)
    body = render_template(
        "admin/person.html",
        person=person,
        form=form or Form(),
        doubt=accounts.doubt_about(person.identifier),
        role_words=ROLES,
        kinds=leave.KINDS,
        jobs=list(jobs.where(Posting.person == person).order_by(Posting.first_day.desc(), Posting.id.desc())),
        today=zone_now(me().now).date(),
        acting=_acting(person),
        grants=list(Grant.select(Grant, Office).join(Office, JOIN.LEFT_OUTER).where(Grant.person == person, Grant.revoked_at.is_null()).order_by(Grant.id)),
        absences=leave.read_of(person, by=me().actor, now=me().now),
        is_invited=request.args.get("sudah") == "undangan",
        is_me=person.id == me().person.id,
    )
    return Response(body, status)


def _acting(person: Person) -> list[Acting]:
    """Where this person stands in or is stood in for, the latest first."""
    superior, deputy = Person.alias(), Person.alias()
    rows = Acting.select(Acting, superior, deputy).join(superior, on=Acting.superior).switch(Acting).join(deputy, on=Acting.deputy)
    return list(rows.where((Acting.superior == person) | (Acting.deputy == person), Acting.ended_at.is_null()).order_by(Acting.first_day.desc()).limit(20))


def to(person: Person) -> str:
    return url_for("admin_people.show", number=person.id)


def person_of(number: int) -> Person:
    return row_of(Person, number)


def row_of(table: Any, number: int) -> Any:
    found = table.get_or_none(table.id == number) if number < _BIGGEST else None
    return found if found is not None else abort(404)
