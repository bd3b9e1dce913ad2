"""What requests are called on the screen: their states, channels, origins, and what happened to them, in words; here and nowhere else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app

from portal.offices.closures import REASONS
from portal.services.models import (
    CANCELLED,
    COUNTER,
    DONE,
    DOOR,
    DROPBOX,
    EMAIL,
    IN_PROGRESS,
    MAIL,
    ONLINE,
    PAPER,
    PHONE,
    READY,
    RECEIVED,
    REFUSED,
    WAITING,
    WEB,
    RequestEvent,
)
from portal.words import Sentence, later

STATES = {
    RECEIVED: later("Diterima"),
    IN_PROGRESS: later("Diproses"),
    WAITING: later("Menunggu warga"),
    READY: later("Siap diambil"),
    DONE: later("Sudah selesai"),
    REFUSED: later("Ditolak"),
    CANCELLED: later("Dibatalkan"),
}
STATES_TO_CITIZENS = {**STATES, WAITING: later("Menunggu Anda")}
CHANNELS = {COUNTER: later("Tatap muka"), ONLINE: later("Daring"), DROPBOX: later("Kotak surat"), EMAIL: later("Surel")}
ORIGINS = {
    WEB: later("Situs ini"),
    PHONE: later("Telepon"),
    DOOR: later("Pintu kantor"),
    PAPER: later("Surat kertas"),
    MAIL: later("Surel"),
}
_SUBMITTED = {
    WEB: later("Permohonan diajukan lewat situs ini"),
    PHONE: later("Permohonan diajukan lewat telepon dan dicatat petugas"),
    DOOR: later("Permohonan diajukan di kantor dan dicatat petugas"),
    PAPER: later("Surat permohonan dicatat petugas"),
    MAIL: later("Permohonan datang lewat surel"),
}


def told(event: RequestEvent, zone: ZoneInfo | None = None) -> Sentence:
    """What happened, in a few words without a full stop; moments in the office's zone, in the portal's where none is given."""
    return _TOLD.get(event.what, _changed)(event.facts, zone or current_app.config["SETTINGS"].zone)


def moment(facts: dict[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    """A moment among the facts of an event, on the clocks of a zone."""
    return datetime.fromisoformat(facts[name]).astimezone(zone) if facts.get(name) else None


_Told = Callable[[dict[str, Any], ZoneInfo], Sentence]


def _plainly(text: str) -> _Told:
    return lambda facts, zone: Sentence(text)


def _submitted(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence(_SUBMITTED.get(facts.get("origin", WEB), _SUBMITTED[WEB]))


def _at_slot(text: str) -> _Told:
    """A sentence with the moment of an appointment."""
    return lambda facts, zone: Sentence(text, when=moment(facts, "starts_at", zone) or "")


def _rescheduled(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    before, after = moment(facts, "was", zone), moment(facts, "starts_at", zone) or ""
    if before is None:
        return Sentence("Janji temu dibuat: {when}", when=after)
    return Sentence("Janji temu dipindah dari {before} ke {when}", before=before, when=after)


def _handed_over(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Diteruskan ke {office}, nomor tetap", office=facts.get("to", ""))


def _assigned(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Diserahkan kepada {name}", name=facts["to"]) if facts.get("to") else Sentence("Dikembalikan ke daftar bersama")


def _ready(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Hasil siap diambil di {place}", place=facts["place"]) if facts.get("place") else Sentence("Hasil siap diambil")


def _channel_changed(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Dipindah ke {channel}, nomor tetap", channel=Sentence(CHANNEL_IN_SENTENCE.get(facts.get("to", ""), "")))


def _collected(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    until = moment(facts, "quarantined_until", zone)
    if until is None:
        return Sentence("Surat diambil petugas dari kotak surat dan didaftarkan")
    return Sentence("Surat diambil petugas dari kotak surat dan didaftarkan; dikarantina sampai {until}", until=until)


def _forwarded(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Surat diteruskan dari {was} ke {office}", was=facts.get("was", ""), office=facts.get("to", ""))


def _data_asked(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    is_copy = facts.get("kind") == "copy"
    return Sentence(later("Pemohon meminta salinan datanya") if is_copy else later("Pemohon meminta datanya dihapus"))


def _closure(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    """An act on a closure; what it changed stands beside it, from effect_words."""
    reason = facts.get("reason", "other")
    if facts.get("act") == "announced" and reason != "other" and reason in REASONS:
        return Sentence("{reason}: kantor tutup", reason=Sentence(REASONS[reason]))
    return Sentence(_CLOSURE.get(facts.get("act", ""), _CLOSURE["announced"]))


def _accepted(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    when = moment(facts, "starts_at", zone)
    if when is None:
        return Sentence("Dilanjutkan lewat {channel}, sudah dipastikan", channel=Sentence(CHANNEL_IN_SENTENCE.get(facts.get("channel", ""), "")))
    return Sentence("Waktu baru dipastikan: {when}", when=when)


def _changed(facts: dict[str, Any], zone: ZoneInfo) -> Sentence:
    return Sentence("Permohonan diperbarui")


CHANNEL_IN_SENTENCE = {COUNTER: later("tatap muka"), ONLINE: later("daring"), DROPBOX: later("kotak surat"), EMAIL: later("surel")}
_CLOSURE = {
    "announced": later("Kantor tutup"),
    "extended": later("Penutupan kantor diperpanjang"),
    "shortened": later("Penutupan kantor dipersingkat"),
    "reopened": later("Kantor buka lagi"),
    "withdrawn": later("Pengumuman penutupan kantor ditarik"),
}
_TOLD: dict[str, _Told] = {
    "closure": _closure,
    "slot_accepted": _accepted,
    "data_asked": _data_asked,
    "handed_out": _plainly(later("Salinan data pemohon diserahkan")),
    "redacted": _plainly(later("Data pribadi pemohon dihapus")),
    "submitted": _submitted,
    "booked": _at_slot(later("Janji temu dibuat: {when}")),
    "message": _plainly(later("Pesan dari pemohon")),
    "answered": _plainly(later("Pemohon menjawab permintaan petugas")),
    "rescheduled": _rescheduled,
    "cancelled": _plainly(later("Permohonan dibatalkan pemohon")),
    "claimed": _plainly(later("Mulai dikerjakan petugas")),
    "assigned": _assigned,
    "handed_over": _handed_over,
    "asked": _plainly(later("Petugas meminta sesuatu")),
    "heard": _plainly(later("Jawaban pemohon dicatat petugas")),
    "heeded": _plainly(later("Pesan pemohon dibaca petugas")),
    "reply": _plainly(later("Petugas menulis pesan")),
    "note": _plainly(later("Catatan petugas")),
    "ready": _ready,
    "done": _plainly(later("Permohonan selesai")),
    "refused": _plainly(later("Permohonan ditolak")),
    "reopened": _plainly(later("Permohonan dibuka lagi")),
    "channel_changed": _channel_changed,
    "came": _plainly(later("Pemohon datang ke loket")),
    "stayed_away": _at_slot(later("Janji temu {when} terlewat")),
    "deposited": _plainly(later("Surat dimasukkan ke kotak surat")),
    "collected": _collected,
    "forwarded": _forwarded,
    "unsealed": _plainly(later("Surat dibuka dan dikerjakan petugas")),
}
