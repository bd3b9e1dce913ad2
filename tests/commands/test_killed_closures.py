"""A process is killed while it closes offices: afterwards all of it has happened or nothing, and all letters follow; the trial does it fifty times."""

from tests.trials import crashing


def test_a_closure_whose_process_is_killed_has_happened_whole_or_not_at_all(ready, installation):
    assert "killed 3 times" in crashing.trial(installation, people=60, kills=3)
