"""Accounts and the audit trail from the terminal."""

import secrets
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal import audit, clock, continuity
from portal.attendance import leave_import
from portal.commands.imports import dry_run, file_argument, take_file
from portal.db import transaction
from portal.offices import people_import, postings
from portal.people import accounts, roles
from portal.people.models import Person
from portal.refusals import Refused

_BY = "flask user"


@click.group("user")
def user_group() -> None:
    """Accounts."""


@user_group.command()
@click.argument("identifier")
@click.argument("name")
@click.option("--email", default="")
@click.option("--role", "granted", multiple=True, type=click.Choice(roles.GRANTED), help="A role everywhere; may be given several times.")
@with_appcontext
def create(identifier: str, name: str, email: str, granted: tuple[str, ...]) -> None:
    """Make an account for IDENTIFIER (a NIP) and NAME, and show its first password once."""
    password = secrets.token_urlsafe(12)
    try:
        with transaction():
            person = accounts.create(identifier, name, email=email, by=_BY, now=clock.now())
            accounts.set_password(person, password, by=_BY, now=clock.now())
            for role in granted:
                postings.grant(person, role, None, by=_BY, now=clock.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal.sentence)) from None
    doubt = accounts.doubt_about(person.identifier)
    click.echo(f"{person.identifier}: password {password}" + (f"\nwarning: {doubt}" if doubt else ""))


@user_group.command()
@click.argument("identifier")
@click.password_option()
@with_appcontext
def password(identifier: str, password: str) -> None:
    """Set the password of IDENTIFIER and sign out its devices."""
    try:
        accounts.set_password(_person(identifier), password, by=_BY, now=clock.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal.sentence)) from None
    click.echo("password set")


@user_group.command()
@click.argument("identifier")
@with_appcontext
def revoke(identifier: str) -> None:
    """Close the account of IDENTIFIER; what its person did stays."""
    try:
        continuity.end_account(_person(identifier), by=_BY, now=clock.now())
    except Refused as refusal:
        raise click.ClickException(str(refusal.sentence)) from None
    click.echo("closed")


@click.group("people")
def people_group() -> None:
    """People by the thousand."""


@people_group.command("import")
@file_argument
@dry_run
@with_appcontext
def import_people(file: Path, dry_run: bool) -> None:
    """Take over people from FILE (nip,name,email,office,position,supervisor_nip,roles,starts)."""
    take_file(continuity.take_people, file, people_import.COLUMNS, dry_run=dry_run, by="flask people import",
              now=clock.now().astimezone(current_app.config["SETTINGS"].zone))  # fmt: skip


@click.group("leave")
def leave_group() -> None:
    """Days on which people are away."""


@leave_group.command("import")
@file_argument
@dry_run
@with_appcontext
def import_leave(file: Path, dry_run: bool) -> None:
    """Take over leave from FILE (nip,kind,first_day,last_day; kind is annual, sick or field)."""
    take_file(leave_import.take_leave, file, leave_import.COLUMNS, dry_run=dry_run, by="flask leave import", now=clock.now())


@click.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command()
@with_appcontext
def verify() -> None:
    """Check that the trail is whole; name what is broken, the first row first."""
    audit.seal(now=clock.now())
    found = list(audit.broken())
    for wrong in found:
        click.echo(wrong, err=True)
    if found:
        raise click.ClickException(f"the trail is broken in {len(found)} places")
    click.echo(f"whole: {audit.AuditEntry.select().count()} entries, last seal {audit.head()}")


def _person(identifier: str) -> Person:
    person = Person.get_or_none(Person.identifier == accounts.checked_identifier(identifier))
    if person is None:
        raise click.ClickException(f"there is no account {identifier}")
    return person


COMMANDS = (user_group, people_group, audit_group, leave_group)
