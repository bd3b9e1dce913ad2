"""The rows of services and of what people ask for: requests with their events and files, appointments, drop boxes, letters by e-mail, opinions."""

from peewee import BooleanField, ForeignKeyField, IntegerField, JSONField, TextField

from portal.db import Day, Moment, Table
from portal.files import Attachment
from portal.offices.models import Closure, ClosureEvent, DropBox, Office
from portal.people.models import Person

COUNTER, ONLINE, DROPBOX, EMAIL = "counter", "online", "dropbox", "email"
CHANNELS = (COUNTER, ONLINE, DROPBOX, EMAIL)
RECEIVED, IN_PROGRESS, WAITING, READY = "received", "in_progress", "waiting", "ready"
DONE, REFUSED, CANCELLED = "done", "refused", "cancelled"
OPEN = (RECEIVED, IN_PROGRESS, WAITING, READY)  # still somebody's work, the office's or the citizen's
CLOSED = (DONE, REFUSED, CANCELLED)
WEB, PHONE, DOOR, PAPER, MAIL = "web", "phone", "door", "paper", "mail"  # how a request came in; its channel may change later, this never does
BOOKED, ARRIVED, MISSED, CALLED_OFF, MOVED = "booked", "arrived", "missed", "called_off", "moved"
DISPLACED = "displaced"  # of an appointment that a closure made impossible
ELEMENTS = ("requirements", "procedure", "time", "cost", "product", "competence", "conduct", "complaints", "facilities")  # PermenPANRB 14/2017


class Service(Table):
    """An entry of the catalogue with its standard of service (UU 25/2009, article 21)."""

    slug = TextField(unique=True)
    name = TextField(index=True)
    summary = TextField(default="")
    product = TextField(default="")  # what one leaves with
    procedure = TextField(default="")  # a step a line
    working_days = IntegerField(null=True)  # none: no promise is made
    cost = TextField(default="")
    legal_basis = TextField(default="")
    complaints = TextField(default="")  # whom to tell what went wrong
    kinds = JSONField(default=list)  # kinds of offices that give it
    channels = JSONField(default=list)
    why_not_remote = TextField(default="")  # where a channel is missing: what cannot be done without coming
    asks_nik = BooleanField(default=False)
    ended_at = Moment(null=True)


class Requirement(Table):
    """One thing to bring or to attach; whether the original or a copy is asked for."""

    service = ForeignKeyField(Service, backref="+")
    place = IntegerField()
    text = TextField()
    form = TextField(default="copy")  # original, copy, either, none (something to know or to say, no paper)


class Particular(Table):
    """One more thing that the form of a service asks."""

    service = ForeignKeyField(Service, backref="+")
    place = IntegerField()
    label = TextField()
    hint = TextField(default="")
    kind = TextField(default="text")  # text, long_text, date, number, choice
    options = JSONField(default=list)
    is_required = BooleanField(default=False)
    is_sensitive = BooleanField(default=False)  # sealed in the database, masked on the screen
    ended_at = Moment(null=True)


class ServiceOffice(Table):
    """One office that gives a service, or does not give it although its kind does."""

    service = ForeignKeyField(Service, backref="+")
    office = ForeignKeyField(Office, backref="+")
    is_given = BooleanField(default=True)

    class Meta:
        indexes = ((("service", "office"), True),)


class ServiceRequest(Table):
    """One citizen's case. Its number and its history stay, whatever happens to channel and office."""

    number = TextField(unique=True)
    submission_key = TextField(unique=True, null=True)
    service = ForeignKeyField(Service, backref="+")
    office = ForeignKeyField(Office, backref="+")
    channel = TextField()
    origin = TextField(default=WEB)
    state = TextField(default=RECEIVED)
    revision = IntegerField(default=0)  # what a page has seen
    name = TextField()
    phone = TextField(default="")
    email = TextField(default="")
    language = TextField(default="id")
    nik = TextField(null=True)  # sealed
    nik_mark = TextField(null=True, index=True)  # its fingerprint, to find it again
    description = TextField(default="")
    answers = JSONField(default=dict)  # by particular: a text, or {"sealed": …}
    filed_by = ForeignKeyField(Person, null=True, backref="+")
    created_at = Moment(index=True)
    working_days = IntegerField(null=True)  # as the standard promised when it was asked; none: no promise
    clock_from = Moment(null=True)  # from when the working days count; none: the paper has not arrived, the person has not come
    due_on = Day(null=True)  # the last day on time, kept so that lists can be sorted; deadlines.recount keeps it true
    assignee = ForeignKeyField(Person, null=True, backref="+")
    news_at = Moment(null=True)  # the citizen said something that no officer has answered or seen to
    pickup_place = TextField(default="")  # where the result waits, in words with its hours
    closed_at = Moment(null=True, index=True)
    surveyed_at = Moment(null=True)
    redacted_at = Moment(null=True)  # the personal data are gone, the case stays

    class Meta:
        indexes = ((("office", "state", "due_on"), False), (("service", "closed_at"), False))


class RequestEvent(Table):
    """One thing that happened to a request, in order; internal ones are for officers alone."""

    request = ForeignKeyField(ServiceRequest, backref="+")
    at = Moment()
    what = TextField()
    by = TextField(default="")  # empty: the citizen
    by_id = IntegerField(null=True)
    text = TextField(default="")
    facts = JSONField(default=dict)
    is_internal = BooleanField(default=False)


class RequestFile(Table):
    """A file of a request: sent by the citizen, added by an officer, or its result."""

    request = ForeignKeyField(ServiceRequest, backref="+")
    event = ForeignKeyField(RequestEvent, null=True, backref="+")
    attachment = ForeignKeyField(Attachment, backref="+")
    is_result = BooleanField(default=False)
    is_internal = BooleanField(default=False)


class Pause(Table):
    """A time in which a request waits for its citizen: the working days do not count."""

    request = ForeignKeyField(ServiceRequest, backref="+")
    since = Moment()
    until = Moment(null=True)


class RequestDraft(Table):
    """What a visitor has typed and not sent yet; it belongs to one browser's session and is sealed."""

    key = TextField(unique=True)  # the fingerprint of the browser's token with service and office
    typed = TextField()  # sealed
    saved_at = Moment(index=True)


class Appointment(Table):
    """A slot at a counter. While it is held its seat is a number, and no two have the same; given up, the seat is empty and free for others."""

    request = ForeignKeyField(ServiceRequest, backref="+")
    office = ForeignKeyField(Office, backref="+")
    starts_at = Moment(index=True)
    ends_at = Moment()
    seat = IntegerField(null=True)
    state = TextField(default=BOOKED)
    booked_at = Moment()
    ended_at = Moment(null=True)

    class Meta:
        indexes = ((("office", "starts_at", "seat"), True),)


class ClosureEffect(Table):
    """What one act on a closure changed for one request; each is told once, by the letter of this key."""

    closure = ForeignKeyField(Closure, backref="+")
    event = ForeignKeyField(ClosureEvent, backref="+")
    request = ForeignKeyField(ServiceRequest, backref="+")
    at = Moment()
    facts = JSONField()  # slot, office, channel, pickup, box, due, earlier: what was and what is now
    letter_key = TextField(default="", index=True)  # empty: nobody can be told
    revision = IntegerField()  # of the request afterwards; as long as it is the same, nobody has touched the request since

    class Meta:
        indexes = ((("event", "request"), True),)


class SlotOffer(Table):
    """A slot that is held for somebody who lost the chosen one to a closure, until it is answered; without an answer it stays held."""

    request = ForeignKeyField(ServiceRequest, backref="+")
    closure = ForeignKeyField(Closure, backref="+")
    lost = ForeignKeyField(Appointment, backref="+")  # the one that the citizen had chosen
    held = ForeignKeyField(Appointment, null=True, backref="+")  # none: no time is known yet, or the request goes on by another channel
    office_before = ForeignKeyField(Office, backref="+")
    channel_before = TextField()
    made_at = Moment()
    answer = TextField(default="")  # empty: not yet; accepted, chosen, switched, restored, replaced, over
    answered_at = Moment(null=True)

    class Meta:
        indexes = ((("closure", "answer"), False), (("request", "answer"), False))


class BoxService(Table):
    """A service whose letters a drop box takes; a box without any takes all of its office."""

    box = ForeignKeyField(DropBox, backref="+")
    service = ForeignKeyField(Service, backref="+")

    class Meta:
        indexes = ((("box", "service"), True),)


class BoxPickup(Table):
    """A drop box was opened: when, by which two, and how many letters were in it."""

    box = ForeignKeyField(DropBox, backref="+")
    at = Moment()
    first_name = TextField()
    second_name = TextField()
    letters = IntegerField()
    quarantined_until = Moment(null=True)  # nobody opens the letters before
    noted_at = Moment()
    noted_by = ForeignKeyField(Person, backref="+")


class BoxItem(Table):
    """A letter out of a drop box and the request that it is."""

    pickup = ForeignKeyField(BoxPickup, backref="+")
    request = ForeignKeyField(ServiceRequest, backref="+")
    was_announced = BooleanField(default=True)  # the citizen had registered it; otherwise it was registered on the spot
    note = TextField(default="")
    handled_at = Moment(null=True)

    class Meta:
        indexes = ((("pickup", "request"), True),)


class InboundLetter(Table):
    """A letter that came by e-mail, and what became of it; the same Message-ID is taken once."""

    message_id = TextField(unique=True)
    received_at = Moment()
    sender = TextField(default="")
    subject = TextField(default="")
    outcome = TextField()  # request, reply, ignored, refused
    detail = TextField(default="")
    request = ForeignKeyField(ServiceRequest, null=True, backref="+")


class CannedAnswer(Table):
    """A sentence that officers send often."""

    title = TextField()
    text = TextField()
    use = TextField(default="message")  # message, ask, ready, done, refuse
    office = ForeignKeyField(Office, null=True, backref="+")  # and all below; none: everywhere
    ended_at = Moment(null=True)


class Opinion(Table):
    """One citizen's answer to the survey: nine elements from 1 to 4. It names no request, so that nobody can be found behind it."""

    office = ForeignKeyField(Office, backref="+")
    service = ForeignKeyField(Service, backref="+")
    month = Day(index=True)  # the first of the month: the day would lead back to the case
    requirements = IntegerField()
    procedure = IntegerField()
    time = IntegerField()
    cost = IntegerField()
    product = IntegerField()
    competence = IntegerField()
    conduct = IntegerField()
    complaints = IntegerField()
    facilities = IntegerField()
    comment = TextField(default="")
