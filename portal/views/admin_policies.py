"""Administration of policies: who set what, where, from when, on what basis, and what it overrides; added, replaced, ended, never deleted."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, url_for

from portal import clock
from portal.audit import AuditEntry
from portal.offices import regions, rules
from portal.offices.closures import REASONS
from portal.offices.models import Office
from portal.policies import (
    APPOINTMENTS,
    CAPACITY_CAP,
    CLOSURE_MINIMUM,
    CLOSURE_REASONS,
    CLOSURE_REVIEW,
    LETTER_QUARANTINE,
    LOG_DEADLINE,
    MONTH_CLOSING,
    NEWS_RETENTION,
    OBJECTION_DEADLINE,
    REDUCED_HOURS,
    REQUEST_RETENTION,
    SECOND_FACTOR,
    VALIDATION_DEADLINE,
    WORK_WEEK,
    Policy,
)
from portal.refusals import Refused
from portal.services import appointments
from portal.views import typed
from portal.views.access import allow, me
from portal.views.admin_offices import with_field
from portal.views.admin_words import POLICIES, ROLES, WEEKDAYS, value_words
from portal.views.form_pages import Field, FormPage
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence, later

bp = Blueprint("admin_policies", __name__, url_prefix="/admin/kebijakan")
_BIGGEST = 2**31
_VALUE = {
    REDUCED_HOURS: (
        Field("hours", later("Jam paling luas"), hint=later("Contoh: 08:00-13:30. Kantor hanya melayani di dalam jam ini."), required=True, short=True),
    ),
    CLOSURE_MINIMUM: (
        Field("hours", later("Paling singkat, dalam jam"), required=True, short=True),
        Field("reasons", later("Untuk sebab"), "picks", options=tuple(REASONS.items())),
    ),
    CLOSURE_REVIEW: (Field("days", later("Ditinjau sesudah berapa hari"), required=True, short=True),),
    CLOSURE_REASONS: (Field("reasons", later("Sebab yang ditawarkan"), "picks", options=tuple(REASONS.items())),),
    NEWS_RETENTION: (
        Field("days", later("Lama disimpan, dalam hari"), hint=later("Sejak berhenti, atau sejak diminta tetapi tidak dipastikan."), required=True, short=True),
    ),
    SECOND_FACTOR: (Field("roles", later("Peran"), "picks", options=tuple(ROLES.items())),),
    WORK_WEEK: (
        Field("minutes", later("Beban kerja sehari, dalam menit"), hint=later("Contoh: 450 untuk 7 jam 30 menit."), required=True, short=True),
        Field("days", later("Hari kerja"), "picks", hint=later("Hari libur tetap libur."), options=tuple(WEEKDAYS.items())),
    ),
    LOG_DEADLINE: (Field("days", later("Hari kerja sesudah harinya"), hint=later("1: sampai akhir hari kerja berikutnya."), required=True, short=True),),
    VALIDATION_DEADLINE: (
        Field(
            "days",
            later("Hari kerja sesudah diajukan"),
            hint=later("Sesudah itu atasan dari atasan langsung juga dapat memutuskan."),
            required=True,
            short=True,
        ),
    ),
    MONTH_CLOSING: (
        Field("days", later("Hari kerja di bulan berikutnya"), hint=later("Sesudah itu bulan terkunci sampai atasan membukanya."), required=True, short=True),
    ),
    OBJECTION_DEADLINE: (Field("days", later("Hari kerja sesudah keputusan"), required=True, short=True),),
    APPOINTMENTS: (
        Field("minutes", later("Lama satu janji temu, dalam menit"), hint=later("Contoh: 15."), required=True, short=True),
        Field("days", later("Dapat dipesan sampai berapa hari ke depan"), required=True, short=True),
        Field(
            "share",
            later("Bagian sehari untuk janji yang dipindah, dalam persen"),
            hint=later("Sesudah penutupan, paling banyak sebanyak ini tempat sehari dipakai untuk mereka yang kehilangan jadwal; sisanya untuk yang lain."),
            required=True,
            short=True,
        ),
    ),
    CAPACITY_CAP: (
        Field(
            "percent", later("Paling banyak, dalam persen pegawai"), hint=later("Yang boleh berada di kantor pada saat yang sama."), required=True, short=True
        ),
    ),
    LETTER_QUARANTINE: (
        Field("hours", later("Lama surat didiamkan, dalam jam"), hint=later("Sejak diambil dari kotak sampai boleh dibuka."), required=True, short=True),
    ),
    REQUEST_RETENTION: (
        Field(
            "months", later("Lama disimpan, dalam bulan"), hint=later("Sesudah permohonan ditutup; lalu data pribadinya dihapus."), required=True, short=True
        ),
    ),
}
_NUMBERS = {  # kinds that set nothing but numbers, and which
    APPOINTMENTS: ("minutes", "days", "share"),
    CAPACITY_CAP: ("percent",),
    LETTER_QUARANTINE: ("hours",),
    REQUEST_RETENTION: ("months",),
    **dict.fromkeys((CLOSURE_REVIEW, NEWS_RETENTION, LOG_DEADLINE, VALIDATION_DEADLINE, MONTH_CLOSING, OBJECTION_DEADLINE), ("days",)),
}
_PLACE = (
    Field("office", later("Kantor"), hint=later("Untuk satu kantor dan bagiannya. Nama lengkap atau slug.")),
    Field("region", later("Wilayah"), hint=later("Untuk satu wilayah dan semua di bawahnya. Kosongkan keduanya: berlaku di mana saja.")),
)
_FACTS = (
    Field("name", later("Nama kebijakan"), required=True),
    Field("legal_basis", later("Dasar hukum"), required=True),
    Field("first_day", later("Mulai"), "date", required=True, short=True),
    Field("last_day", later("Sampai"), "date", short=True),
)


@bp.get("")
@allow("administer")
def overview() -> str:
    today = zone_now(me().now).date()
    rows = list(Policy.select().order_by(Policy.kind, Policy.first_day.desc(), Policy.id.desc()))
    past = [row for row in rows if row.last_day is not None and row.last_day < today]
    names = dict(Office.select(Office.id, Office.name).where(Office.id.in_({row.office_id for row in rows if row.office_id} or [0])).tuples())
    running = [(kind, [row for row in rows if row.kind == kind and row not in past]) for kind in rules.KINDS]
    return render_template(
        "admin/policies.html",
        running=running,
        past=past,
        kinds=POLICIES,
        names=names,
        areas=regions.named(row.region_code for row in rows),
        today=today,
        overrides=rules.overridden(rows),
        values={row.id: value_words(row) for row in rows},
        enders=_enders(),
    )


@bp.route("/baru/<kind>", methods=["GET", "POST"])
@allow("administer")
def new(kind: str) -> Any:
    if kind not in POLICIES:
        abort(404)
    given = Form.of(first_day=zone_now(me().now).date())
    return _page(kind, POLICIES[kind]).answer(lambda sent: rules.set_rule(kind, **_facts(kind, sent)), url_for(".overview"), given)


@bp.route("/<int:number>/ganti", methods=["GET", "POST"])
@allow("administer")
def replace(number: int) -> Any:
    old = _policy(number)
    lead = later("Yang lama berakhir sehari sebelum yang baru mulai, dan tetap tercatat.")
    return _page(old.kind, later("Ganti kebijakan"), lead).answer(
        lambda sent: rules.set_rule(old.kind, replaces=old, **_facts(old.kind, sent)), url_for(".overview"), _filled(old)
    )


@bp.route("/<int:number>/akhiri", methods=["GET", "POST"])
@allow("administer")
def end(number: int) -> Any:
    policy = _policy(number)
    today = zone_now(me().now).date()
    field = Field(
        "last_day",
        later("Hari terakhir berlaku"),
        "date",
        later("Kebijakan yang belum mulai ditarik seluruhnya dengan tanggal sebelum mulainya."),
        required=True,
        short=True,
    )
    page = FormPage("akhiri", later("Akhiri kebijakan"), later("Akhiri"), (field,), _trail(), policy.name)
    last = today if policy.first_day <= today else policy.first_day - timedelta(days=1)

    def act(sent: Form) -> None:
        rules.end(policy, typed.day(sent, "last_day"), by=me().actor, now=clock.now())

    return page.answer(act, url_for(".overview"), Form.of(last_day=last))


def _page(kind: str, title: str, lead: str = "") -> FormPage:
    place = _PLACE if kind in rules.SCOPED else ()
    return FormPage("kebijakan", title, later("Simpan"), (*_VALUE[kind], *place, *_FACTS), _trail(), lead or ("" if place else later("Berlaku di mana saja.")))


def _facts(kind: str, sent: Form) -> dict[str, Any]:
    """All that a policy says, as typed."""
    office, region = typed.office_or_none(sent, "office"), typed.region_or_none(sent, "region")
    if office is not None and region is not None:
        raise Refused(Sentence("Isi kantor atau wilayah, tidak keduanya."), field="region")
    value = with_field("hours" if kind == REDUCED_HOURS else "", lambda: rules.checked_value(kind, _value(kind, sent)))
    return {
        "value": value,
        "name": sent["name"],
        "legal_basis": sent["legal_basis"],
        "first_day": typed.day(sent, "first_day"),
        "last_day": typed.day_or_none(sent, "last_day"),
        "office_id": office.id if office else None,
        "region_code": region.code if region else None,
        "by": me().actor,
        "now": clock.now(),
    }


def _value(kind: str, sent: Form) -> dict[str, Any]:
    if kind == REDUCED_HOURS:
        return {"hours": sent["hours"].strip()[:200]}
    if kind == CLOSURE_MINIMUM:
        return {"hours": typed.whole(sent, "hours") or 0, "reasons": sent.all("reasons")}
    if kind == WORK_WEEK:
        return {"minutes": typed.whole(sent, "minutes") or 0, "days": [day for day in WEEKDAYS if day in sent.all("days")]}
    if kind in _NUMBERS:
        return {name: typed.whole(sent, name) or 0 for name in _NUMBERS[kind]}
    return {"reasons": sent.all("reasons")} if kind == CLOSURE_REASONS else {"roles": sent.all("roles")}


def _filled(old: Policy) -> Form:
    """A form filled in with what holds now; the new one begins today."""
    office = Office.get_or_none(Office.id == old.office_id) if old.office_id else None
    begins = max(zone_now(me().now).date(), old.first_day)
    return Form.of(
        **{**(appointments.USUAL if old.kind == APPOINTMENTS else {}), **old.value},
        office=office.slug if office else "",
        region=old.region_code,
        name=old.name,
        legal_basis=old.legal_basis,
        first_day=begins,
        last_day=old.last_day,
    )


def _enders() -> dict[str, AuditEntry]:
    """Who ended which policy, and when, by its number."""
    return {
        entry.object_id: entry for entry in AuditEntry.select().where(AuditEntry.kind == "policy", AuditEntry.act == "policy_ended").order_by(AuditEntry.id)
    }


def _trail() -> list[tuple[str, str]]:
    return [(url_for(".overview"), later("Kebijakan"))]


def _policy(number: int) -> Policy:
    found = Policy.get_or_none(Policy.id == number) if number < _BIGGEST else None
    return found if found is not None and found.kind in POLICIES else abort(404)
