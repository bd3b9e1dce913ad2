"""The browser of the tests: Debian's chromium, quiet and alone."""

import os
import shutil

EXECUTABLE = shutil.which("chromium") or ""
_QUIET = ("--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
ARGUMENTS = [*_QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
