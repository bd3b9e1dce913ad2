"""The rows of places, their hours, and their closures."""

from peewee import BooleanField, DoubleField, ForeignKeyField, IntegerField, JSONField, TextField

from portal.db import Day, Moment, Table


class Region(Table):
    """An administrative area, from province to kelurahan or desa; its code is dotted (31.71.01.1001) and names its parents."""

    code = TextField(primary_key=True)
    parent_code = TextField(null=True, index=True)
    level = TextField()
    name = TextField()
    lat = DoubleField(null=True)
    lon = DoubleField(null=True)


class Office(Table):
    """A node of a tree of places: complex, building, floor, unit or outlet; the tree says what contains what."""

    slug = TextField(unique=True)
    name = TextField(index=True)
    kind = TextField(default="")
    parent = ForeignKeyField("self", null=True, backref="+")
    root_id = IntegerField(null=True, index=True)  # the top of its tree, itself for a top: one query then reads whole trees
    region = ForeignKeyField(Region, null=True, backref="+", column_name="region_code")
    address = TextField(default="")
    lat = DoubleField(null=True, index=True)  # what lies near is looked for in a band of latitudes
    lon = DoubleField(null=True)
    timezone = TextField()
    hours = TextField()
    has_own_hours = BooleanField(default=True)  # otherwise they follow the node above, whenever those change
    phone = TextField(default="")
    email = TextField(default="")
    headcount = IntegerField(null=True)
    desks = IntegerField(null=True)


class DropBox(Table):
    """A box for letters at an office, with the hours in which one can reach it."""

    office = ForeignKeyField(Office, backref="+")
    place = TextField()
    hours = TextField(default="")
    ended_at = Moment(null=True)


class Holiday(Table):
    """A day on which offices are closed, everywhere or in one region."""

    day = Day(index=True)
    name = TextField()
    region = ForeignKeyField(Region, null=True, backref="+", column_name="region_code")
    is_joint_leave = BooleanField(default=False)
    is_estimated = BooleanField(default=False)
    is_cancelled = BooleanField(default=False)

    class Meta:
        indexes = ((("day", "name", "region"), True),)


class SpecialHours(Table):
    """Hours of an office and all below it on dated days; they come before week, holidays and policies. Empty hours: closed."""

    office = ForeignKeyField(Office, backref="+")
    first_day = Day()
    last_day = Day(index=True)
    hours = TextField(default="")
    note = TextField(default="")
    withdrawn_at = Moment(null=True)


class Closure(Table):
    """A dated window in which offices do not serve at the counter; what people did to it stands in its history."""

    reason = TextField()
    starts_at = Moment(index=True)
    ends_at = Moment(null=True, index=True)  # none: open end, then review_on says when it is looked at again
    timezone = TextField()  # in which its days were declared
    is_whole_days = BooleanField(default=True)
    review_on = Day(null=True)
    is_review_presumed = BooleanField(default=False)
    online = BooleanField(null=True)  # none: as on any day
    dropbox = BooleanField(null=True)
    note = TextField(default="")
    internal_note = TextField(default="")
    legal_basis = TextField(default="")
    cases_published = IntegerField(null=True)
    override_reason = TextField(default="")
    declared_at = Moment()
    withdrawn_at = Moment(null=True)
    import_key = TextField(null=True, unique=True)


class ClosureMark(Table):
    """A node that a closure takes with all below it, or excepts with all below it; the nearest mark above a node decides."""

    closure = ForeignKeyField(Closure, backref="+")
    office = ForeignKeyField(Office, backref="+")
    is_excepted = BooleanField(default=False)

    class Meta:
        indexes = ((("closure", "office"), True),)


class ClosureService(Table):
    """A service that a closure takes at its offices; without any it takes the offices whole. The name is the one it had when this was declared."""

    closure = ForeignKeyField(Closure, backref="+")
    service = TextField()
    name = TextField()

    class Meta:
        indexes = ((("closure", "service"), True),)


class Diversion(Table):
    """Who serves instead during a closure: an office, or a place or contact in words; for one service or for all."""

    closure = ForeignKeyField(Closure, backref="+")
    service = TextField(default="")  # empty: all
    office = ForeignKeyField(Office, null=True, backref="+")
    place = TextField(default="")
    first_day = Day(null=True)
    last_day = Day(null=True)


class ClosureEvent(Table):
    """What somebody did to a closure, when, and why."""

    closure = ForeignKeyField(Closure, backref="+")
    at = Moment(index=True)
    what = TextField()  # announced, recorded, extended, shortened, reopened, withdrawn
    by = TextField()
    reason = TextField(default="")
    ends_before = Moment(null=True)
    ends_after = Moment(null=True)


class BoardVersion(Table):
    """One row: the number that every act which the public may see raises in its own transaction, and one that only changes of offices and regions raise."""

    version = IntegerField(default=0)
    places = IntegerField(default=0)


class Subscriber(Table):
    """An address to which news of closures go, and the language in which its owner reads them."""

    email = TextField(unique=True)
    language = TextField(default="id")
    asked_at = Moment(null=True)  # the last letter that asked its owner to confirm: nobody is flooded with them


class Subscription(Table):
    """What a subscriber wants to be told of: an office, or a region and all below it. News go out while it is confirmed and has not ended."""

    subscriber = ForeignKeyField(Subscriber, backref="+")
    office = ForeignKeyField(Office, null=True, backref="+")
    region = ForeignKeyField(Region, null=True, backref="+", column_name="region_code")
    made_at = Moment()
    confirmed_at = Moment(null=True)
    ended_at = Moment(null=True)

    class Meta:
        indexes = ((("subscriber", "office"), True), (("subscriber", "region"), True))


class NewsRound(Table):
    """One telling of all subscribers: how far it has come, and when it was through."""

    made_at = Moment()
    reached = IntegerField(default=0)  # the subscriber up to whom letters are promised
    done_at = Moment(null=True, index=True)


class News(Table):
    """What a round tells of one closure, as it stood when the round was made; the letters of all subscribers point here."""

    round = ForeignKeyField(NewsRound, backref="+")
    closure = ForeignKeyField(Closure, backref="+")
    occasion = TextField()  # declared, longer, shorter, tomorrow, reopened, withdrawn
    facts = JSONField()

    class Meta:
        indexes = ((("round", "closure"), True),)


class NewsCause(Table):
    """An act on a closure, or a day of it, that a round has taken up; none is taken up twice."""

    round = ForeignKeyField(NewsRound, backref="+")
    event = ForeignKeyField(ClosureEvent, null=True, unique=True, backref="+")
    key = TextField(unique=True)
