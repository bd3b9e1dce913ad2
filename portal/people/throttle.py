"""How often one may try to sign in: counted in rows, so that a restart forgets nothing, and so that nobody can lock out another for long."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from portal import sealed
from portal.db import transaction
from portal.people.models import Attempt, canonical
from portal.refusals import Refused
from portal.words import Sentence

SOON = timedelta(minutes=10)
FROM_ONE_ADDRESS, ON_ONE_ACCOUNT_FROM_ONE_ADDRESS, ON_ONE_ACCOUNT = 30, 5, 50
FROM_WHERE_IT_IS_KNOWN = 20
KNOWN = timedelta(days=30)
SIGN_IN, CODE, RESET = "sign-in", "code", "reset"  # each with names of its own: what is typed as one counts for no other


class TooMany(Refused):
    """Tried too often; wait."""


def subject(identifier: str, what: str = SIGN_IN) -> str:
    """What stands for an identifier, known or not: people type passwords there too, so it is never kept as typed."""
    return sealed.fingerprint(f"{what} {canonical(identifier)}")


def place(address: str) -> str:
    """Where somebody comes from: of an IPv6 address the network, for a household has as many addresses as it likes."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) and found.ipv4_mapped is None else address


def check(identifier: str, address: str, *, now: datetime, what: str = SIGN_IN) -> None:
    """Refuse a try that is one too many, before anything is hashed. Nobody shuts out an owner who comes from where they came lately."""
    who, since, here = subject(identifier, what), now - SOON, place(address)
    wrong = (Attempt.at > since) & ~Attempt.succeeded
    from_here = Attempt.select().where(wrong, Attempt.address == here).count()
    on_it_from_here = Attempt.select().where(wrong, Attempt.address == here, Attempt.subject == who).count()
    known = is_known(identifier, address, now=now, what=what)  # colleagues behind one address must not shut out its owner by a few tries
    if on_it_from_here >= (FROM_WHERE_IT_IS_KNOWN if known else ON_ONE_ACCOUNT_FROM_ONE_ADDRESS) or (from_here >= FROM_ONE_ADDRESS and not known):
        raise TooMany(Sentence("Terlalu banyak percobaan dari sini. Coba lagi sepuluh menit lagi, atau minta tautan kata sandi baru."))
    if not known and Attempt.select().where(wrong, Attempt.subject == who).count() >= ON_ONE_ACCOUNT:
        raise TooMany(Sentence("Akun ini sedang dicoba banyak orang. Coba lagi sepuluh menit lagi, atau masuk dari tempat biasa."))


def note(identifier: str, address: str, *, succeeded: bool, now: datetime, what: str = SIGN_IN) -> None:
    """Remember a try."""
    with transaction():
        Attempt.create(subject=subject(identifier, what), address=place(address), at=now, succeeded=succeeded)


def forget(*, now: datetime) -> int:
    """Let go of tries that no longer count."""
    with transaction():
        return Attempt.delete().where((Attempt.at < now - KNOWN) | ((Attempt.at < now - timedelta(days=1)) & ~Attempt.succeeded)).execute()


def is_known(identifier: str, address: str, *, now: datetime, what: str = SIGN_IN) -> bool:
    """Whether the account was lately entered from this address."""
    from_here = (Attempt.subject == subject(identifier, what)) & (Attempt.address == place(address))
    return Attempt.select().where(from_here, Attempt.succeeded, Attempt.at > now - KNOWN).exists()
