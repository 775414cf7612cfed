"""What the steps of a needs and risk assessment ask; each finding lies in the category of its domain."""

from datetime import date, datetime

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import LONG, SHORT, Answers, account, choice, group, line
from app.tracks.codes import LANGUAGES, RISK, YES_NO
from app.tracks.support import needs_codes as codes

CLOCKS = _("The clocks of the assessment depend on it")


class PlanAssessment(Answers):
    """Plan an assessment; the rule engine does so when a referral is sent."""

    kind: str = choice(
        Category.SVC, _("Which assessment?"), codes.KINDS, default="full", minimal=True, clear=CLOCKS
    )
    due_at: datetime | None = asked(
        Category.SVC, _("When must it be done?"), default=None, widget="date", minimal=True, clear=CLOCKS
    )
    trigger: str | None = choice(
        Category.SVC, _("What happened?"), codes.TRIGGERS, when=("kind", ("trigger",)), minimal=True
    )


class StartAssessment(Answers):
    """Begin to speak with the person; nobody waits for a guardian to be safe (INV-26)."""

    interpreter: str = choice(
        Category.SVC, _("Is there an interpreter or mediator?"), YES_NO, default=..., minimal=True
    )
    interpreter_language: str | None = choice(
        Category.SVC, _("In which language?"), LANGUAGES, when=("interpreter", ("yes",))
    )
    interpreter_details: str | None = line(
        Category.SVC, _("Which service?"), _("Reference, no name."), when=("interpreter", ("yes",))
    )
    persons_present: str = asked(
        Category.SVC, _("Who is in the room?"), max_length=SHORT,
        help=_("The person speaks alone where that is possible. Relatives and friends may be part of it."),
    )  # fmt: skip


class Assessed(Answers):
    """What was found in one domain, how great the risk is, and who does what about it by when."""

    domain: str = choice(Category.SVC, _("What is it about?"), codes.DAILY, default=...)
    finding: str = asked(
        Category.SVC, _("What did you find?"), widget="area", max_length=LONG,
        help=_("What you saw and what the person said, kept apart. No names of others."),
    )  # fmt: skip
    risk: str = choice(
        Category.SVC, _("How great is the risk?"), RISK, default=...,
        help=_("If you hesitate between two, take the higher."),
    )  # fmt: skip
    action: str | None = account(
        Category.SVC, _("What is done about it?"),
        help=_("One step the person agreed to, such as “doctor on Monday”."),
    )  # fmt: skip
    owner: str | None = line(
        Category.SVC, _("Who does it?"), help=_("A role or a name at a service, such as “lead worker”.")
    )
    due_on: date | None = asked(Category.SVC, _("By when?"), default=None, widget="date")


class Threat(Assessed):
    """One of the four threats."""

    domain: str = choice(Category.SVC, _("Which threat?"), codes.THREATS, default=...)


class Daily(Assessed):
    """A finding on safety and daily life."""

    domain: str = choice(Category.SVC, _("What is it about?"), codes.DAILY, default=...)


class Health(Assessed):
    """A finding on health."""

    domain: str = choice(Category.HEA, _("What is it about?"), codes.HEALTH, default=...)


class Mind(Assessed):
    """A finding on the mind."""

    domain: str = choice(Category.PSY, _("What is it about?"), codes.MIND, default=...)


class Legal(Assessed):
    """A finding on legal matters."""

    domain: str = choice(Category.LEG, _("What is it about?"), codes.LEGAL, default=...)


class Stay(Assessed):
    """A finding on stay and papers."""

    domain: str = choice(Category.NAT, _("What is it about?"), codes.STAY, default=...)


class FamilyMatter(Assessed):
    """A finding on the family."""

    domain: str = choice(Category.FAM, _("What is it about?"), codes.FAMILY, default=...)


class WorkMatter(Assessed):
    """A finding on work and money."""

    domain: str = choice(Category.LAB, _("What is it about?"), codes.WORK, default=...)


class ChildMatter(Assessed):
    """A finding on a child."""

    domain: str = choice(Category.CHI, _("What is it about?"), codes.CHILD, default=...)


class CompleteAssessment(Answers):
    """What was found in the twenty domains, the four threats among them, and what the person says of it."""

    threats: tuple[Threat, ...] = group(
        Category.SVC, _("Threats"), _("All four, whatever else is known."), default=..., min_length=4,
        max_length=8, minimal=True,
    )  # fmt: skip
    findings: tuple[Daily, ...] = group(Category.SVC, _("Safety and daily life"))
    health: tuple[Health, ...] = group(Category.HEA, _("Health"))
    mind: tuple[Mind, ...] = group(
        Category.PSY, _("Mind"), max_length=5,
        help=_("Such as sleep, fear and grief, and what gives strength."),
    )  # fmt: skip
    legal: tuple[Legal, ...] = group(Category.LEG, _("Legal matters"), max_length=5)
    stay: tuple[Stay, ...] = group(Category.NAT, _("Stay and papers"), max_length=5)
    family: tuple[FamilyMatter, ...] = group(Category.FAM, _("Family"), max_length=5)
    work: tuple[WorkMatter, ...] = group(Category.LAB, _("Work, money and debts"), max_length=5)
    child: tuple[ChildMatter, ...] = group(Category.CHI, _("The child"), max_length=5)
    victim_view: str = asked(
        Category.SVC, _("What does the person say of it, and want?"), widget="area", max_length=LONG,
        min_length=1, help=_("In the person’s own words. A child is heard too."),
    )  # fmt: skip
    next_review_on: date = asked(
        Category.SVC, _("When is it looked at again?"), widget="date", minimal=True, clear=CLOCKS
    )

    def rows(self) -> tuple[tuple[str, Assessed], ...]:
        """Return every finding with the group that it stands in."""
        groups = ("threats", "findings", "health", "mind", "legal", "stay", "family", "work", "child")
        return tuple((name, row) for name in groups for row in getattr(self, name))


class ApproveAssessment(Answers):
    """Approve what somebody else found."""

    comment: str | None = line(
        Category.SVC, _("Comment"), max_length=2000,
        help=_("What the next review should look at. Nothing of what happened."),
    )  # fmt: skip


class ReturnForRework(Answers):
    """Send it back with what is lacking."""

    comment: str = asked(
        Category.SVC, _("What is lacking?"), widget="area", max_length=2000, min_length=1,
        help=_("Name the finding and what to add. Repeat nothing of the person’s story."),
    )  # fmt: skip


class ReplaceAssessment(Answers):
    """Begin a new assessment in its place."""

    kind: str = choice(Category.SVC, _("Which assessment?"), codes.KINDS, default="review", minimal=True)
    trigger: str | None = choice(
        Category.SVC, _("What happened?"), codes.TRIGGERS, when=("kind", ("trigger",)), minimal=True
    )
    due_at: datetime | None = asked(
        Category.SVC, _("When must it be done?"), default=None, widget="date", minimal=True
    )
