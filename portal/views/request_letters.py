"""What the letters about requests tell, as their templates take them: moments read, channels in words, the link that opens the request."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.services import offers, requests
from portal.views import closure_letters
from portal.views.language import moment_words, say
from portal.views.request_words import CHANNEL_IN_SENTENCE
from portal.words import later

CLOSURE, UNANSWERED = "request_closure", offers.LETTER
SUBJECTS = {
    "request_received": later("Permohonan Anda sudah kami terima"),
    "request_asked": later("Petugas meminta sesuatu dari Anda"),
    "request_reply": later("Petugas menulis kepada Anda"),
    "request_ready": later("Hasil permohonan Anda siap diambil"),
    "request_done": later("Permohonan Anda selesai"),
    "request_refused": later("Permohonan Anda ditolak"),
    "request_moved": later("Permohonan Anda diteruskan ke kantor lain"),
    "request_reopened": later("Permohonan Anda dibuka lagi"),
    "request_channel": later("Permohonan Anda dilayani lewat kanal lain"),
    "request_missed": later("Janji temu Anda terlewat"),
    "request_cancelled": later("Permohonan Anda dibatalkan"),
    "request_rescheduled": later("Janji temu Anda sudah dipindah"),
    "request_collected": later("Surat Anda sudah diambil dari kotak surat"),
    "request_files_left_out": later("Sebagian berkas Anda tidak dapat disimpan"),
    CLOSURE: later("Kabar penutupan kantor untuk permohonan Anda"),
    UNANSWERED: later("Apakah waktu baru Anda cocok?"),
}
_NIK = re.compile(r"(?<!\d)\d(?:[ .\-]?\d){15}(?!\d)")  # sixteen digits, however they are grouped
_WRITTEN = ("text", "reason")
_Address = Callable[..., str]


def subject(name: str, facts: dict[str, Any]) -> str:
    """What a letter about a request is called; the one about a closure by what matters most in it."""
    return closure_letters.subject(facts) if name == CLOSURE else SUBJECTS[name]


def read(name: str, facts: dict[str, Any], address: _Address, *, shows_secrets: bool, is_called: bool = False) -> dict[str, Any]:
    """The facts of a letter about a request; address(endpoint, …) is the full address of a page."""
    number = facts["number"]
    key = {"kunci": requests.token_of(number)} if shows_secrets else {}  # who reads it out on the telephone names the address alone
    links = {
        "link": address("requests.show", number=number, **key),
        "survey": address("survey.ask", number=number, **key),
        "label": address("request_form.label", number=number),
        "office_page": address("offices.office", slug=facts["slug"]),
    }
    known = {"text": "", "reason": "", "place": "", "was": "", "channel": "", "complaints": "", "has_result": False, "address": "", "origin": "", "files": [],
             "more": 0, **facts}  # fmt: skip
    closure = closure_letters.read(facts, is_called=is_called) if name == CLOSURE else {}
    if name == UNANSWERED:
        known["was"] = moment_words(datetime.fromisoformat(facts["was"]).astimezone(ZoneInfo(facts["zone"])))
    written = {each: without_nik(known[each]) for each in _WRITTEN}
    return {**known, **written, **links, "slot": None if closure else _moment(facts, "slot"), "until": _moment(facts, "until"),
            "is_called": is_called, "by_channel": "" if closure else _channel(known["channel"]), **closure}  # fmt: skip


def awaits_answer(name: str, facts: dict[str, Any]) -> bool:
    """Whether somebody who hears a letter on the telephone has something to say to it that is written down at their request."""
    return name == UNANSWERED or (name == CLOSURE and closure_letters.awaits_answer(facts))


def without_nik(text: str) -> str:
    """What officers wrote, with identity numbers left out: those never stand in a mail."""
    return _NIK.sub("••••", text)


def _channel(channel: str) -> str:
    return say(CHANNEL_IN_SENTENCE.get(channel, ""))


def _moment(facts: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(facts[name]).astimezone(ZoneInfo(facts["zone"])) if facts.get(name) else None
