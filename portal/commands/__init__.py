"""What an administrator runs in the terminal."""

from flask import Flask


def start(app: Flask) -> None:
    """Hang every command on `flask`."""
    from portal.commands import delivery, demo, imports, installation, people, serving

    for command in (*installation.COMMANDS, *imports.COMMANDS, *demo.COMMANDS, *people.COMMANDS, *delivery.COMMANDS, *serving.COMMANDS):
        app.cli.add_command(command)
