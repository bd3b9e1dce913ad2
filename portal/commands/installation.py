"""Setting up an installation: keys, folders, migrations, settings, holidays."""

import secrets
from datetime import date
from functools import reduce

import click
from flask import current_app
from flask.cli import with_appcontext
from peewee import OperationalError

from portal import clock, db, policies, settings
from portal.kinerja import rules as work_rules
from portal.offices import calendars, rules, search
from portal.services import rules as service_rules

FIRST_YEAR = 2020
_ESTIMATED = (" (perkiraan)", " (diperkirakan)")


@click.command()
@with_appcontext
def init() -> None:
    """Make keys, folders and tables, and load the national holidays; running it again changes nothing."""
    chosen = current_app.config["SETTINGS"]
    chosen.instance.mkdir(parents=True, exist_ok=True)
    key = chosen.instance / "secret.key"
    if not chosen.secret_key and not (key.exists() and key.read_text(encoding="ascii").strip()):
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48) + "\n", encoding="ascii")
        click.echo(f"made {key}")
    address = chosen.database_url.partition("@")[2] or chosen.database_url
    try:
        applied = db.migrate()
    except OperationalError as error:
        raise click.ClickException(f"The database {address} cannot be used: {str(error).strip().partition(chr(10))[0]}") from None
    for name in applied:
        click.echo(f"applied {name}")
    search.complete()  # a migration may have emptied the index
    policies.set_policy(policies.CLOSURE_REVIEW, {"days": 14}, name="Peninjauan penutupan tanpa tanggal selesai", legal_basis="Ketentuan bawaan portal",
                        first_day=date(2020, 1, 1), by="flask init", now=clock.now())  # fmt: skip
    policies.set_usual((*work_rules.USUAL, *service_rules.USUAL, *rules.USUAL), by="flask init", now=clock.now())
    changed = sum(_update_holidays(year) for year in range(FIRST_YEAR, _last_year() + 1) if not calendars.has_year(year))
    click.echo(f"ready: {address}" + (f", {changed} holidays" if changed else ""))


@click.command("settings")
def show_settings() -> None:
    """List every setting: its variable, its default, what it is for."""
    for name, default, says in settings.described():
        click.echo(f"{name:24} {says}" + (f" Default: {default}." if default else ""))


@click.group("holidays")
def holiday_group() -> None:
    """National holidays."""


@holiday_group.command()
@click.argument("year", type=click.IntRange(FIRST_YEAR, 2100))
@with_appcontext
def update(year: int) -> None:
    """Load the national holidays and joint leave of YEAR from the library; what an administrator changed stays."""
    if year > _last_year():
        raise click.ClickException(f"The library knows no holidays of {year} yet; it ends with {_last_year()}.")
    click.echo(f"{_update_holidays(year)} holidays added")


def _last_year() -> int:
    """The last year of which the library knows the holidays."""
    import holidays  # here alone: this module is read by every server, the library by nobody else

    return int(holidays.Indonesia.end_year)


def _update_holidays(year: int) -> int:
    import holidays

    found: list[calendars.Found] = []
    for category, is_joint in (("public", False), ("government", True)):
        known = holidays.country_holidays("ID", years=year, categories=(category,), language="id")
        for day, names in known.items():
            for name in names.split("; "):
                bare = reduce(str.removesuffix, _ESTIMATED, name).strip()
                bare = bare.replace("Pegangti", "Pengganti")  # the library's slip for 31 December 2020
                found.append(calendars.Found(day, bare, is_joint, is_estimated=name.endswith(_ESTIMATED)))
    return calendars.add_national(found, by="flask holidays", now=clock.now())


COMMANDS = (init, show_settings, holiday_group)
