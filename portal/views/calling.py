"""How an officer reaches a citizen by telephone or chat: a number to dial, and a message about the request in the citizen's language."""

import re
from urllib.parse import quote

from flask import current_app

from portal.services.models import ServiceRequest
from portal.views.language import say, spoken
from portal.words import Sentence

_HOME = "62"


def chat(phone: str, text: str) -> str:
    """The address that opens a chat on WhatsApp with a text; nothing for numbers that cannot have one, as those of a desk telephone."""
    digits = re.sub(r"\D", "", phone)
    if phone.startswith("0"):
        digits = _HOME + digits[1:] if digits.startswith("08") else ""
    elif not phone.startswith("+"):
        digits = ""
    return f"https://wa.me/{digits}?text={quote(text)}" if digits else ""


def chat_about(row: ServiceRequest) -> str:
    """The same about a request, with its number and where it can be followed."""
    return chat_of(row.phone, row.language, row.name, row.number, row.service.name)


def chat_of(phone: str, language: str, name: str, number: str, service: str, news: str = "") -> str:
    """The same where only these facts are known; `news` is what there is to say, in the citizen's language already."""
    with spoken(language):
        greeting = say(Sentence("Yth. {name}, ini tentang permohonan Anda {number} ({service}).", name=name, number=number, service=service))
        follow = say(Sentence("Ikuti di {address}", address=f"{current_app.config['SETTINGS'].base_url}/permohonan/{number}"))
    return chat(phone, " ".join(filter(None, (greeting, news, follow))))
