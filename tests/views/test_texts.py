"""One record gives every text of a closure: whichever one reads, in either language, the facts are the same."""

import html
import json
import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from portal import clock, outbox
from portal.offices import closures, news, places, subscriptions
from portal.offices.closures import Detour
from portal.offices.declared import records as declared_records
from portal.offices.models import Closure, News, NewsRound, Office
from portal.outbox import Recipient
from portal.views import mail
from tests import make
from tests.views.reading import Reading

MORNING = "2020-09-22T09:00+07:00"
SAID = make.NOW - timedelta(days=30)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
ENGLISH = {  # every word that a fact below is made of
    "Minggu": "Sunday", "Senin": "Monday", "Selasa": "Tuesday", "Rabu": "Wednesday", "Kamis": "Thursday", "Jumat": "Friday", "Sabtu": "Saturday",
    "Agustus": "August", "Oktober": "October", "Banjir": "Flood", "Gempa bumi": "Earthquake", "Layanan daring tetap berjalan": "Online services keep running",
    "Kotak surat: lobi": "Drop box: lobby", "Dilayani di": "Served at", "pukul 12.00": "12:00", "sedang ditinjau kembali": "being reviewed"}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A closure, and what each of its texts must say of it, in Indonesian; `state` only those that tell how an office is at this moment."""

    facts: dict[str, object]
    window: tuple[str, ...]
    reason: str = "Banjir"
    works: tuple[str, ...] = ("Layanan daring tetap berjalan", "lobi Blok A")
    more: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    zone: str = "WIB"
    act: str = ""
    at: str = MORNING
    record_only: tuple[str, ...] = ()


WHOLE = ("Minggu, 20 September", "Selasa, 22 September")
DAYS = Case({}, WHOLE)
CASES = {
    "whole days": DAYS,
    "another reason": replace(DAYS, facts={"reason": "earthquake"}, reason="Gempa bumi"),
    "one day": replace(DAYS, facts={"first": "2020-09-22", "days": 1}, window=("Selasa, 22 September",), never=("20 September",)),
    "hours": replace(DAYS, facts={"hours": ("2020-09-22T08:30", "2020-09-22T12:00")}, window=("Selasa, 22 September", "pukul 12.00")),
    "an open end": replace(DAYS, facts={"days": None}, window=("Minggu, 20 September", "Minggu, 4 Oktober")),
    "past its review": replace(DAYS, facts={"days": None, "first": "2020-08-24", "review_on": date(2020, 9, 7)}, window=("sedang ditinjau kembali",),
                               record_only=("Senin, 24 Agustus",), never=("7 September",)),
    "only a service": replace(DAYS, facts={"services": ("ktp",), "service_names": {"ktp": "KTP"}}, works=("Layanan daring tetap berjalan",), more=("KTP",)),
    "with an exception": replace(DAYS, facts={"excepted": True}, works=(), more=("Posko",), record_only=("Layanan daring tetap berjalan", "lobi Blok A")),
    "diverted to an office": replace(DAYS, facts={"detours": "office"}, more=("Dilayani di", "Kantor Tetangga")),
    "diverted for one service": replace(DAYS, facts={"detours": "tent"}, more=("KTP: Tenda di halaman",)),
    "nothing works": replace(DAYS, facts={"online": False, "dropbox": False}, works=(), never=("Layanan daring tetap berjalan", "lobi Blok A")),
    "in the east": replace(DAYS, zone="WIT", window=("Minggu, 20 September", "Selasa, 22 September")),
    "extended": replace(DAYS, act="extend", window=("Minggu, 20 September", "Rabu, 23 September")),
    "shortened": replace(DAYS, facts={"days": 5}, act="shorten", window=("Minggu, 20 September", "Rabu, 23 September"), never=("Buka lagi Jumat",)),
}  # fmt: skip


@dataclass
class Told:
    """Every text of one closure in one language."""

    of_record: dict[str, str] = field(default_factory=dict)
    of_state: dict[str, str] = field(default_factory=dict)


def declared(case: Case) -> tuple[Office, Closure]:
    zone = {"WIB": "Asia/Jakarta", "WIT": "Asia/Jayapura"}[case.zone]
    make.region("31.71", "Kota Administrasi Jakarta Pusat")
    office = make.office("Kantor Uji", timezone=zone, phone="021 555", email="uji@kantor.example", region="31.71")
    places.add_drop_box(office, "lobi Blok A", "Mo-Fr 08:00-13:30", **make.ACT)
    part, neighbour = make.unit(office, "Kantor Uji: Posko"), make.office("Kantor Tetangga", timezone=zone)
    facts = dict(case.facts)
    if facts.get("excepted"):
        facts["excepted"] = [part]
    if facts.get("detours"):
        facts["detours"] = [Detour(neighbour) if facts["detours"] == "office" else Detour(place="Tenda di halaman", service="KTP")]
    hours = facts.pop("hours", None)
    plan = make.plan(office, note="Mohon maklum.", legal_basis="SK 12/2020", **facts)
    if hours:
        starts, ends = (make.local(each) for each in hours)
        plan = replace(plan, starts_at=starts, ends_at=ends, is_whole_days=False)
    closure = closures.declare(plan, by="kepala", now=SAID)
    if case.act:
        change = getattr(closures, case.act)
        change(closure, make.local("2020-09-24T00:00", zone), reason="Perlu.", by="kepala", now=make.local("2020-09-21T10:00"))
    return office, Closure.get_by_id(closure.id)


def texts(client, office: Office, closure: Closure, language: str) -> Told:
    def words(address: str) -> str:
        return Reading(client.get(f"{address}?bahasa={language}").text).words

    def raw(address: str) -> str:
        return client.get(f"{address}?bahasa={language}").text

    page, press, own = raw(f"/pengumuman/{closure.id}"), raw(f"/pengumuman/{closure.id}/siaran-pers"), raw(f"/kantor/{office.slug}")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S).group(1))
    entry = ElementTree.fromstring(raw(f"/kantor/{office.slug}/umpan.atom")).find("a:entry", ATOM)
    event = Calendar.from_ical(client.get(f"/kantor/{office.slug}/kalender.ics?bahasa={language}").data).walk("VEVENT")[0]
    sent = letter(client, closure, language)
    area = r'<textarea id="{}"[^>]*>(.*?)</textarea>'
    return Told(
        {"page": Reading(page).words, "press": Reading(press).words.partition(Reading(press[press.index("<textarea") :]).words)[0],
         "plain": html.unescape(re.search(area.format("polos"), press, re.S).group(1)), "data": f"{data['name']}. {data['text']}",
         "feed": entry.findtext("a:summary", "", ATOM), "calendar": f"{event['SUMMARY']}. {event['DESCRIPTION']}",
         "mail": sent.text, "mail with layout": Reading(sent.html).words},
        {"notice": words(f"/kantor/{office.slug}/pengumuman"), "whatsapp": html.unescape(re.search(area.format("wa"), own, re.S).group(1)),
         "office": Reading(own).words},
    )  # fmt: skip


def letter(client, closure: Closure, language: str) -> mail.Written:
    """What a subscriber gets of it."""
    record = declared_records([closure], clock.now())[0]
    told = News.create(round=NewsRound.create(made_at=clock.now()), closure=closure, occasion="declared", facts=news.facts_of(record))
    facts = {"news": [told.id], "more": 0, "places": ["Kantor Uji"], "subscriber": 1}
    promised = outbox.promise(subscriptions.NEWS, Recipient("", "warga@surat.example", language=language), facts, key=f"news {told.id}", now=clock.now())
    with client.application.app_context():
        return mail.written(promised, shows_secrets=False)


def in_language(said: str, language: str) -> str:
    if language == "en":
        for word, english in ENGLISH.items():
            said = said.replace(word, english)
    return said.replace("Drop box: lobby", "lobi")


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", CASES)
def test_every_text_of_a_closure_carries_the_same_facts(client, at, name, language):
    case = CASES[name]
    at(case.at)
    told = texts(client, *declared(case), language)
    everywhere = (*case.window, case.reason, *case.works, *case.more, "Mohon maklum.", case.zone)
    for place, text in {**told.of_record, **told.of_state}.items():
        for fact in everywhere + (case.record_only if place in told.of_record else ()):
            assert in_language(fact, language) in text, f"{place} does not say {fact}: {text}"
        for fact in case.never:
            if place != "office":  # its history and its week name other days too
                assert in_language(fact, language) not in text, f"{place} says {fact}: {text}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_withdrawn_closure_is_withdrawn_in_every_text_and_holds_in_none(client, at, language):
    at(MORNING)
    office, closure = declared(DAYS)
    closures.withdraw(closure, reason="Keliru.", by="kepala", now=make.local("2020-09-21T10:00"))
    told = texts(client, office, closure, language)
    for place in ("page", "press", "plain", "data", "feed"):
        assert {"id": "Pengumuman ini ditarik", "en": "This announcement was withdrawn"}[language] in told.of_record[place], place
        assert "lobi Blok A" not in told.of_record[place]
    for place in ("notice", "whatsapp"):
        assert in_language("Banjir", language) not in told.of_state[place]
    event = Calendar.from_ical(client.get(f"/kantor/{office.slug}/kalender.ics").data).walk("VEVENT")[0]
    assert event["STATUS"] == "CANCELLED"


def test_an_end_that_was_said_before_stands_beside_the_new_one(client, at):
    at(MORNING)
    told = texts(client, *declared(CASES["extended"]), "id")
    for place in ("press", "plain", "data", "feed", "calendar"):
        assert "Semula sampai Selasa, 22 September 2020." in told.of_record[place]
    assert "Semula sampai hari ini, Selasa, 22 September, menjadi sampai besok, Rabu, 23 September." in told.of_record["page"]
