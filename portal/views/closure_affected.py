"""Who is touched by a closure that is not declared yet: in numbers, and by name with what will be done."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from portal.views import effect_words
from portal.words import Sentence, later

_SHOWN = 20  # people of one kind


@dataclass(frozen=True)
class Touched:
    """One person: name, service and office, and what will be done; never how to reach them."""

    name: str
    service: str
    office: str
    said: list[Sentence]


@dataclass(frozen=True)
class Kind:
    """One way in which people are touched: how many, some of them, and how many more."""

    name: str
    title: str
    promise: str
    count: int
    people: list[Touched]

    @property
    def more(self) -> int:
        return self.count - len(self.people)


@dataclass(frozen=True)
class Affected:
    """All who are touched, each counted once, and by kind; and how many follow the news of these offices."""

    count: int
    kinds: list[Kind]
    subscribers: int
    has_offices: bool = False  # whether it must be said at which office


_KINDS = {
    "slot": (later("Janji temu pada masa tutup"), later("Waktu pengganti disediakan dulu, baru waktu lama dilepas. Pemohon boleh memilih lain.")),
    "pickup": (later("Hasil siap diambil"), later("Pemiliknya diberi tahu agar tidak datang, dan kapan dapat diambil.")),
    "channel": (later("Permohonan yang pindah kanal"), later("Nomor dan riwayatnya tetap.")),
    "online": (later("Permohonan daring yang menunggu"), later("Diberi tahu sampai kapan layanan daring berhenti; nomornya tetap.")),
    "box": (later("Surat lewat kotak surat"), later("Pengirimnya diberi tahu sampai kapan kotak tidak dipakai.")),
    "counter": (later("Belum memilih waktu di loket"), later("Pemohon diberi tahu kapan loket melayani lagi.")),
    "due": (later("Batas waktu yang bergeser"), later("Dihitung ulang, dengan penutupan ini disebut.")),
    "call": (later("Tanpa surel"), later("Masuk daftar telepon petugas.")),
}


def affected(effects: Sequence[Any], subscribers: int, zone: ZoneInfo) -> Affected:
    """The effects of a plan as its form shows them, on the clocks of its offices."""
    kinds = [_kind(name, [(effect, facts) for effect in effects if (facts := _of_kind(name, effect)) is not None], zone) for name in _KINDS]
    return Affected(len(effects), [kind for kind in kinds if kind.count], subscribers, len({_office(effect) for effect in effects}) > 1)


def _kind(name: str, found: list[tuple[Any, Mapping[str, Any]]], zone: ZoneInfo) -> Kind:
    people = [Touched(effect.name, effect.service, _office(effect), list(_said(name, effect, facts, zone))) for effect, facts in found[:_SHOWN]]
    return Kind(name, *_KINDS[name], len(found), people)


def _of_kind(name: str, effect: Any) -> Mapping[str, Any] | None:
    """What of the facts belongs to this kind; none where the person is not touched so."""
    facts = effect.facts
    if name == "call":
        return None if effect.has_mail else {}
    if name == "channel":  # a move to another time says the new channel and office itself
        return None if "slot" in facts or not facts.keys() & {"channel", "office"} else _only(facts, "channel", "office")
    return _only(facts, name, *(["office"] if name == "slot" else []), "review_on") if facts.get(name) else None


def _only(facts: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return {name: facts[name] for name in names if facts.get(name)}


def _office(effect: Any) -> str:
    """Where the request is as long as nothing is declared."""
    return effect.facts["office"]["was"] if "office" in effect.facts else effect.office


def _said(name: str, effect: Any, facts: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Sentence]:
    if name != "call":
        yield from effect_words.changes(facts, zone)
    elif effect.phone:
        yield Sentence("Ditelepon petugas.")
    else:
        yield Sentence("Tidak ada surel maupun telepon; diberi tahu saat menghubungi kantor.")
