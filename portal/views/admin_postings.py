"""Administration of what people are: where they work, what they may do, who stands in for them, when they are away."""

from typing import Any

from flask import Blueprint, request

from portal import clock, continuity
from portal.attendance import leave
from portal.attendance.models import Leave
from portal.offices import postings
from portal.offices.staff import Acting, Grant, Posting
from portal.people import roles
from portal.refusals import Refused
from portal.views import typed
from portal.views.access import allow, me, needs_password
from portal.views.admin_people import form_of, not_oneself, person_of, pressed, row_of, to
from portal.views.admin_words import ROLES
from portal.views.form_pages import Field
from portal.views.forms import Form
from portal.views.language import say, zone_now
from portal.words import Sentence, later

bp = Blueprint("admin_postings", __name__, url_prefix="/admin/orang")
_POSTING = (
    Field("office", later("Kantor"), hint=later("Nama lengkap atau slug kantor."), required=True),
    Field("position", later("Jabatan")),
    Field("supervisor", later("NIP atasan langsung"), short=True),
    Field("first_day", later("Mulai"), "date", required=True, short=True),
    Field("last_day", later("Sampai"), "date", short=True),
    Field(
        "is_main",
        later("Jenis penempatan"),
        "select",
        options=(("yes", later("Utama: mengakhiri yang utama sebelumnya")), ("no", later("Tambahan"))),
        required=True,
    ),
)


@bp.route("/<int:number>/penempatan", methods=["GET", "POST"])
@allow("administer")
def post(number: int) -> Any:
    person = person_of(number)

    def act(sent: Form) -> Posting:
        return continuity.post(
            person,
            typed.office(sent, "office"),
            position=sent["position"],
            supervisor=typed.person_or_none(sent, "supervisor"),
            first_day=typed.day(sent, "first_day"),
            last_day=typed.day_or_none(sent, "last_day"),
            is_main=sent["is_main"] != "no",
            by=me().actor,
            now=clock.now(),
        )

    page = form_of(person, "penempatan", later("Tambah penempatan"), later("Simpan"), _POSTING)
    return page.answer(act, to(person), Form.of(first_day=zone_now(me().now).date(), office=request.args.get("kantor", "")[:200]))


@bp.route("/penempatan/<int:number>/akhiri", methods=["GET", "POST"])
@allow("administer")
def end_posting(number: int) -> Any:
    posting = row_of(Posting, number)
    page = form_of(
        posting.person,
        "akhiri",
        later("Akhiri penempatan"),
        later("Akhiri"),
        (Field("last_day", later("Hari terakhir"), "date", required=True, short=True),),
        lead=Sentence("{office}, {position}", office=posting.office.name, position=posting.position or "–"),
    )

    def act(sent: Form) -> None:
        continuity.end_posting(posting, typed.day(sent, "last_day"), by=me().actor, now=clock.now())

    return page.answer(act, to(posting.person), Form.of(last_day=zone_now(me().now).date()))


@bp.route("/<int:number>/peran", methods=["GET", "POST"])
@allow("administer")
def grant(number: int) -> Any:
    person = person_of(number)
    if (first := needs_password()) is not None:
        return first
    fields = (
        Field("role", later("Peran"), "select", options=[(role, ROLES[role]) for role in roles.GRANTED], required=True),
        Field("office", later("Atas kantor"), hint=later("Berlaku untuk kantor ini dan semua bagiannya.")),
        Field("everywhere", later("Semua kantor"), "select", options=[("", later("Tidak, hanya kantor di atas")), ("yes", later("Ya, semua kantor"))]),
    )
    page = form_of(person, "peran", later("Beri peran"), later("Beri peran"), fields)

    def act(sent: Form) -> None:
        office = typed.office_or_none(sent, "office")
        if office is None and sent["everywhere"] != "yes" and sent["role"] in {roles.OFFICER, roles.HEAD, roles.GUARD}:
            raise Refused(Sentence("Pilih kantornya, atau pilih semua kantor."), field="office")
        postings.grant(person, sent["role"][:40], office, by=me().actor, now=clock.now())

    return page.answer(act, to(person))


@bp.route("/peran/<int:number>/cabut", methods=["GET", "POST"])
@allow("administer")
def revoke(number: int) -> Any:
    given = row_of(Grant, number)
    if (first := needs_password()) is not None:
        return first
    over = given.office.name if given.office_id else say(later("semua kantor"))
    page = form_of(given.person, "cabut", later("Cabut peran"), later("Cabut"), lead=Sentence("{role}, {office}", role=say(ROLES[given.role]), office=over))

    def act(sent: Form) -> None:
        if given.role == roles.ADMIN:
            not_oneself(given.person)
        postings.revoke(given, by=me().actor, now=clock.now())

    return page.answer(act, to(given.person))


@bp.route("/<int:number>/plt", methods=["GET", "POST"])
@allow("administer")
def stand_in(number: int) -> Any:
    person = person_of(number)
    fields = (
        Field("deputy", later("NIP pengganti"), required=True, short=True),
        Field("kind", later("Jenis"), "select", options=(("Plh", later("Plh, pelaksana harian")), ("Plt", later("Plt, pelaksana tugas"))), required=True),
        Field("letter_number", later("Nomor surat"), required=True),
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", required=True, short=True),
    )

    def act(sent: Form) -> Acting:
        return postings.act_for(
            person,
            typed.person(sent, "deputy"),
            kind=sent["kind"],
            letter_number=sent["letter_number"],
            first_day=typed.day(sent, "first_day"),
            last_day=typed.day(sent, "last_day"),
            by=me().actor,
            now=clock.now(),
        )

    page = form_of(person, "plt", later("Tunjuk Plt atau Plh"), later("Simpan"), fields, lead=Sentence("Menggantikan {name} sebagai atasan.", name=person.name))
    return page.answer(act, to(person), Form.of(first_day=zone_now(me().now).date()))


@bp.post("/plt/<int:number>/akhiri")
@allow("administer")
def end_acting(number: int) -> Any:
    acting = row_of(Acting, number)
    return pressed(acting.superior, lambda: postings.end_acting(acting, by=me().actor, now=clock.now()))


@bp.route("/<int:number>/ketidakhadiran", methods=["GET", "POST"])
@allow("administer")
def enter_leave(number: int) -> Any:
    person = person_of(number)
    fields = (
        Field(
            "kind",
            later("Jenis"),
            "select",
            hint=later("Atasan hanya melihat bahwa orang ini tidak bekerja."),
            options=tuple(leave.KINDS.items()),
            required=True,
        ),
        Field("first_day", later("Mulai"), "date", required=True, short=True),
        Field("last_day", later("Sampai"), "date", required=True, short=True),
    )

    def act(sent: Form) -> Leave:
        return leave.enter(person, sent["kind"][:40], typed.day(sent, "first_day"), typed.day(sent, "last_day"), by=me().actor, now=clock.now())

    return form_of(person, "ketidakhadiran", later("Catat ketidakhadiran"), later("Simpan"), fields).answer(
        act, to(person), Form.of(first_day=zone_now(me().now).date())
    )


@bp.post("/ketidakhadiran/<int:number>/tarik")
@allow("administer")
def withdraw_leave(number: int) -> Any:
    entered = row_of(Leave, number)
    return pressed(entered.person, lambda: leave.withdraw(entered, by=me().actor, now=clock.now()))
