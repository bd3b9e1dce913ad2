"""What an administrator runs in the terminal."""

from functools import wraps
from typing import Any

import click
from flask import Flask
from peewee import PeeweeException


def start(app: Flask) -> None:
    """Hang every command on `flask`."""
    from portal.commands import delivery, demo, imports, installation, keys, people, serving

    for command in (*installation.COMMANDS, *imports.COMMANDS, *demo.COMMANDS, *people.COMMANDS, *delivery.COMMANDS, *keys.COMMANDS, *serving.COMMANDS):
        app.cli.add_command(_plainly(command))


def _plainly(command: Any) -> Any:
    """The command, which says in one line that the database is missing or out of date."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _plainly(each)
        return command
    act = command.callback

    @wraps(act)
    def plain(*arguments: Any, **options: Any) -> Any:
        try:
            return act(*arguments, **options)
        except PeeweeException as error:
            raise click.ClickException(f"The database does not answer as it should; has `flask init` run? ({str(error).splitlines()[0]})") from None

    command.callback = plain
    return command
