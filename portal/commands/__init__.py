"""What an administrator runs in the terminal."""

from flask import Flask


def start(app: Flask) -> None:
    """Hang every command on `flask`."""
    from portal.commands import demo, imports, installation, serving

    for command in (*installation.COMMANDS, *imports.COMMANDS, *demo.COMMANDS, *serving.COMMANDS):
        app.cli.add_command(command)
