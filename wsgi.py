"""The entry point of servers and of the `flask` command."""

import sys

from portal import create_app, fronted, settle
from portal.sealed import RingError
from portal.settings import SettingsError

try:
    app = fronted(create_app())
    settle()
except (SettingsError, RingError) as error:
    sys.exit(f"Tetap Melayani: {error}")
