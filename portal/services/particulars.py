"""What a citizen says about themselves: checked, in one form however it is typed, sealed where it is nobody else's business, and masked on screens."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from portal import sealed
from portal.refusals import Refused, plain
from portal.services.models import Particular, ServiceRequest
from portal.words import Sentence

_DOT = "•"
MOST_TEXT = 5000
_AT_ONCE = 100  # rows in one statement
_NUMBER = re.compile(r"\d{1,15}([.,]\d{1,6})?|\d{1,3}(\.\d{3}){1,4}(,\d{1,6})?", re.ASCII)  # 1500, 0,75, and 1.500.000 as sums of money are written


def phone(typed: str, *, field: str = "phone") -> str:
    """A telephone number as it is dialled here, 081200000000, however it was typed; Refused where it cannot be one."""
    digits = re.sub(r"[\s().\-‐‑‒–—]", "", plain(typed, field=field, limit=60))
    digits = re.sub(r"^(?:\+|00)?62(?=[2-9])", "0", digits)
    if digits and not re.fullmatch(r"\+?[0-9]{7,15}", digits, re.ASCII):
        raise Refused(Sentence("Nomor telepon ini tidak dapat dibaca. Tulis 10 sampai 13 angka, misalnya 0812 0000 0000."), field=field)
    return digits


def email(typed: str, *, field: str = "email") -> str:
    """An e-mail address; Refused where it cannot be one."""
    typed = plain(typed, field=field, limit=254)
    if not typed:
        return ""
    try:
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Refused(Sentence("Alamat surel ini tidak dapat dibaca. Contoh: nama@contoh.id."), field=field) from None


def nik(typed: str, *, field: str = "nik") -> str:
    """The sixteen digits of an identity number; Refused where it cannot be one."""
    digits = re.sub(r"[\s.\-]", "", plain(typed, field=field, limit=60))
    if digits and not re.fullmatch(r"[0-9]{16}", digits, re.ASCII):
        raise Refused(Sentence("NIK terdiri dari 16 angka."), field=field)
    return digits


def answers(asked: Iterable[Particular], typed: Mapping[int, str]) -> dict[int, str]:
    """What was answered, checked by kind; Refused beside the field `isian-<id>`."""
    return {each.id: given for each in asked if (given := answer(each, typed.get(each.id, "")))}


def answer(asked: Particular, typed: str) -> str:
    """One answer, checked by the kind of its question; Refused beside its field."""
    field = f"isian-{asked.id}"
    text = plain(typed, field=field, limit=MOST_TEXT if asked.kind == "long_text" else 300, required=asked.is_required)
    if text and asked.kind == "choice" and text not in asked.options:
        raise Refused(Sentence("Pilih salah satu."), field=field)
    if text and asked.kind == "number" and not _NUMBER.fullmatch(text):
        raise Refused(Sentence("Isi dengan angka."), field=field)
    if text and asked.kind == "date":
        _check_date(text, field)
    return text


def _check_date(text: str, field: str) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise Refused(Sentence("Tanggal {text} tidak dapat dibaca. Contoh: 2020-09-22.", text=text[:40]), field=field) from None


def kept(number: str, asked: Iterable[Particular], given: Mapping[int, str]) -> dict[str, Any]:
    """Answers as a row keeps them: sealed, unless their question is asked still and is not sensitive."""
    plain_ones = {each.id for each in asked if not each.is_sensitive}
    return {str(id): text if id in plain_ones else {"sealed": sealed.seal(text, about=f"answer {number} {id}")} for id, text in given.items()}


def seal_given(asked: Particular) -> None:
    """Seal what was answered already to a question that is sensitive from now on."""
    key, rows = str(asked.id), ServiceRequest.select(ServiceRequest.id, ServiceRequest.number, ServiceRequest.answers)
    open_ones = [row for row in rows.where(ServiceRequest.service == asked.service_id) if isinstance(row.answers.get(key), str)]
    for row in open_ones:
        row.answers = {**row.answers, key: {"sealed": sealed.seal(row.answers[key], about=f"answer {row.number} {key}")}}
    if open_ones:
        ServiceRequest.bulk_update(open_ones, [ServiceRequest.answers], batch_size=_AT_ONCE)


def read(request: ServiceRequest) -> dict[int, str]:
    """The answers of a request, opened; for those who may see them."""
    return {int(id): _opened(request.number, id, answer) for id, answer in request.answers.items()}


def _opened(number: str, id: str, answer: Any) -> str:
    return sealed.unseal(answer["sealed"], about=f"answer {number} {id}") if isinstance(answer, dict) else str(answer)


def seal_nik(number: str, digits: str) -> dict[str, str | None]:
    """The columns of an identity number: sealed, and its mark by which it is found again."""
    if not digits:
        return {"nik": None, "nik_mark": None}
    return {"nik": sealed.seal(digits, about=f"nik {number}"), "nik_mark": nik_mark(digits)}


def nik_mark(digits: str) -> str:
    """By which an identity number is found again without being read."""
    return sealed.fingerprint("nik " + digits)


def open_nik(request: ServiceRequest) -> str:
    """The identity number of a request, or nothing; who opens it leaves a mark in the audit trail."""
    return sealed.unseal(request.nik, about=f"nik {request.number}") if request.nik else ""


def masked_name(name: str) -> str:
    """W•••• C•••••: the first letter of each word."""
    return " ".join(word[0] + _DOT * min(len(word) - 1, 5) for word in name.split())


def masked_phone(number: str) -> str:
    """0812 •••• ••••: how it begins, and none of the last four digits, by which its owner is known."""
    return f"{number[:4]} {_DOT * 4} {_DOT * 4}" if len(number) >= 8 else _DOT * len(number)


def masked_email(address: str) -> str:
    """w•••@example.org: the first letter and the house."""
    name, at, house = address.partition("@")
    return f"{name[:1]}{_DOT * 3}{at}{house}" if at else ""
