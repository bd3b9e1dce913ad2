"""500 letters while workers are killed twenty times: none is lost, none comes a third time."""

import time

import click
import pytest

from tests.smtp_peer import Peer, running
from tests.trials import killing


@pytest.mark.parametrize("how", [killing.one_worker, killing.two_workers], ids=["one worker after the other", "two workers at once"])
def test_five_hundred_letters_survive_twenty_kills(ready, installation, how):
    peer, begun = Peer(), time.monotonic()
    with running(peer) as port:
        said = how(killing.Killing(installation, port, peer), letters=500, kills=20)
    click.echo(f"\n{installation.config['SETTINGS'].database_url.partition(':')[0]}: {said}; {time.monotonic() - begun:.0f} s")


def test_a_burst_of_letters_goes_out_over_one_connection(ready, installation):
    peer = Peer()
    with running(peer) as port:
        mine = killing.Killing(installation, port, peer)
        killing.promise(500)
        begun = time.monotonic()
        mine.finish()
        spent = time.monotonic() - begun
    assert peer.connections == 3  # one for each turn of 200
    click.echo(f"\n{mine.verdict()}; {500 / spent:.0f} letters a second")
