"""The public's tables as CSV: what each holds, column by column, and its lines one after the other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices import board as boards
from portal.offices import extracts
from portal.offices.declared import Record
from portal.offices.state import Outlook
from portal.services import boxes, catalogue
from portal.views import sheets
from portal.words import later

Rows = Iterator[Iterable[str]]


@dataclass(frozen=True)
class Table:
    """One table: its name in the address, what it holds, its columns each in words, and how its rows are made at a moment."""

    name: str
    says: str
    columns: dict[str, str]
    rows: Callable[[datetime], Rows]


def lines(table: Table, at: datetime) -> Iterator[bytes]:
    """The table line by line, its header first."""
    yield sheets.line(table.columns)
    for row in table.rows(at):
        yield sheets.line(row)


def _offices(at: datetime) -> Rows:
    facts = ("slug", "name", "kind", "parent", "region", "address", "lat", "lon", "timezone", "hours", "phone", "email")
    for row, outlook in extracts.offices(boards.overview(at)):
        yield *(_text(row[fact]) for fact in facts), *_standing(outlook, row["timezone"]), "yes" if row["is_about"] else ""


@lru_cache(maxsize=256)
def _standing(outlook: Outlook, timezone: str) -> tuple[str, ...]:
    """How an office stands, the same for all that share their hours."""
    zone, channels = ZoneInfo(timezone), outlook.condition.channels
    moments = (_moment(moment, zone) for moment in (outlook.until, outlook.reopens_at))
    return (outlook.state, *moments, _yes(channels.online), _yes(channels.dropbox), _moment(outlook.at, zone))


def _closures(at: datetime) -> Rows:
    for record in extracts.closures(at):
        yield _closure(record)


def _closure(record: Record) -> list[str]:
    closure, zone = record.closure, record.zone
    taken, excepted = (" ".join(slug for slug, _ in found) for found in (record.taken, record.excepted))
    return [
        str(closure.id), taken, excepted, " ".join(record.services), closure.reason, closure.starts_at.astimezone(zone).date().isoformat(),
        _last_day(closure.ends_at, zone), _moment(closure.starts_at, zone), _moment(closure.ends_at, zone), _day(closure.review_on), _yes(closure.online),
        _yes(closure.dropbox), " | ".join(_diversion(*each) for each in record.diversions), closure.legal_basis, closure.note, record.status,
        _moment(closure.declared_at, zone), _moment(record.changed_at, zone)]  # fmt: skip


def _services(_: datetime) -> Rows:
    for each in catalogue.listed():
        days = _text(each.working_days)
        yield each.slug, each.name, each.summary, each.product, " ".join(each.channels), days, each.cost, each.legal_basis, " | ".join(each.kinds)


def _boxes(_: datetime) -> Rows:
    for some in extracts.drop_boxes():
        taken = boxes.services_of(some)
        for box in some:
            yield box.office.slug, box.place, box.hours, " ".join(service.slug for service in taken.get(box.id, ()))


def _holidays(_: datetime) -> Rows:
    for row in extracts.holidays():
        yield _day(row["day"]), row["name"], _text(row["region"]), _yes(row["is_joint_leave"]), _yes(row["is_estimated"])


def _regions(at: datetime) -> Rows:
    for row in extracts.regions_counted(boards.overview(at)):
        yield row["code"], _text(row["parent_code"]), row["level"], row["name"], str(row["offices"]), str(row["disrupted"])


def _diversion(service: str, slug: str, place: str) -> str:
    return f"{service}: {slug or place}" if service else slug or place


def _last_day(ends_at: datetime | None, zone: ZoneInfo) -> str:
    """The last day that a closure takes, whole or in part; none for an open end."""
    return (ends_at - datetime.resolution).astimezone(zone).date().isoformat() if ends_at else ""


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(value: bool | None) -> str:
    """yes, no, or nothing where nothing was said."""
    return "" if value is None else "yes" if value else "no"


def _text(value: Any) -> str:
    return "" if value is None else str(value)


TABLES = [
    Table("kantor", later("semua kantor dengan keadaannya sekarang"), {
        "slug": later("nama kantor dalam alamat halamannya"), "name": later("nama kantor"), "kind": later("jenis kantor"),
        "parent": later("slug kantor yang memuatnya"), "region": later("kode wilayah"), "address": later("alamat jalan"),
        "lat": later("garis lintang"), "lon": later("garis bujur"), "timezone": later("zona waktu menurut daftar IANA"),
        "hours": later("jam layanan menurut aturan opening_hours OpenStreetMap"), "phone": later("telepon"), "email": later("surel"),
        "state": later("keadaan: open, limited, remote, suspended, atau off_hours"), "until": later("akhir keadaan itu, waktu setempat"),
        "reopens_at": later("kapan loket buka lagi, waktu setempat"), "online": later("yes bila layanan daring jalan"),
        "dropbox": later("yes bila kotak surat dapat dipakai"), "at": later("saat keadaan itu berlaku"),
        "is_approximate": later("yes bila garis lintang dan bujurnya perkiraan: tengah wilayah di atasnya")}, _offices),
    Table("penutupan", later("semua penutupan, juga yang lampau, yang akan datang, dan yang ditarik"), {
        "id": later("nomor penutupan"), "offices": later("slug kantor yang ditutup, dipisah spasi"), "except": later("slug bagian yang tetap buka"),
        "services": later("slug layanan, bila hanya itu yang ditutup"), "reason": later("sebab"), "first_day": later("hari pertama"),
        "last_day": later("hari terakhir, ikut tutup; kosong bila belum ditentukan"), "starts_at": later("saat mulai"),
        "ends_at": later("saat berakhir, tidak ikut tutup"), "review_on": later("tanggal ditinjau"),
        "online": later("no bila layanan daring ikut berhenti; kosong berarti seperti biasa"),
        "dropbox": later("no bila kotak surat tidak dapat dipakai; kosong berarti seperti biasa"),
        "diversions": later("kantor atau tempat pengganti, dipisah garis tegak"), "legal_basis": later("dasar hukum"), "note": later("catatan"),
        "status": later("announced, active, ended, atau withdrawn"), "declared_at": later("saat diumumkan"),
        "changed_at": later("saat terakhir diubah")}, _closures),
    Table("layanan", later("daftar layanan dengan standarnya"), {
        "slug": later("nama layanan dalam alamat halamannya"), "name": later("nama layanan"), "summary": later("uraian singkat"),
        "product": later("hasil layanan"), "channels": later("kanal: counter, online, dropbox, email; dipisah spasi"),
        "working_days": later("janji waktu dalam hari kerja"), "cost": later("biaya"), "legal_basis": later("dasar hukum"),
        "kinds": later("jenis kantor yang memberinya, dipisah garis tegak")}, _services),
    Table("kotak-surat", later("kotak surat di depan kantor"), {
        "office": later("slug kantor"), "place": later("letak kotak"), "hours": later("jam dapat dipakai; kosong berarti setiap saat"),
        "services": later("slug layanan yang diterima; kosong berarti semua")}, _boxes),
    Table("hari-libur", later("hari libur, nasional dan daerah"), {
        "day": later("tanggal"), "name": later("nama hari libur"), "region": later("kode wilayah; kosong berarti nasional"),
        "joint_leave": later("yes bila cuti bersama"), "estimated": later("yes bila tanggalnya masih perkiraan")}, _holidays),
    Table("wilayah", later("wilayah yang punya kantor, dengan jumlahnya"), {
        "code": later("kode wilayah"), "parent": later("kode wilayah di atasnya"), "level": later("tingkat"), "name": later("nama wilayah"),
        "offices": later("jumlah kantor, tanpa bagiannya"), "disrupted": later("berapa di antaranya yang terganggu sekarang")}, _regions),
]  # fmt: skip
