"""Four thousand people submit their day while the server is killed a hundred times: no submission that was answered is lost, none counts twice."""

import time

import click

from tests.trials.submitting import Submitting


def test_no_accepted_submission_is_lost_over_a_hundred_kills(ready, installation):
    crowd, begun = Submitting(installation, people=4000), time.monotonic()
    crowd.burst(kills=100)
    click.echo(f"\n{crowd.verdict()}; {time.monotonic() - begun:.0f} s")
