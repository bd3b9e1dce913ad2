"""Who may do what: one table, read from top to bottom. What belongs to whom (my log, my office) is asked beside the object."""

EMPLOYEE, SUPERVISOR, OFFICER, HEAD, CRISIS = "employee", "supervisor", "officer", "head", "crisis"
PPK, GUARD, ADMIN, AUDITOR = "ppk", "guard", "admin", "auditor"
ROLES = (EMPLOYEE, SUPERVISOR, OFFICER, HEAD, CRISIS, PPK, GUARD, ADMIN, AUDITOR)
GRANTED = (OFFICER, HEAD, CRISIS, PPK, GUARD, ADMIN, AUDITOR)  # an employee has a posting, a supervisor people: nobody grants those
EVERYWHERE = (CRISIS, PPK, ADMIN, AUDITOR)  # never over one office: what they do concerns all

SIGNED_IN = "signed_in"  # every account, whatever its role

ACTS: dict[str, tuple[str, ...]] = {
    "own_account": (SIGNED_IN,),
    "propose_supervisor": (EMPLOYEE,),
    "log_work": (EMPLOYEE, SUPERVISOR, OFFICER, HEAD, CRISIS, PPK, GUARD, ADMIN),
    "validate_work": (SUPERVISOR,),
    "see_unit_work": (HEAD, ADMIN),  # heads: of their own offices; the month's sums, and its closing
    "serve_requests": (OFFICER, HEAD, ADMIN),  # of one's own offices and all below them
    "see_closures": (OFFICER, HEAD, CRISIS, PPK, ADMIN, AUDITOR),
    "close_office": (HEAD, ADMIN),
    "override_minimum": (HEAD, ADMIN),  # below the minimum duration of a closure, with a written reason
    "call_people": (OFFICER, HEAD, ADMIN),
    "see_letters": (ADMIN, AUDITOR),
    "resend_letters": (ADMIN,),
    "administer": (ADMIN,),
    "read_audit": (ADMIN, AUDITOR),
}


def acts_of(roles: set[str] | frozenset[str]) -> frozenset[str]:
    """All acts that any of these roles may do."""
    held = {*roles, SIGNED_IN}
    return frozenset(act for act, who in ACTS.items() if held.intersection(who))
