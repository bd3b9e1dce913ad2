import pytest

from portal.people import roles


def test_every_act_names_roles_that_exist():
    assert {role for who in roles.ACTS.values() for role in who} <= {*roles.ROLES, roles.SIGNED_IN}
    assert set(roles.GRANTED) | {roles.EMPLOYEE, roles.SUPERVISOR} == set(roles.ROLES)
    assert set(roles.EVERYWHERE) <= set(roles.GRANTED)


def test_without_a_role_one_has_only_the_own_account():
    assert roles.acts_of(frozenset()) == {"own_account"}
    assert roles.acts_of({"a role that nobody knows"}) == {"own_account"}


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (roles.EMPLOYEE, "propose_supervisor", "see_closures"),
        (roles.SUPERVISOR, "own_account", "close_office"),
        (roles.OFFICER, "call_people", "close_office"),
        (roles.HEAD, "close_office", "administer"),
        (roles.CRISIS, "see_closures", "close_office"),
        (roles.PPK, "see_closures", "administer"),
        (roles.GUARD, "own_account", "see_closures"),
        (roles.ADMIN, "administer", "propose_supervisor"),
        (roles.AUDITOR, "read_audit", "administer"),
    ],
)
def test_a_role_may_its_acts_and_no_others(role: str, may: str, may_not: str):
    assert may in roles.acts_of({role})
    assert may_not not in roles.acts_of({role})


def test_who_holds_several_roles_may_what_any_of_them_may():
    assert roles.acts_of({roles.HEAD, roles.AUDITOR}) == roles.acts_of({roles.HEAD}) | roles.acts_of({roles.AUDITOR})
