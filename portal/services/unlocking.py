"""Who may see and change more of a request than its number shows: whoever knows the telephone's last four digits, or comes by the mailed link."""

import hmac
from datetime import datetime, timedelta

from portal.db import transaction
from portal.people import throttle
from portal.people.models import Attempt
from portal.refusals import Refused
from portal.services import requests
from portal.services.models import ServiceRequest
from portal.words import Sentence

DIGITS = "digits"
SOON, LATELY = timedelta(minutes=10), timedelta(days=1)
AT_ONCE, A_DAY = 5, 20  # wrong ones: of ten thousand combinations somebody who has the number alone tries few
_NOWHERE = "-"  # counted by request and never by address: many citizens come from one, and none of them shall lose a try by another's


class TooMany(throttle.TooMany):
    """Wrong too often; after `wait` there is another try."""

    def __init__(self, sentence: Sentence, wait: timedelta) -> None:
        super().__init__(sentence, field=DIGITS)
        self.wait = wait


def check_digits(request: ServiceRequest, typed: str, *, now: datetime) -> None:
    """Refused unless the last four digits of the request's telephone were typed; wrong ones are counted in rows, so that a restart forgets none."""
    digits = _digits(request, typed)
    with transaction():
        row = requests.held(request)  # tries at the same moment come one after the other
        _check_tries(row, now)
        is_right = hmac.compare_digest(row.phone[-4:].encode(), digits.encode())
        throttle.note(row.number, _NOWHERE, succeeded=is_right, now=now, what=DIGITS)
    if not is_right:  # raised behind the transaction, so that the try stays on record
        raise Refused(Sentence("Empat angka ini tidak cocok dengan nomor telepon pada permohonan."), field=DIGITS)


def is_mailed(request: ServiceRequest, token: str) -> bool:
    """Whether this is what the mailed link of just this request carries."""
    return hmac.compare_digest(requests.token(request).encode(), token.encode("utf-8", "replace"))


def _digits(request: ServiceRequest, typed: str) -> str:
    """The last four that were typed; whoever types the whole number means them too."""
    if not request.phone:
        raise Refused(Sentence("Permohonan ini tidak memakai nomor telepon. Bukalah lewat tautan dalam surel yang kami kirim."), field=DIGITS)
    digits = "".join(sign for sign in typed if sign not in " .-()+")
    if len(digits) < 4 or len(digits) > 20 or not (digits.isascii() and digits.isdigit()):
        raise Refused(Sentence("Tulis empat angka terakhir nomor telepon pada permohonan ini."), field=DIGITS)
    return digits[-4:]


def _check_tries(request: ServiceRequest, now: datetime) -> None:
    wrong = Attempt.select(Attempt.at).where(Attempt.subject == throttle.subject(request.number, DIGITS), ~Attempt.succeeded, Attempt.at > now - LATELY)
    tries = [at for (at,) in wrong.order_by(Attempt.at.desc()).limit(A_DAY).tuples()]
    soon = [at for at in tries if at > now - SOON]
    if len(tries) >= A_DAY:
        raise TooMany(
            Sentence("Sudah terlalu sering salah hari ini. Coba lagi besok, pakai tautan dalam surel, atau telepon kantor."), tries[-1] + LATELY - now
        )
    if len(soon) >= AT_ONCE:
        raise TooMany(Sentence("Sudah {count} kali salah. Tunggu sepuluh menit, lalu coba lagi.", count=AT_ONCE), soon[AT_ONCE - 1] + SOON - now)
