"""The form of a service: what stands in its fields, and the standard that they say."""

import re
from collections.abc import Iterable

from portal.offices.models import Office
from portal.refusals import Refused, plain
from portal.services.catalogue_import import lines_of, needs_as_text, needs_of
from portal.services.standards import CHOICE, DATE, LONG_TEXT, NUMBER, TEXT, Ask, Standard
from portal.views import typed
from portal.views.forms import Form
from portal.words import Sentence, later

ASK_KINDS = {
    TEXT: later("Satu baris"),
    LONG_TEXT: later("Beberapa baris"),
    DATE: later("Tanggal"),
    NUMBER: later("Angka"),
    CHOICE: later("Pilihan"),
}
_TEXTS = ("name", "summary", "product", "procedure", "cost", "legal_basis", "complaints", "why_not_remote")
_PARTS = ("label", "kind", "options", "hint", "required", "sensitive")
_MOST_ASKS, _EMPTY = 60, 3
_LONGEST = 10_000


def sent_standard(sent: Form) -> Standard:
    """The standard that was typed; refused beside the field that cannot be read."""
    needs = plain(sent["needs"], field="needs", limit=_LONGEST)
    return Standard(
        **{name: sent[name] for name in _TEXTS}, needs=needs_of(needs), working_days=typed.whole(sent, "working_days"),
        kinds=tuple(sent.all("kinds")), offices=_slugs(sent, "offices"), excepted=_slugs(sent, "excepted"), channels=tuple(sent.all("channels")),
        asks_nik=sent["asks_nik"] == "yes", asks=tuple(_asks(sent)))  # fmt: skip


def filled(its: Standard) -> Form:
    """A form filled in with the standard that holds."""
    asks = {f"ask-{number}-{part}": text for number, ask in enumerate(its.asks) for part, text in _parts(ask).items()}
    return Form.of(
        **{name: getattr(its, name) for name in _TEXTS}, **asks, needs=needs_as_text(its.needs), working_days=its.working_days, kinds=list(its.kinds),
        offices="\n".join(its.offices), excepted="\n".join(its.excepted), channels=list(its.channels), asks_nik="yes" if its.asks_nik else "")  # fmt: skip


def rows(form: Form) -> range:
    """The numbers of the rows for questions: those that are filled in, and some empty ones."""
    found = [int(match[1]) for name in form.values if (match := re.fullmatch(r"ask-(\d{1,2})-label", name, re.ASCII)) and form[name].strip()]
    return range(min(max(found, default=-1) + 1 + _EMPTY, _MOST_ASKS))


def kinds_in_use(form: Form) -> list[str]:
    """The kinds of offices that there are, and those that the form names."""
    held = {kind for (kind,) in Office.select(Office.kind).where(Office.kind != "").distinct().tuples()}
    return sorted(held | {kind[:100] for kind in form.all("kinds")[:_MOST_ASKS]})


def _asks(sent: Form) -> Iterable[Ask]:
    for number in rows(sent):
        part = {name: sent[f"ask-{number}-{name}"].strip() for name in _PARTS}
        if part["label"]:
            options = tuple(each.strip() for each in part["options"].split(" / ") if each.strip())
            yield Ask(part["label"], part["kind"], part["hint"], options, part["required"] == "yes", part["sensitive"] == "yes")


def _parts(ask: Ask) -> dict[str, str]:
    return {"label": ask.label, "kind": ask.kind, "options": " / ".join(ask.options), "hint": ask.hint, "required": "yes" if ask.is_required else "",
            "sensitive": "yes" if ask.is_sensitive else ""}  # fmt: skip


def _slugs(sent: Form, field: str) -> tuple[str, ...]:
    """Offices, one a line by slug or full name, as slugs; one that nobody knows is refused, and a name that several have."""
    lines = lines_of(plain(sent[field], field=field, limit=_LONGEST))
    found: dict[str, list[str]] = {}
    for slug, name in Office.select(Office.slug, Office.name).where(Office.slug.in_(lines or [""]) | Office.name.in_(lines or [""])).tuples():
        found.setdefault(slug, []).insert(0, slug)
        found.setdefault(name, []).append(slug)
    for each in lines:
        if each not in found:
            raise Refused(Sentence("Kantor {office} tidak dikenal. Tulis nama lengkap atau slug-nya.", office=each[:60]), field=field)
        if len(set(found[each])) > 1 and found[each][0] != each:
            raise Refused(Sentence("Nama {office} dipakai beberapa kantor. Tulis slug-nya.", office=each[:60]), field=field)
    return tuple(found[each][0] for each in lines)
