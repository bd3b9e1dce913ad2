"""The catalogue from CSV and into it: all or nothing, every error with its place, twice the same as once."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from portal.audit import By
from portal.offices.imports import Outcome, Progress
from portal.refusals import Refused
from portal.services import standards
from portal.services.models import CHANNELS, Service
from portal.services.standards import CHOICE, COPY, EITHER, NONE, ORIGINAL, Ask, Need, Standard
from portal.sheets import Line, Problem, Problems
from portal.words import Sentence

REQUIRED = ("slug", "name", "summary", "product", "requirements", "procedure", "working_days", "cost", "legal_basis", "complaints", "kinds", "offices",
            "channels", "why_not_remote", "asks_nik")  # fmt: skip
COLUMNS = (*REQUIRED, "questions")
_TRUTH = {"yes": True, "no": False, "": False}
_MARKS = {ORIGINAL: "asli", COPY: "salinan", EITHER: "asli atau salinan"}
_READ = {"asli": ORIGINAL, "salinan": COPY, "fotokopi": COPY, "asli atau salinan": EITHER, "salinan atau asli": EITHER}
_COLUMN_OF = {"needs": "requirements", "asks": "questions", "excepted": "offices"}


def take_services(lines: list[Line], *, by: By, now: datetime, progress: Progress) -> Outcome:
    """Services by slug, new or changed; one that has ended stays ended, with a warning."""
    known = {service.slug: service for service in Service.select()}
    before, counts = standards.of(list(known.values())), Counter(line["slug"] for line in lines)
    without = set(standards.unknown(slug for line in lines for slug, _ in _offices(line["offices"])))
    wanted, problems = _read_all(lines, counts, without)
    if problems:
        raise Problems(problems)
    outcome = Outcome()
    for done, (line, standard) in enumerate(wanted):
        service = known.get(line["slug"])
        if service is None:
            standards.add(standard, slug=line["slug"], by=by, now=now)
            outcome.added += 1
        elif before[service.id] != standard:
            standards.change(service, standard, by=by, now=now)
            outcome.changed += 1
        if service is not None and service.ended_at is not None:
            outcome.warnings.append(line.problem("slug", Sentence("Layanan {slug} sudah diakhiri dan tetap berakhir.", slug=service.slug)))
        progress(done, len(lines))
    outcome.same = len(lines) - outcome.added - outcome.changed
    return outcome


def rows(services: Iterable[Service]) -> list[tuple[str, ...]]:
    """The catalogue as lines of the same columns, which taken in again change nothing."""
    services = list(services)
    found = standards.of(services)
    return [_row(service.slug, found[service.id]) for service in services]


def needs_of(text: str) -> tuple[Need, ...]:
    """Requirements as they are typed: one a line, at its end in brackets whether the original or a copy is asked for."""
    return tuple(_need(line) for line in lines_of(text))


def needs_as_text(needs: Iterable[Need]) -> str:
    """Requirements one a line, as needs_of reads them."""
    return "\n".join(f"{need.text} ({_MARKS[need.form]})" if need.form in _MARKS else need.text for need in needs)


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _need(line: str) -> Need:
    found = re.fullmatch(r"(.*\S)\s*\(([^()]*)\)", line)
    form = _READ.get(" ".join(found[2].lower().split())) if found else None
    return Need(found[1], form) if found and form else Need(line, NONE)


def _read_all(lines: list[Line], counts: Counter[str], without: set[str]) -> tuple[list[tuple[Line, Standard]], list[Problem]]:
    wanted: list[tuple[Line, Standard]] = []
    problems: list[Problem] = []
    for line in lines:
        wrong: list[Problem] = []
        if counts[line["slug"]] > 1:
            wrong.append(line.problem("slug", Sentence("{value} ada dua kali.", value=line["slug"])))
        wrong += [line.problem("offices", Sentence("Kantor {slug} tidak dikenal.", slug=slug[:60])) for slug, _ in _offices(line["offices"]) if slug in without]
        standard = _standard(line, wrong)
        if standard is not None and not wrong:
            wanted.append((line, standard))
        problems += wrong
    return wanted, problems


def _standard(line: Line, wrong: list[Problem]) -> Standard | None:
    """What a line says, as it may be kept; what is wrong goes to `wrong`."""
    given = _offices(line["offices"])
    said: dict[str, Any] = {name: line[name] for name in ("name", "summary", "product", "procedure", "cost", "legal_basis", "complaints", "why_not_remote")}
    _keep(line, wrong, "slug", standards.checked_slug, line["slug"])
    days = _keep(line, wrong, "working_days", _days, line["working_days"])
    nik = _keep(line, wrong, "asks_nik", _truth, line["asks_nik"])
    channels = _keep(line, wrong, "channels", _channels, line["channels"])
    asks = _keep(line, wrong, "questions", lambda text: tuple(_ask(each) for each in lines_of(text)), line["questions"])
    if wrong:
        return None
    standard = Standard(
        **said, working_days=days, asks_nik=nik, channels=channels, asks=asks, needs=needs_of(line["requirements"]), kinds=tuple(_listed(line["kinds"])),
        offices=tuple(slug for slug, is_given in given if is_given), excepted=tuple(slug for slug, is_given in given if not is_given))  # fmt: skip
    found: Standard | None = _keep(line, wrong, "", standards.checked, standard)
    return found


def _keep(line: Line, wrong: list[Problem], column: str, read: Callable[[Any], Any], value: Any) -> Any:
    """What a cell means; a refusal goes to `wrong` with its column."""
    try:
        return read(value)
    except Refused as refusal:
        wrong.append(line.problem(column or _COLUMN_OF.get(refusal.field, refusal.field), refusal.sentence))
        return None


def _days(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refused(Sentence("{value} bukan bilangan.", value=text[:40]))
    return int(text)


def _truth(text: str) -> bool:
    if text not in _TRUTH:
        raise Refused(Sentence("{value} harus yes atau no.", value=text[:40]))
    return _TRUTH[text]


def _channels(text: str) -> tuple[str, ...]:
    found = _listed(text)
    for channel in found:
        if channel not in CHANNELS:
            raise Refused(Sentence("{value} harus salah satu dari {words}.", value=channel[:40], words=", ".join(CHANNELS)))
    return tuple(found)


def _ask(line: str) -> Ask:
    """`label | kind | required sensitive | one / two | hint`, the last ones as far as they are needed."""
    label, kind, marks, options, hint = ([part.strip() for part in line.split("|")] + [""] * 5)[:5]
    unread = set(marks.split()) - {"required", "sensitive"}
    if line.count("|") > 4 or unread:
        raise Refused(Sentence("{value} tidak dapat dibaca. Contoh: Nama usaha | text | required.", value=line[:80]))
    listed = tuple(part.strip() for part in options.split(" / ") if part.strip()) if kind == CHOICE else ()
    return Ask(label, kind or standards.TEXT, hint, listed, "required" in marks.split(), "sensitive" in marks.split())


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]


def _offices(text: str) -> list[tuple[str, bool]]:
    """Slugs, each with whether the office gives the service: an exclamation mark before one says that it does not."""
    return [(part.removeprefix("!").strip(), not part.startswith("!")) for part in _listed(text)]


def _row(slug: str, its: Standard) -> tuple[str, ...]:
    offices = "; ".join([*its.offices, *(f"!{each}" for each in its.excepted)])
    days = "" if its.working_days is None else str(its.working_days)
    return (slug, its.name, its.summary, its.product, needs_as_text(its.needs), its.procedure, days, its.cost, its.legal_basis, its.complaints,
            "; ".join(its.kinds), offices, "; ".join(its.channels), its.why_not_remote, "yes" if its.asks_nik else "no",
            "\n".join(_question(each) for each in its.asks))  # fmt: skip


def _question(ask: Ask) -> str:
    marks = " ".join([*["required"] * ask.is_required, *["sensitive"] * ask.is_sensitive])
    parts = [ask.label, ask.kind, marks, " / ".join(ask.options), ask.hint]
    while not parts[-1]:
        parts.pop()
    return " | ".join(parts)
