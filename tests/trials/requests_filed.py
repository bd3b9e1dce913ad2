"""Six hundred citizens file a request while the server is killed forty times: none that was answered is lost, none is there twice or in part."""

import time

import click

from tests.trials.filing import Filing


def test_no_accepted_request_is_lost_over_forty_kills(ready, installation):
    crowd, begun = Filing(installation, people=600), time.monotonic()
    crowd.burst(kills=40)
    click.echo(f"\n{crowd.verdict()}; {time.monotonic() - begun:.0f} s")
