"""Demo data: Jakarta's offices with the closures of September 2020, and some around today, so that every state can be seen at any hour."""

from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import clock, db, policies
from portal.clock import midnight
from portal.commands import demo_continuity, demo_people, demo_requests, demo_services
from portal.offices import board, closures, hours, imports, places, published
from portal.offices.closures import Detour, Plan
from portal.offices.models import (
    Closure,
    ClosureEvent,
    ClosureMark,
    ClosureService,
    Diversion,
    DropBox,
    News,
    NewsCause,
    NewsRound,
    Office,
    Region,
    SpecialHours,
    Subscriber,
    Subscription,
)
from portal.people import roles
from portal.people.models import Person
from portal.sheets import read

_DATA = Path(__file__).parent / "demo_data"
_BY = "flask demo"
_HALL = "kantor-wali-kota-jakarta-pusat"


@click.command()
@click.option("--reset", is_flag=True, help="Throw the demo's data away and make it anew.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data.")
@with_appcontext
def demo(reset: bool, if_empty: bool) -> None:
    """Fill an empty database with demo data."""
    chosen = current_app.config["SETTINGS"]
    if not chosen.is_local:
        raise click.ClickException(f"Demo data belong on a local address; BASE_URL is {chosen.base_url}.")
    is_full = Office.select().exists() or Region.select().exists()
    if is_full and (if_empty or (_is_demo() and not reset)):
        if _is_demo():
            _make_people(chosen.instance)
        return
    if is_full and not (_is_demo() and _holds_only_demo()):
        raise click.ClickException("This database holds other data; the demo does not touch it.")
    now = clock.now()
    with db.transaction():
        if reset:
            _throw_away()
        make(now)
        click.echo(f"demo data: {Office.select().count()} offices, {Closure.select().count()} closures")
    _make_people(chosen.instance)


def _make_people(instance: Path) -> None:
    """The accounts, made once; every start shows them."""
    if not Person.select().exists():
        with db.transaction():
            now = clock.now()
            people = demo_people.make(_office(_HALL), instance, now)
            demo_requests.make(_office(_HALL), people, now)
            demo_continuity.make(people[roles.OFFICER], now)
    click.echo("demo accounts (role, NIP, password):")
    for line in demo_people.shown(instance):
        click.echo(line)


def _is_demo() -> bool:
    return policies.Policy.select().where(policies.Policy.set_by == _BY).exists()


def _holds_only_demo() -> bool:
    """No office, region or act on a closure that somebody else made."""
    own = {name: {line[column] for line in read(_DATA / f"{name}.csv", required=columns)} for name, column, columns in
           (("offices", "slug", imports.OFFICE_COLUMNS), ("regions", "code", imports.REGION_COLUMNS))}  # fmt: skip
    tops = {slug for (slug,) in Office.select(Office.slug).where(Office.parent.is_null()).tuples()}
    codes = {code for (code,) in Region.select(Region.code).tuples()}
    return tops <= own["offices"] and codes <= own["regions"] and not ClosureEvent.select().where(ClosureEvent.by != _BY).exists()


def _throw_away() -> None:
    demo_requests.throw_away()
    demo_services.throw_away()
    demo_people.throw_away()
    for table in (NewsCause, News, NewsRound, Subscription, Subscriber, ClosureEvent, Diversion, ClosureService, ClosureMark, Closure, SpecialHours, DropBox):
        table.delete().execute()
    Office.update(parent=None).execute()
    Office.delete().execute()
    db.database.execute_sql("DELETE FROM office_index")
    Region.update(parent_code=None).execute()
    Region.delete().execute()
    board.raise_version(of_places=True)
    policies.Policy.delete().where(policies.Policy.set_by == _BY).execute()


def make(now: datetime) -> None:
    """The offices with their services and closures, as of a moment."""
    quiet: dict[str, Any] = {"by": _BY, "now": now, "progress": lambda done, total: None}
    imports.run(imports.take_regions, read(_DATA / "regions.csv", required=imports.REGION_COLUMNS), with_offices=False, **quiet)
    imports.run(imports.take_offices, read(_DATA / "offices.csv", required=imports.OFFICE_COLUMNS), default_zone="Asia/Jakarta", **quiet)
    _set_policies(now)
    _keep_open_all_day(now)
    lines = read(_DATA / "closures.csv", required=published.COLUMNS)
    imports.run(published.take_closures, lines, create_offices=False, default_zone="Asia/Jakarta", **quiet)
    _close_part_of_health_office(now)
    for slug, place, opening in (
        (_HALL, "lobi Blok A, sebelah pos jaga", "Mo-Fr 08:00-13:30"),
        ("kantor-kecamatan-jatinegara", "pos jaga, pintu depan", "24/7"),
    ):
        places.add_drop_box(_office(slug), place, opening, by=_BY, now=now)
    demo_services.make(now)
    _close_some_today(now)
    _close_some_before(now)


def _set_policies(now: datetime) -> None:
    policies.set_policy(
        policies.CLOSURE_MINIMUM,
        {"hours": 72, "reasons": ["confirmed_case"]},
        name="Penutupan karena kasus terkonfirmasi",
        legal_basis="Pergub DKI Jakarta 88/2020 Pasal 9 ayat (2) huruf f",
        first_day=date(2020, 9, 13),
        region_code="31",
        by=_BY,
        now=now,
    )
    policies.set_policy(
        policies.REDUCED_HOURS,
        {"hours": "08:00-13:30"},
        name="Jam kantor selama pembatasan",
        legal_basis="Surat Edaran BKD DKI Jakarta, September 2020",
        first_day=date(2020, 9, 14),
        last_day=date(2020, 10, 11),
        region_code="31",
        by=_BY,
        now=now,
    )


def _keep_open_all_day(now: datetime) -> None:
    """Who serves day and night is not cut by the hours of the others."""
    for office in Office.select().where(Office.hours == hours.ALWAYS).order_by(Office.id):
        policies.set_policy(policies.REDUCED_HOURS, {"hours": "00:00-24:00"}, name="Layanan siaga tetap 24 jam",
                            legal_basis="Surat Edaran BKD DKI Jakarta, September 2020", first_day=date(2020, 9, 14), last_day=date(2020, 10, 11),
                            office_id=office.id, by=_BY, now=now)  # fmt: skip


def _close_part_of_health_office(now: datetime) -> None:
    """The office closes, its Covid-19 post stays open inside."""
    office = _office("kantor-dinas-kesehatan-dki-jakarta")
    days = _days(office, date(2020, 9, 18), date(2020, 9, 20))
    plan = Plan([office], "confirmed_case", *days, excepted=[_office("kantor-dinas-kesehatan-dki-jakarta-posko-tanggap-covid-19")], online=True,
                note="Posko Tanggap Covid-19 tetap buka.")  # fmt: skip
    closures.declare(plan, by=_BY, now=now, is_fact=True)


def _close_some_today(now: datetime) -> None:
    """What is closed now and soon: together with the offices that are not, all five states at any hour."""
    close, jatinegara, tebet = partial(_close, now), "kantor-kecamatan-jatinegara", "kantor-kecamatan-tebet"
    tent = Detour(place="Tenda layanan di halaman", service="Pengambilan dokumen")
    flooded = {"online": True, "dropbox": True, "detours": [Detour(_office("kantor-kecamatan-matraman"))]}
    close(jatinegara, "flood", -1, 1, note="Lantai dasar tergenang; berkas sudah diamankan.", **flooded)
    close("kantor-kecamatan-cilincing", "power", 0, None, online=False, dropbox=False, note="Gardu listrik terendam, jaringan padam.")
    close(tebet, "works", 0, 2, online=True, detours=[tent], note="Atap gedung diperbaiki.")
    close("pos-siaga-bencana-jakarta-timur-peragaan-gudang-perlengkapan", "works", -1, 3, note="Gudang ditata ulang.")
    close("balai-kota-dki-jakarta-blok-g", "disinfection", 0, 1, online=True)
    close("kantor-kecamatan-koja", "works", 5, 6, online=True, note="Pemeliharaan jaringan listrik.")
    close("kantor-kecamatan-cengkareng", "network", 9, 9, online=False, dropbox=True, note="Pemindahan pusat data.")


def _close_some_before(now: datetime) -> None:
    """What the last ninety days hold, with a longer and a shorter closure than was announced."""
    close, day = partial(_close, now), timedelta(days=1)
    longer = close("kantor-kecamatan-penjaringan", "flood", -34, -32, online=True)
    closures.extend(longer, longer.starts_at + 5 * day, reason="Air belum surut.", by=_BY, now=longer.starts_at + 2 * day)
    early = close("kantor-kecamatan-kebayoran-lama", "works", -52, -47, online=True)
    closures.reopen(early, reason="Pekerjaan selesai lebih cepat.", by=_BY, now=early.starts_at + 4 * day)
    close("kantor-kecamatan-penjaringan", "flood", -71, -70, online=True)
    close("kantor-kecamatan-menteng", "ceremony", -18, -18)
    close("kantor-kecamatan-pulogadung", "flood", -61, -59, online=True, dropbox=True)
    close("kantor-wali-kota-jakarta-timur", "confirmed_case", -45, -43, online=True)


def _close(now: datetime, slug: str, reason: str, first: int, last: int | None, **facts: Any) -> Closure:
    """A closure from one day to another, counted from today; without a last day it is looked at again in two days."""
    office, today = _office(slug), now.astimezone(current_app.config["SETTINGS"].zone).date()
    starts, ends = _days(office, today + timedelta(days=first), today + timedelta(days=last) if last is not None else None)
    plan = Plan([office], reason, starts, ends, review_on=None if ends else today + timedelta(days=2), **facts)
    return closures.declare(plan, by=_BY, now=min(now, starts) - timedelta(hours=4))


def _office(slug: str) -> Office:
    return Office.get(Office.slug == slug)


def _days(office: Office, first: date, last: date | None) -> tuple[datetime, datetime | None]:
    zone = clock.ZoneInfo(office.timezone)
    return midnight(first, zone), midnight(last + timedelta(days=1), zone) if last else None


COMMANDS = (demo,)
