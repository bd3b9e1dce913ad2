"""Every route says beside its address who may open it."""

from portal.views.access import PUBLIC


def test_every_route_says_who_may_open_it(app):
    silent = [rule.rule for rule in app.url_map.iter_rules() if not getattr(app.view_functions[rule.endpoint], "allowed", None)]
    assert silent == []


def test_no_route_that_changes_something_is_public_but_those_named(app):
    writers = [
        rule.rule for rule in app.url_map.iter_rules() if rule.methods - {"GET", "HEAD", "OPTIONS"} and PUBLIC in app.view_functions[rule.endpoint].allowed
    ]
    assert writers == []
