"""The texts of a closure in the reader's language: its offices by name, its facts one after the other, and the same for search engines."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for

from portal.offices import wording
from portal.offices.closures import WITHDRAWN
from portal.offices.declared import Record
from portal.services.aftermath import Summary
from portal.services.figures import FEWEST, HELD
from portal.views.language import gettext, language, say
from portal.views.macros import service_words
from portal.words import Sentence, later


def texts_of(record: Record) -> list[str]:
    """All that is said of a closure, in the reader's language: its facts, the note as it was written, the legal basis."""
    return [*map(say, wording.facts(record)), *filter(None, [record.closure.note]), *map(say, basis(record))]


def basis(record: Record) -> list[Sentence]:
    return [Sentence("Dasar: {basis}.", basis=record.closure.legal_basis)] if record.closure.legal_basis else []


def names_of(record: Record) -> str:
    """The offices of a closure, the first three of many by name, and the services that it takes."""
    first = ", ".join(name for _, name in record.taken[:3])
    rest = len(record.taken) - 3
    offices = first if rest <= 0 else gettext("{offices} dan {count} kantor lain").format(offices=first, count=rest)
    return f"{offices}: {service_words(record.services)}" if record.services else offices


def json_ld(record: Record, places: list[dict[str, Any]]) -> dict[str, Any]:
    """A closure as a SpecialAnnouncement of schema.org; places are the rows of its offices."""
    closure, zone, address = record.closure, record.zone, url_for("closure_public.show", number=record.closure.id, _external=True)
    found = {
        "@context": "https://schema.org", "@type": "SpecialAnnouncement", "@id": address, "url": address, "inLanguage": language(),
        "name": say(wording.headline(record, names_of(record))), "text": " ".join(texts_of(record)),
        "datePosted": _local(closure.declared_at, zone), "dateModified": _local(record.changed_at, zone),
        "temporalCoverage": f"{_local(closure.starts_at, zone)}/{_local(closure.ends_at, zone) or '..'}",
        "announcementLocation": [_place(row) for row in places],
        "publisher": {"@type": "GovernmentOrganization", "name": current_app.config["SETTINGS"].owner or "Tetap Melayani"}}  # fmt: skip
    if closure.ends_at is not None:
        found["expires"] = _local(closure.ends_at, zone)
    if record.status == WITHDRAWN:
        found["creativeWorkStatus"] = "Withdrawn"
    return found


KINDS = {
    "slot": later("janji temu"),
    "pickup": later("hasil yang siap diambil"),
    "box": later("surat lewat kotak surat"),
    "counter": later("permohonan yang perlu datang ke loket"),
    "online": later("permohonan daring yang menunggu"),
    "channel": later("permohonan yang pindah kanal"),
    "office": later("permohonan yang pindah kantor"),
    "due": later("permohonan yang batas waktunya bergeser"),
    "earlier": later("janji temu yang boleh dimajukan"),
}


REACHES = {
    "to_call": later("perlu ditelepon"),
    "failed": later("surel gagal terkirim"),
    "nobody": later("tidak ada kontak"),
    "waits": later("surel menunggu dikirim"),
    "called": later("sudah ditelepon"),
    "mailed": later("sudah disurati"),
    "needless": later("tidak perlu diberi tahu lagi"),
}
ANSWERS = {
    "": later("belum menjawab"),
    "accepted": later("setuju"),
    "chosen": later("memilih waktu lain"),
    "switched": later("pindah kanal"),
    "restored": later("kembali ke waktu semula"),
    "replaced": later("digantikan tawaran lain"),
    "over": later("tidak diperlukan lagi"),
}


def reached_words(reach: str, at: datetime | None, by: str) -> Sentence:
    """How and when somebody was told, or what is in the way."""
    if at is None:
        return Sentence(REACHES[reach])
    return Sentence("Ditelepon {by}, {when}", by=by, when=at) if reach == "called" else Sentence("Surel terkirim {when}", when=at)


def since_words(passed: timedelta | None) -> Sentence:
    """How long after the act; none is now."""
    if passed is None:
        return Sentence("sampai sekarang")
    if passed < timedelta(hours=1):
        return Sentence("{count} menit", count=int(passed.total_seconds()) // 60)
    return Sentence("{count} jam", count=int(passed.total_seconds()) // 3600) if passed < timedelta(days=1) else Sentence("{count} hari", count=passed.days)


def people(summary: Summary) -> list[Sentence]:
    """How many people a closure touched, by what, and how many of them know; few stay few and cannot be had by subtraction."""
    if not summary.affected:
        return [Sentence("Kurang dari {fewest} permohonan terdampak.", fewest=FEWEST)] if summary.affected is None else []
    kept = Sentence("Nomor dan riwayat setiap permohonan tetap.")
    return [Sentence("{count} permohonan terdampak.", count=summary.affected), *_informed(summary.told, summary.untold), kept]


def kinds(summary: Summary) -> list[tuple[Sentence, Sentence | int]]:
    """By what they were touched, the heaviest first, each with its number in words."""
    return [(Sentence(KINDS[kind]), count_words(summary.kinds[kind])) for kind in KINDS if summary.kinds.get(kind, 0) != 0]


def count_words(count: int | None) -> Sentence | int:
    """A number that may be held back."""
    if count is None:
        return Sentence("kurang dari {fewest}", fewest=FEWEST)
    return Sentence("{fewest} atau lebih", fewest=FEWEST) if count == HELD else count


def _informed(told: int | None, untold: int | None) -> list[Sentence]:
    if untold == 0:
        return [Sentence("Semua pemohonnya sudah diberi tahu, satu per satu.")]
    if told == 0:
        return [Sentence("Pemohonnya sedang diberi tahu, satu per satu.")]
    if told == HELD:
        return [Sentence("Pemohonnya sudah diberi tahu, kecuali kurang dari {fewest} orang yang masih kami hubungi.", fewest=FEWEST)]
    if told is None or untold is None or untold == HELD:
        return [Sentence("Sebagian pemohonnya sudah diberi tahu; yang lain masih kami hubungi.")]
    return [Sentence("{told} pemohon sudah diberi tahu; {untold} masih kami hubungi.", told=told, untold=untold)]


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""


def _place(row: dict[str, Any]) -> dict[str, Any]:
    known = {"telephone": row["phone"], "email": row["email"], "address": row["address"]}
    return {"@type": "GovernmentOffice", "name": row["name"], "url": url_for("offices.office", slug=row["slug"], _external=True),
            **{name: value for name, value in known.items() if value}}  # fmt: skip
