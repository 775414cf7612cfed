"""What comes in about accounts: who works with the service. Nothing of it is sealed; no victim is in it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Role

INVITABLE = tuple(role for role in Role if role not in (Role.SYS, Role.VIC))
KINDS = {  # HTCDS 2.0 org_Type, and one of our own
    "NGO": _("Non-governmental organisation"),
    "LawEnforcement": _("Police or prosecution"),
    "HealthServiceOrganisation": _("Health service"),
    "CentralGovernmentOrganisation": _("Central government"),
    "LocalGovernmentOrganisation": _("Local government"),
    "ImmigrationService": _("Immigration service"),
    "LegalService": _("Legal service"),
    "Shelter": _("Shelter"),
}
TONGUES = {"en": "English", "fr": "Français"}


def role_names(language: str) -> dict[str, str]:
    """Return what each role that a person can have is called, by its code."""
    return {role.value: MATRIX.name(role, language) for role in INVITABLE}


def client_roles(language: str) -> dict[str, str]:
    """Return what the roles are called that a program can have: none that oversees others or runs the service."""
    beyond = (Role.ADM, Role.AUD, Role.DPO, Role.SUP)
    return {role.value: MATRIX.name(role, language) for role in INVITABLE if role not in beyond}


def _address(text: str) -> str:
    """Accept what looks like an address, in small letters; only the mail that arrives proves it."""
    name, _sign, place = text.rpartition("@")
    if not name or "." not in place or any(each.isspace() for each in text):
        raise ValueError(_("Write the e-mail address like name@example.org."))
    return text.lower()


class Invite(Form):
    """Whom an administrator invites, into which role of which organisation."""

    name: str = asked(Category.ID, _("Name of the person"), max_length=200)
    email: Annotated[str, AfterValidator(_address)] = asked(
        Category.CON, _("E-mail address at work"), max_length=254
    )
    organisation_id: UUID = asked(Category.STA, _("Organisation"), widget="organisation")
    role: str = asked(Category.STA, _("Role"), widget="select", choices=role_names("en"))


class AddClient(Form):
    """A program that an organisation lets call, in which role, through which doors."""

    name: str = asked(Category.STA, _("Name of the program"), max_length=100)
    organisation_id: UUID = asked(Category.STA, _("Organisation"), widget="organisation")
    role: str = asked(Category.STA, _("Role"), widget="select", choices=client_roles("en"))
    doors: list[str] = asked(Category.STA, _("Doors that it may call"), widget="select", max_length=200)


class AddOrganisation(Form):
    """An organisation that joins the mechanism."""

    name: str = asked(Category.STA, _("Name of the organisation"), max_length=200)
    kind: str = asked(
        Category.STA, _("Kind of organisation"), widget="select", choices=KINDS, standard="org_Type"
    )
    region: str | None = asked(Category.STA, _("Region"), default=None, max_length=100)
    takes_referrals: bool = asked(Category.STA, _("Does it take referrals?"), widget="yes_no")


class NamePasskey(Form):
    """The name by which a person knows a device."""

    name: str = asked(Category.STA, _("Name of the passkey"), max_length=60)


class ChooseLanguage(Form):
    """The language in which a person reads the service."""

    language: str = asked(Category.STA, _("Language"), widget="choice", choices=TONGUES)


class _Ceremony(BaseModel):
    """What a script sends for a passkey: no question that a person answers, so without labels."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenInvitation(_Ceremony):
    """The secret of an invitation."""

    token: str = Field(max_length=200)


class SignIn(_Ceremony):
    """What the authenticator answered to a sign-in, as `PublicKeyCredential.toJSON()` writes it."""

    credential: dict[str, Any]


class AcceptInvitation(_Ceremony):
    """The secret of an invitation and the first passkey of whoever holds it."""

    token: str = Field(max_length=200)
    credential: dict[str, Any]
    language: Literal["en", "fr"] = "en"


class AddPasskey(_Ceremony):
    """A further passkey of whoever is signed in."""

    credential: dict[str, Any]
    name: str = Field("", max_length=60, pattern=r"^[^\x00-\x1f]*$")
