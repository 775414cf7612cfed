"""What is asked about a wish to return: every other way first, then the wish, then the journey."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.kit.values import Money
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line
from app.tracks.child.bia_forms import CHILD_HEARD
from app.tracks.child.bid_forms import IN_WRITING, TOWARDS
from app.tracks.codes import COUNTRIES, LANGUAGES
from app.tracks.rules import Confirmed
from app.tracks.stay.reflection_forms import ADVICE

SVC, NAT, CHI, FAM, LOC = Category.SVC, Category.NAT, Category.CHI, Category.FAM, Category.LOC
GATE = _("departure waits for it")

ESCORTS = {
    "named": _("Somebody travels along"),
    "not_wanted": _("The person travels alone, and wishes it so"),
}
PAPERS = {
    "issued": _("A travel document was issued through this service"),
    "own": _("The person holds their own valid travel document"),
    "pending": _("Not yet there"),
}
CANCELLED_BY = {
    "person": _("The person"),
    "guardian": _("The guardian"),
    "nobody_left": _("It fell through: nobody’s decision"),
}
OUTCOMES = {
    "settled": _("Settled, with people to rely on"),
    "partly": _("Partly settled: help goes on there"),
    "moved_on": _("Moved on elsewhere"),
    "came_back": _("Came back here"),
    "no_contact": _("Could not be reached any more"),
}


class CounselOptions(Answers):
    """All ways were explained before a return is spoken of."""

    told_stay: Confirmed = asked(SVC, _("Ways to stay were explained"), widget="yes_no", minimal=True)
    told_asylum: Confirmed = asked(
        SVC, _("The right to ask for asylum was explained"), widget="yes_no", minimal=True
    )
    told_return: Confirmed = asked(
        SVC, _("What a return means, and what help there is, was explained"), widget="yes_no", minimal=True
    )
    told_revocable: Confirmed = asked(
        SVC, _("It was explained that the person can change their mind until the journey begins"), widget="yes_no",
        minimal=True,
    )  # fmt: skip
    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    interpreter: str | None = line(
        SVC, _("Interpreter"), help=_("Leave empty if there was none."), minimal=True
    )
    legal_advice: str = choice(
        Category.LEG,
        _("Was legal advice given?"),
        ADVICE,
        default=...,
        clear=_("consent to return comes after it"),
    )


class WishToReturn(Answers):
    """Where to, why, and in whose words."""

    country: str = choice(NAT, _("To which country?"), COUNTRIES, default=...)
    # Where she will be found.
    place: str = line(LOC, _("To which place?"), default=..., min_length=1, help=hints.NO_STREET)
    own_reasons: str = account(
        SVC, _("Why does the person wish it?"), default=..., min_length=1, help=hints.OWN_WORDS
    )
    consent: UUID | None = asked(
        Category.CNS,
        _("The consent to return"),
        default=None,
        widget="hidden",
        clear=_("departure rests on it"),
    )
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )
    child_heard: str | None = choice(CHI, _("Was the child heard?"), CHILD_HEARD, help=_("Only for a child."))
    childs_views: str | None = account(
        CHI, _("What does the child say?"), when=("child_heard", ("heard",)), help=hints.CHILDS_WORDS
    )


class StartAssessment(Answers):
    """Which safety assessment the return waits for."""

    assessment: UUID | None = asked(
        SVC, _("The safety assessment"), default=None, widget="hidden", clear=_("the return waits for it")
    )


class ApproveReturn(Answers):
    """What was weighed before it was approved."""

    same_place: Confirmed = asked(
        SVC,
        _("The lead worker confirms: the safety assessment is about this country and place"),
        widget="yes_no",
    )
    proceedings: str = account(
        Category.LEG, _("Proceedings here: what was considered, and how the person can still take part"), default=...,
        min_length=1,
        help=_("For instance: by video, through the lawyer, or not at all, as the person wishes."),
    )  # fmt: skip
    receiving_organisation: str = line(
        SVC, _("Who receives the person?"), default=..., min_length=1,
        help=_("The organisation, and somebody there to ask for. No private address."),
    )  # fmt: skip


class RefuseUnsafe(Answers):
    """Why it would not be safe."""

    reasons: str = account(
        SVC, _("Why is it not safe?"), default=..., min_length=1,
        help=_("The risks that remain, and why nothing lessens them enough."),
    )  # fmt: skip


class PrepareJourney(Answers):
    """How the person travels, with whom, with what, and who looks after them afterwards."""

    towards: str = choice(NAT, _("Who abroad is asked?"), TOWARDS, default=...)
    agreed_after_advice: str | None = choice(
        Category.CNS, _("Is there consent to ask the authorities of the country of origin?"), IN_WRITING,
        when=("towards", ("origin",)),
    )  # fmt: skip
    travel: str = account(
        SVC, _("How does the person travel?"), default=..., min_length=1,
        help=_("By what means, with which stops, and who meets the person."),
    )  # fmt: skip
    travel_document: str = choice(Category.DOC, _("Which travel document?"), PAPERS, default=..., clear=GATE)
    escort: str = choice(SVC, _("Does somebody travel along?"), ESCORTS, default=..., clear=GATE)
    escort_name: str | None = line(
        SVC, _("Who?"), when=("escort", ("named",)),
        help=_("Name and organisation. Only somebody whom the person wants."),
    )  # fmt: skip
    care_plan: str = account(
        Category.HEA, _("Care on the way: medicines, needs"), default=..., min_length=1,
        help=_("For instance: medicines for two weeks, a pause every two hours."),
    )  # fmt: skip
    money: Money | None = asked(
        SVC, _("Money for the first time"), default=None, widget="money",
        help=_("For travel, food and a telephone at first. For example, 200.50 EUR"),
    )  # fmt: skip
    pack_handed: Confirmed = asked(
        SVC, _("The person has a written list of who helps there, safe to carry"), widget="yes_no"
    )
    pack_language: str = choice(SVC, _("In which language is that list?"), LANGUAGES, default=...)
    monitoring: str = account(
        SVC, _("Who asks afterwards how the person is, and when?"), default=..., min_length=1,
        help=_("For instance: the partner calls after a week, a month and six months."),
    )  # fmt: skip
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )


class Depart(Answers):
    """The day, the way, and who went along; the rules are asked again at this moment."""

    departed_on: date = asked(SVC, _("Day of departure"), widget="date", clear=_("arrival is waited for"))
    route: str = account(
        LOC, _("The way taken"), default=..., min_length=1,
        help=_("Stop by stop, as it was travelled. No address at its end."),
    )  # fmt: skip
    escort_name: str | None = line(SVC, _("Who travelled along?"), help=_("Leave empty if nobody did."))
    still_wishes: Confirmed = asked(
        SVC, _("The person was asked once more, alone, and still wishes it"), widget="yes_no"
    )
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )


class HandOver(Answers):
    """Who received the person, and when."""

    received_by: str = line(
        SVC, _("Who received the person?"), default=..., min_length=1,
        help=_("Name and organisation. No private address."),
    )  # fmt: skip
    received_on: date = asked(SVC, _("When?"), widget="date", clear=_("the follow-up"))
    new_guardian: str | None = line(FAM, _("Name of the guardian there"), help=_("Needed for a child."))


class StartReintegration(Answers):
    """The plan there, and what supports it."""

    plan: str = account(
        SVC, _("The plan there"), default=..., min_length=1,
        help=_("Housing, work or school, care: who helps with each. No address."),
    )  # fmt: skip
    grant: Money | None = asked(SVC, _("Grant"), default=None, widget="money")


class ConcludeReturn(Answers):
    """How it ended, and when somebody last asked."""

    outcome: str = choice(SVC, _("How is the person now?"), OUTCOMES, default=..., clear=_("statistics"))
    last_visit_on: date = asked(SVC, _("Day of the last visit or call"), widget="date")


class DeclineReintegration(Answers):
    """An adult wants no more help; the door stays open."""

    told_door_open: Confirmed = asked(
        SVC, _("The person was told whom to call, at any time"), widget="yes_no"
    )


class CancelReturn(Answers):
    """By whom; whoever changes their mind gives no reason."""

    cancelled_by: str = choice(SVC, _("Who does not wish it any more?"), CANCELLED_BY, default="person")
