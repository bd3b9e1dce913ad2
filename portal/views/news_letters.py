"""What the letters about closures tell, to subscribers and to those who look at open ends again: in the words of the page."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from portal.offices import reviews, subscriptions, wording
from portal.offices.closures import REASONS
from portal.offices.declared import Instead, Meanwhile
from portal.offices.models import Closure, News
from portal.offices.news import DECLARED, LONGER, REOPENED, SHORTER, TAKEN_BACK, TOMORROW
from portal.offices.partly import last_of, listing
from portal.offices.telling import period_of
from portal.outbox import Letter
from portal.views.language import gettext, say
from portal.words import Sentence, later

CONFIRMATION, NEWS, REVIEW = subscriptions.CONFIRMATION, subscriptions.NEWS, reviews.LETTER
SUBJECTS = {
    CONFIRMATION: later("Pastikan: kabar penutupan lewat surel"),
    NEWS: later("Kabar penutupan"),
    REVIEW: later("Penutupan tanpa tanggal selesai perlu ditinjau"),
}
ENDED_BY_LINK = frozenset({NEWS})
_WHOLE = {
    DECLARED: later("Tutup: {offices}"),
    LONGER: later("Tutup lebih lama: {offices}"),
    TOMORROW: later("Mulai besok tutup: {offices}"),
    SHORTER: later("Tutup lebih singkat: {offices}"),
    REOPENED: later("Buka lagi: {offices}"),
    TAKEN_BACK: later("Batal tutup: {offices}"),
}
_OF_SERVICES = {
    DECLARED: later("Sebagian layanan tutup: {offices}"),
    LONGER: later("Sebagian layanan tutup lebih lama: {offices}"),
    TOMORROW: later("Mulai besok sebagian layanan tutup: {offices}"),
    SHORTER: later("Sebagian layanan tutup lebih singkat: {offices}"),
    REOPENED: later("Semua layanan buka lagi: {offices}"),
    TAKEN_BACK: later("Batal tutup: {offices}"),
}
_Address = Callable[..., str]


def subject(letter: Letter) -> str:
    """What a letter is about: of one piece of news that itself, of several how many."""
    if letter.name == REVIEW:
        return say(Sentence("Perlu ditinjau: penutupan {offices}", offices=_named(letter.facts)))
    if letter.name != NEWS:
        return gettext(SUBJECTS[letter.name])
    count = len(letter.facts["news"]) + letter.facts["more"]
    if count > 1:
        return say(Sentence("Kabar penutupan: {count} kabar", count=count))
    return say(_title(_news(letter)[0]))


def read(letter: Letter, address: _Address, *, shows_secrets: bool) -> dict[str, Any]:
    """The facts of such a letter; its link opens the subscriptions of its reader, and is shown to nobody else."""
    facts, at = letter.facts, letter.created_at
    if letter.name == REVIEW:
        is_today = facts["occasion"] == reviews.ON_THE_DAY
        desk = address("closures.show", number=facts["closure"])
        return {"each": _told(facts, address, at), "review": date.fromisoformat(facts["review_on"]), "is_today": is_today, "desk": desk}
    own = {"link": link(letter, address) if shows_secrets else "…"}
    if letter.name == CONFIRMATION:
        return {**own, "wanted": facts["wanted"]}
    items = [{**_told(each.facts, address, at), "title": _title(each), "occasion": each.occasion} for each in _news(letter)]
    return {**own, "items": items, "more": facts["more"], "places": facts["places"]}


def link(letter: Letter, address: _Address) -> str:
    """The address of a subscriber's own page, which is a secret; a mail program that posts to it ends all."""
    number = letter.facts["subscriber"]
    return address("subscriptions.show", number=number, key=subscriptions.token_of(number, letter.email))


def _news(letter: Letter) -> list[News]:
    return list(News.select().where(News.id.in_(letter.facts["news"])).order_by(News.id))


def _title(news: News) -> Sentence:
    still = later("Penutupan berakhir, tetapi masih tutup karena sebab lain: {offices}")
    words = _OF_SERVICES if news.facts["services"] else _WHOLE
    is_still_closed = news.occasion in (REOPENED, TAKEN_BACK) and news.facts["still"]
    return Sentence(still if is_still_closed else words[news.occasion], offices=_named(news.facts))


def _named(facts: dict[str, Any]) -> str | Sentence:
    """The first office, and how many others."""
    first, others = facts["offices"][0][1], len(facts["offices"]) - 1 + facts["more"]
    return Sentence("{first} dan {count} kantor lain", first=first, count=others) if others else str(first)


def _told(facts: dict[str, Any], address: _Address, at: datetime) -> dict[str, Any]:
    """One closure in Sentences, from what was kept of it when it was told."""
    zone = ZoneInfo(facts["zone"])
    closure = Closure(starts_at=_moment(facts["starts"]), ends_at=_moment(facts["ends"]), timezone=facts["zone"], is_whole_days=facts["is_whole_days"],
                      review_on=date.fromisoformat(facts["review_on"]) if facts["review_on"] else None)  # fmt: skip
    was, reopens, reason = _moment(facts.get("was")), _moment(facts.get("reopens")), facts["reason"]
    return {
        "offices": [(name, address("offices.office", slug=slug)) for slug, name in facts["offices"]], "others": facts["more"],
        "window": period_of(closure, at), "reason": Sentence(REASONS[reason]), "note": facts["note"], "zone": zone,
        "was": Sentence("Semula sampai {last}.", last=last_of(was, zone)) if was else None,
        "reopens": reopens.astimezone(zone) if reopens else None, "serves": facts.get("serves", False), "still": facts.get("still", []),
        "services": listing(facts["services"].values()) if facts["services"] else None, "excepted": facts["excepted"], "ways": _ways(facts),
    }  # fmt: skip


def _ways(facts: dict[str, Any]) -> list[Sentence]:
    """What works meanwhile, and what stops, in the words of the page."""
    instead = [Instead(service, slug, place, _day(first), _day(last)) for service, slug, place, first, last in facts["detours"]]
    meanwhile = Meanwhile(instead, facts["boxes"], facts["online"], facts["dropbox"], list(facts["services"].values()))
    return [*(way.sentence for way in wording.ways(meanwhile)), *wording.stopped(meanwhile)]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
