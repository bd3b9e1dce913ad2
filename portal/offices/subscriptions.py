"""Who wants to be told of closures: asked for by anybody, confirmed and ended by the owner of the address alone (double opt-in, RFC 8058)."""

import hmac
from datetime import datetime, timedelta
from typing import Any

from email_validator import EmailNotValidError, validate_email
from peewee import JOIN, fn

from portal import audit, outbox, policies, sealed
from portal.db import locked, transaction
from portal.offices.models import NewsRound, Office, Region, Subscriber, Subscription
from portal.outbox import WAITS, Letter, Recipient
from portal.policies import NEWS_RETENTION
from portal.refusals import Refused
from portal.words import Sentence

CONFIRMATION, NEWS = "news_confirmation", "news"
PAUSE = timedelta(hours=1)  # between two letters that ask the same address: nobody is flooded through this form
MOST = 100  # offices and regions of one address; who asks for more in somebody's name asks in vain
_AT_ONCE, _ROUNDS = 1000, 50
Target = Office | Region


def target(office: str = "", region: str = "") -> Target:
    """The office of a slug or else the region of a code; Refused where there is none."""
    storable = "\0" not in office + region
    if office:
        found = Office.get_or_none(Office.slug == office) if storable else None
        wrong = Sentence("Kantor {name} tidak ada.", name=office[:80])
    else:
        found = Region.get_or_none(Region.code == region) if region and storable else None
        wrong = Sentence("Wilayah ini tidak dikenal.") if region else Sentence("Pilih kantor atau wilayah dulu.")
    if found is None:
        raise Refused(wrong)
    return found


def ask(email: str, wanted: Target, *, language: str, now: datetime) -> None:
    """Somebody asks for news to an address; its owner gets a letter to confirm, at most one an hour. What comes back never tells what was there before."""
    address = _address(email)
    with transaction():
        Subscriber.insert(email=address, language=language).on_conflict_ignore().execute()
        subscriber = locked(Subscriber.select().where(Subscriber.email == address)).get()
        is_told = Subscription.select().where(Subscription.subscriber == subscriber, _lives(), Subscription.confirmed_at.is_null(False)).exists()
        if not is_told:  # strangers do not change the language of those who read already
            subscriber.language = language
        made = _asked(subscriber, wanted, now)
        if made is not None:
            audit.record("subscription_asked", "subscription", made.id, by="warga", now=now, label=wanted.name)
        if subscriber.asked_at is None or now - subscriber.asked_at >= PAUSE:
            subscriber.asked_at = now
            facts = {"subscriber": subscriber.id, "wanted": wanted.name, "is_region": isinstance(wanted, Region)}
            outbox.promise(CONFIRMATION, Recipient(address, address, language=subscriber.language), facts,
                           key=f"{CONFIRMATION} {subscriber.id} {now.isoformat()}", now=now)  # fmt: skip
        subscriber.save(only=[Subscriber.language, Subscriber.asked_at])


def token_of(subscriber: int, email: str) -> str:
    """The secret in the links of a subscriber's letters; it opens nothing for whoever gets the number after them."""
    return sealed.fingerprint(f"subscriber {subscriber} {email}")[:32]


def of_link(number: int, token: str) -> Subscriber | None:
    """The subscriber to whom a link was mailed."""
    found = Subscriber.get_or_none(Subscriber.id == number) if number < 2**31 else None
    right = found is not None and hmac.compare_digest(token_of(found.id, found.email).encode(), token.encode())
    return found if right else None


def wishes(subscriber: Subscriber) -> list[Subscription]:
    """What has been asked for to an address and has not ended, with its office or region; what waits for confirmation first."""
    rows = Subscription.select(Subscription, Office, Region).join(Office, JOIN.LEFT_OUTER).switch(Subscription)
    rows = rows.join(Region, JOIN.LEFT_OUTER, on=Subscription.region == Region.code).where(Subscription.subscriber == subscriber, _lives())
    return list(rows.order_by(Subscription.confirmed_at.is_null(False), Subscription.id))


def name_of(wish: Subscription) -> str:
    """The name of its office or region."""
    return str((wish.office or wish.region).name)


def confirm(subscriber: Subscriber, number: int, *, language: str, now: datetime) -> None:
    """The owner of the address wants these news, in this language; twice is once."""
    with transaction():
        held = locked(Subscriber.select().where(Subscriber.id == subscriber.id)).get()
        mine = (Subscription.id == number, Subscription.subscriber == held.id, _lives(), Subscription.confirmed_at.is_null())
        if Subscription.update(confirmed_at=now).where(*mine).execute():
            Subscriber.update(language=language).where(Subscriber.id == held.id).execute()
            audit.record("subscription_confirmed", "subscription", number, by="warga", now=now)


def end(subscriber: Subscriber, number: int | None = None, *, now: datetime) -> int:
    """No more news of one office or region, or of none at all; letters that have not gone out yet stay behind where nothing is left. How many ended."""
    with transaction():
        locked(Subscriber.select().where(Subscriber.id == subscriber.id)).get()
        mine = Subscription.select().where(Subscription.subscriber == subscriber, _lives())
        over = [each.id for each in mine if number is None or each.id == number]
        Subscription.update(ended_at=now).where(Subscription.id.in_(over or [0])).execute()
        audit.record_all("subscription_ended", "subscription", ((id, "", None, None) for id in over), by="warga", now=now)
        if len(over) == len(mine):
            _hold_back(subscriber)
    return len(over)


def retain(*, now: datetime) -> int:
    """Remove what the policy keeps no longer: subscriptions unconfirmed or ended, addresses without any, letters with news. Without a policy all stays."""
    rules = policies.holding(policies.of_kind(NEWS_RETENTION), office_ids=[], region_codes=[], day=now.date())
    if not rules:
        return 0
    before = now - timedelta(days=rules[0].value["days"])
    with transaction():
        lapsed = Subscription.confirmed_at.is_null() & (Subscription.made_at < before)
        gone = Subscription.delete().where(lapsed | (Subscription.ended_at < before)).execute()
        wanted = Subscription.select().where(Subscription.subscriber == Subscriber.id)
        silent = Subscriber.asked_at.is_null() | (Subscriber.asked_at < now - PAUSE)
        Subscriber.delete().where(silent, ~fn.EXISTS(wanted)).execute()
        if gone:
            audit.record("subscriptions_forgotten", "subscription", "", by="retention", now=now, after={"subscriptions": gone})
    _forget_letters(before)
    return int(gone)


def _address(email: str) -> str:
    """The address with its domain in small letters: there the case tells nobody apart."""
    try:
        return str(validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized)
    except EmailNotValidError:
        wrong = Sentence("Alamat surel ini tidak dapat dibaca.") if email.strip() else Sentence("Bagian ini wajib diisi.")
        raise Refused(wrong, field="email") from None


def _lives() -> Any:
    return Subscription.ended_at.is_null()


def _asked(subscriber: Subscriber, wanted: Target, now: datetime) -> Subscription | None:
    """The wish as it waits for its confirmation now; none where it is confirmed already, or one too many."""
    place: dict[str, Any] = {"region": wanted} if isinstance(wanted, Region) else {"office": wanted}
    kept = Subscription.get_or_none(subscriber=subscriber, **place)
    if kept is not None and kept.ended_at is None and kept.confirmed_at is not None:
        return None
    if kept is not None and kept.ended_at is None:
        return kept
    if Subscription.select().where(Subscription.subscriber == subscriber, _lives()).count() >= MOST:
        return None
    made = kept or Subscription(subscriber=subscriber, **place)
    made.made_at, made.confirmed_at, made.ended_at = now, None, None
    made.save()
    return made


def _hold_back(subscriber: Subscriber) -> None:
    """Letters of the last rounds that still wait are not for somebody who wants none any more."""
    rounds = [id for (id,) in NewsRound.select(NewsRound.id).order_by(NewsRound.id.desc()).limit(_ROUNDS).tuples()]
    Letter.delete().where(Letter.key.in_([letter_key(id, subscriber.id) for id in rounds] or [""]), Letter.state == WAITS).execute()


def letter_key(round_id: int, subscriber: int) -> str:
    """What keeps a subscriber at one letter a round."""
    return f"{NEWS} {round_id} {subscriber}"


def _forget_letters(before: datetime) -> None:
    """The oldest letters of these kinds, some at a time; the worker comes again."""
    for name in (CONFIRMATION, NEWS):
        oldest = Letter.select(Letter.id, Letter.created_at).where(Letter.name == name).order_by(Letter.id).limit(_AT_ONCE).tuples()
        old = [id for id, at in oldest if at < before]
        if old:
            with transaction():
                Letter.delete().where(Letter.id.in_(old)).execute()
