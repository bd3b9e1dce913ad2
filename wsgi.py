"""The entry point of servers and of the `flask` command."""

import sys

from portal import create_app
from portal.settings import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Tetap Melayani: {error}")
