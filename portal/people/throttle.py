"""How often one may try to sign in: counted in rows, so that a restart forgets nothing, and so that nobody can lock out another for long."""

from datetime import datetime, timedelta

from portal import sealed
from portal.db import transaction
from portal.people.models import Attempt, canonical
from portal.refusals import Refused
from portal.words import Sentence

SOON = timedelta(minutes=10)
FROM_ONE_ADDRESS, ON_ONE_ACCOUNT_FROM_ONE_ADDRESS, ON_ONE_ACCOUNT = 30, 5, 50
KNOWN = timedelta(days=30)


class TooMany(Refused):
    """Tried too often; wait."""


def subject(identifier: str) -> str:
    """What stands for an identifier, known or not: people type passwords there too, so it is never kept as typed."""
    return sealed.fingerprint("sign-in " + canonical(identifier))


def check(identifier: str, address: str, *, now: datetime) -> None:
    """Refuse a try that is one too many, before anything is hashed. Nobody shuts out an owner who comes from where they came lately."""
    who, since = subject(identifier), now - SOON
    wrong = (Attempt.at > since) & ~Attempt.succeeded
    from_here = Attempt.select().where(wrong, Attempt.address == address).count()
    on_it_from_here = Attempt.select().where(wrong, Attempt.address == address, Attempt.subject == who).count()
    if on_it_from_here >= ON_ONE_ACCOUNT_FROM_ONE_ADDRESS or (from_here >= FROM_ONE_ADDRESS and not is_known(identifier, address, now=now)):
        raise TooMany(Sentence("Terlalu banyak percobaan dari sini. Coba lagi sepuluh menit lagi, atau minta tautan kata sandi baru."))
    if Attempt.select().where(wrong, Attempt.subject == who).count() >= ON_ONE_ACCOUNT and not is_known(identifier, address, now=now):
        raise TooMany(Sentence("Akun ini sedang dicoba banyak orang. Coba lagi sepuluh menit lagi, atau masuk dari tempat biasa."))


def note(identifier: str, address: str, *, succeeded: bool, now: datetime) -> None:
    """Remember a try."""
    with transaction():
        Attempt.create(subject=subject(identifier), address=address, at=now, succeeded=succeeded)


def forget(*, now: datetime) -> int:
    """Let go of tries that no longer count."""
    with transaction():
        return Attempt.delete().where((Attempt.at < now - KNOWN) | ((Attempt.at < now - timedelta(days=1)) & ~Attempt.succeeded)).execute()


def is_known(identifier: str, address: str, *, now: datetime) -> bool:
    """Whether the account was lately entered from this address."""
    return Attempt.select().where(Attempt.subject == subject(identifier), Attempt.address == address, Attempt.succeeded, Attempt.at > now - KNOWN).exists()
