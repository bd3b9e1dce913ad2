"""Regions, offices, closures and what e-kinerja begins with, from CSV files."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import clock, continuity
from portal.kinerja import activity_type_import, target_import
from portal.offices import imports, published
from portal.services import catalogue_import
from portal.sheets import Line, Problem, Problems, read

_MOST_SHOWN = 50
file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
dry_run = click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")


@click.group("regions")
def regions_group() -> None:
    """Administrative areas."""


@click.group("offices")
def offices_group() -> None:
    """Offices."""


@click.group("closures")
def closures_group() -> None:
    """Closures."""


@click.group("activity-types")
def activity_types_group() -> None:
    """Activity types of e-kinerja."""


@click.group("targets")
def targets_group() -> None:
    """Targets of people's years."""


@click.group("services")
def services_group() -> None:
    """Services of the catalogue."""


@regions_group.command("import")
@file_argument
@click.option("--offices", is_flag=True, help="Make an office for each kecamatan, kelurahan and desa.")
@dry_run
@with_appcontext
def regions(file: Path, offices: bool, dry_run: bool) -> None:
    """Take over regions from FILE (code,parent_code,level,name,lat,lon)."""
    take_file(imports.take_regions, file, imports.REGION_COLUMNS, dry_run=dry_run, with_offices=offices, by="flask regions import", now=clock.now())


@offices_group.command("import")
@file_argument
@dry_run
@with_appcontext
def offices(file: Path, dry_run: bool) -> None:
    """Take over offices from FILE (slug, name, kind, parent, region, address, lat, lon, timezone, hours, phone, email, headcount, desks)."""
    take_file(imports.take_offices, file, imports.OFFICE_COLUMNS, dry_run=dry_run, default_zone=current_app.config["SETTINGS"].timezone,
          by="flask offices import", now=clock.now())  # fmt: skip


@closures_group.command("import")
@file_argument
@click.option("--create-offices", is_flag=True, help="Make offices that are not known, with default hours and zone.")
@dry_run
@with_appcontext
def closures(file: Path, create_offices: bool, dry_run: bool) -> None:
    """Take over closures from FILE as facts (case,office,scope,starts,ends,reopens,reason,online,dropbox,diversion,note,source)."""
    take_file(continuity.take_closures, file, published.COLUMNS, dry_run=dry_run, create_offices=create_offices,
          default_zone=current_app.config["SETTINGS"].timezone, by="flask closures import", now=clock.now())  # fmt: skip


@activity_types_group.command("import")
@file_argument
@dry_run
@with_appcontext
def activity_types(file: Path, dry_run: bool) -> None:
    """Take over activity types from FILE (code,name,unit,minutes,needs_evidence; needs_evidence is yes or no)."""
    take_file(activity_type_import.take_activity_types, file, activity_type_import.COLUMNS, dry_run=dry_run, by="flask activity-types import", now=clock.now())


@targets_group.command("import")
@file_argument
@dry_run
@with_appcontext
def targets(file: Path, dry_run: bool) -> None:
    """Take over targets from FILE (nip,year,title,indicator,amount,unit,state; state is draft or agreed)."""
    take_file(target_import.take_targets, file, target_import.COLUMNS, dry_run=dry_run, by="flask targets import", now=clock.now())


@services_group.command("import")
@file_argument
@dry_run
@with_appcontext
def services(file: Path, dry_run: bool) -> None:
    """Take over services from FILE (the columns of the catalogue's CSV; requirements and steps one a line within their cell)."""
    take_file(catalogue_import.take_services, file, catalogue_import.REQUIRED, catalogue_import.COLUMNS, dry_run=dry_run, by="flask services import",
              now=clock.now())  # fmt: skip


def take_file(
    take: Callable[..., imports.Outcome], file: Path, columns: tuple[str, ...], optional: tuple[str, ...] = (), *, dry_run: bool, **facts: Any
) -> None:
    """Take a file over, or say line by line what is wrong with it."""
    try:
        lines = read(file, required=columns, optional=optional)
        outcome = imports.run(take, lines, is_dry=dry_run, progress=_progress(lines), **facts)
    except Problems as found:
        _show(found.problems, "error")
        raise click.ClickException(f"{len(found.problems)} errors in {file.name}; nothing was changed.") from None
    _show(outcome.warnings, "warning")
    begun = "would be " if dry_run else ""
    click.echo(f"{file.name}: {begun}added {outcome.added}, changed {outcome.changed}, as before {outcome.same}")


def _progress(lines: list[Line]) -> imports.Progress:
    """A counter on a terminal; silence elsewhere."""
    if not sys.stderr.isatty():
        return lambda done, total: None

    def tell(done: int, total: int) -> None:
        if done % 100 == 0 or done + 1 == total:
            click.echo(f"\r{done + 1}/{total}", nl=done + 1 >= total, err=True)

    return tell


def _show(problems: list[Problem], kind: str) -> None:
    for problem in sorted(problems, key=lambda each: each.line)[:_MOST_SHOWN]:
        place = f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")
        click.echo(f"{kind}: {place}: {problem.sentence}", err=True)
    if len(problems) > _MOST_SHOWN:
        click.echo(f"… and {len(problems) - _MOST_SHOWN} more", err=True)


COMMANDS = (regions_group, offices_group, closures_group, activity_types_group, targets_group, services_group)
