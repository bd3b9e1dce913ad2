"""The audit trail: searched and taken along; reading it is an act, too."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from portal import audit, clock
from portal.audit import AuditEntry
from portal.clock import midnight
from portal.views import asked
from portal.views.access import allow, me
from portal.views.sheets import guarded

bp = Blueprint("audit", __name__, url_prefix="/admin/audit")
PAGE = 50
COLUMNS = ("id", "at", "act", "actor", "actor_id", "acting_for_id", "address", "kind", "object_id", "label", "before", "after")


@bp.get("")
@allow("read_audit")
def overview() -> str:
    audit.record("audit_read", "audit", "", by=me().actor, now=clock.now(), after=_asked())
    found, number = _found(), asked.page("hal")
    rows = list(found.order_by(AuditEntry.id.desc()).offset((number - 1) * PAGE).limit(PAGE + 1))
    acts = [act for (act,) in AuditEntry.select(AuditEntry.act).distinct().order_by(AuditEntry.act).tuples()]
    return render_template("audit/overview.html", rows=rows[:PAGE], number=number, has_more=len(rows) > PAGE, acts=acts,
                           zone=current_app.config["SETTINGS"].zone)  # fmt: skip


@bp.get("/ekspor.csv")
@allow("read_audit")
def export() -> Response:
    """All that was found, row by row; that somebody took it along is recorded first."""
    audit.record("audit_exported", "audit", "", by=me().actor, now=clock.now(), after=_asked())
    return Response(_lines(_found().order_by(AuditEntry.id)), mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=jejak-audit.csv"})


def _asked() -> dict[str, str]:
    """What somebody looked for."""
    return {field: asked.text(field) for field in ("q", "act", "dari", "sampai") if asked.text(field)}


def _found() -> Any:
    """Entries by words, act and days."""
    where = AuditEntry.id.is_null(False)
    text, act = asked.text("q"), asked.text("act")
    if text:
        where &= AuditEntry.actor.contains(text) | AuditEntry.label.contains(text) | (AuditEntry.object_id == text)
    if act:
        where &= AuditEntry.act == act
    for field, add in (("dari", 0), ("sampai", 1)):
        day = _day(request.args.get(field, ""))
        if day is not None:
            moment = midnight(day + timedelta(days=add), current_app.config["SETTINGS"].zone)
            where &= (AuditEntry.at >= moment) if field == "dari" else (AuditEntry.at < moment)
    return AuditEntry.select().where(where)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _lines(found: Any) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\r\n"
    for entry in found.iterator():
        out = io.StringIO()
        values = [getattr(entry, name) for name in COLUMNS]
        csv.writer(out).writerow([guarded(_cell(value)) for value in values])
        yield out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, datetime) else str(value)
