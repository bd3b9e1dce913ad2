"""CSV from the browser: uploaded, shown what it would change, then taken or left; nothing is kept before one says so."""

import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, session, url_for

from portal import clock, continuity
from portal.attendance import leave_import
from portal.kinerja import activity_type_import, target_import
from portal.offices import imports, people_import, published
from portal.offices.imports import Outcome
from portal.refusals import Refused
from portal.services import catalogue_import
from portal.sheets import Line, Problem, Problems, read
from portal.views.access import allow, me, needs_password
from portal.views.forms import Form
from portal.views.language import zone_now
from portal.words import Sentence, later

bp = Blueprint("admin_imports", __name__, url_prefix="/admin/impor")
_LARGEST, _KEPT_FOR, _MOST_SHOWN, _FIRST_ROWS = 20_000_000, 3600, 100, 5


@dataclass(frozen=True)
class Kind:
    """One sort of file: its columns, the verb that takes it, and what the verb is told besides."""

    title: str
    columns: tuple[str, ...]
    take: Callable[..., Outcome]
    facts: dict[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] | None = None


def kinds() -> dict[str, Kind]:
    """The sorts of files that are taken here."""
    zone = {"default_zone": current_app.config["SETTINGS"].timezone}
    return {
        "offices": Kind(later("Kantor"), imports.OFFICE_COLUMNS, imports.take_offices, zone),
        "people": Kind(later("Orang"), people_import.COLUMNS, continuity.take_people),
        "leave": Kind(later("Cuti dan ketidakhadiran"), leave_import.COLUMNS, leave_import.take_leave),
        "activity-types": Kind(later("Jenis kegiatan"), activity_type_import.COLUMNS, activity_type_import.take_activity_types),
        "targets": Kind(later("Rencana hasil kerja"), target_import.COLUMNS, target_import.take_targets),
        "services": Kind(later("Layanan"), catalogue_import.COLUMNS, catalogue_import.take_services, required=catalogue_import.REQUIRED),
        "closures": Kind(later("Penutupan yang sudah diumumkan"), published.COLUMNS, continuity.take_closures, {**zone, "create_offices": False}),
        "regions": Kind(later("Wilayah"), imports.REGION_COLUMNS, imports.take_regions, {"with_offices": False}),
    }


@bp.url_value_preprocessor
def _allow_large_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Files of thousands of lines pass, from browsers that have signed in; the guard sees to the rest."""
    if "_user_id" in session:
        request.max_content_length = _LARGEST


@bp.get("")
@allow("administer")
def overview() -> str:
    return render_template("admin/imports.html", kinds=kinds())


@bp.route("/<kind>", methods=["GET", "POST"])
@allow("administer")
def upload(kind: str) -> Any:
    chosen = _kind(kind)
    if (first := needs_password()) is not None:  # a file gives roles, and the addresses to which links for new passwords go
        return first
    if request.method != "POST":
        return _page("admin/import.html", kind, form=Form())
    sweep(now=me().now)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _page("admin/import.html", kind, 422, form=Form().refuse(Refused(Sentence("Pilih berkasnya dulu."), field="file")))
    token = secrets.token_urlsafe(24)
    path = _path(token)
    sent.save(path)
    os.utime(path, (me().now.timestamp(),) * 2)
    answer = _preview(kind, chosen, path, token)
    if answer.status_code != 200:
        path.unlink()
    return answer


@bp.post("/<kind>/<token>")
@allow("administer")
def confirm(kind: str, token: str) -> Any:
    """Take the file that was shown; what changed meanwhile is looked at again."""
    chosen, path = _kind(kind), _path(token)
    if not path.exists() or _is_old(path, me().now):
        gone = Refused(Sentence("Berkas ini sudah dipakai atau disimpan lebih dari satu jam. Unggah sekali lagi."), field="file")
        return _page("admin/import.html", kind, 422, form=Form().refuse(gone))
    if (first := needs_password()) is not None:
        return first
    try:
        outcome = _run(chosen, path, is_dry=False)
    except Problems as found:
        return _refused(kind, found.problems)
    finally:
        path.unlink(missing_ok=True)
    return redirect(url_for(".done", kind=kind, baru=outcome.added, ubah=outcome.changed, sama=outcome.same), 303)


@bp.get("/<kind>/selesai")
@allow("administer")
def done(kind: str) -> Response:
    counts = {name: request.args.get(name, 0, type=int) for name in ("baru", "ubah", "sama")}
    return _page("admin/import_done.html", kind, counts=counts)


def _preview(kind: str, chosen: Kind, path: Path, token: str) -> Response:
    try:
        lines = _lines(chosen, path)
        outcome = _run(chosen, path, is_dry=True, lines=lines)
    except Problems as found:
        return _refused(kind, found.problems)
    return _page("admin/import_preview.html", kind, outcome=outcome, token=token, rows=lines[:_FIRST_ROWS], count=len(lines), most=_MOST_SHOWN)


def _run(chosen: Kind, path: Path, *, is_dry: bool, lines: list[Line] | None = None) -> Outcome:
    facts = {**chosen.facts, "by": me().actor, "now": zone_now(clock.now())}  # a posting without a day begins on this local one
    return imports.run(chosen.take, lines if lines is not None else _lines(chosen, path), is_dry=is_dry, progress=lambda done, total: None, **facts)


def _lines(chosen: Kind, path: Path) -> list[Line]:
    required = chosen.columns if chosen.required is None else chosen.required
    return read(path, required=required, optional=[name for name in chosen.columns if name not in required])


def _refused(kind: str, problems: list[Problem]) -> Response:
    ordered = sorted(problems, key=lambda each: each.line)
    return _page("admin/import.html", kind, 422, form=Form(), problems=ordered[:_MOST_SHOWN], count=len(problems))


def _page(template: str, kind: str, status: int = 200, **facts: Any) -> Response:
    return Response(render_template(template, kind=kind, chosen=_kind(kind), **facts), status)


def _kind(name: str) -> Kind:
    found = kinds().get(name)
    return found if found is not None else abort(404)


def _path(token: str) -> Path:
    """Where the file of a token waits; the one who sent it is in its name, so that nobody confirms another's."""
    if not re.fullmatch(r"[\w-]{20,60}", token, re.ASCII):
        abort(404)
    folder: Path = current_app.config["SETTINGS"].instance / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{me().person.id}-{token}.csv"


def sweep(*, now: datetime) -> None:
    """Files that nobody confirmed within an hour go, also where nobody sends another: the worker sees to it."""
    for path in (current_app.config["SETTINGS"].instance / "imports").glob("*.csv"):
        with suppress(FileNotFoundError):  # somebody else was faster
            if _is_old(path, now):
                path.unlink()


def _is_old(path: Path, now: datetime) -> bool:
    return path.stat().st_mtime < now.timestamp() - _KEPT_FOR
