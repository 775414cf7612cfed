"""Who lives in the demonstration country: invented organisations and people, one for each kind of work."""

from dataclasses import dataclass

from app.kit.i18n import _
from app.safeguards.words import Role


@dataclass(frozen=True)
class House:
    """An organisation, with a short key by which its people name it."""

    key: str
    name: str
    kind: str
    takes_referrals: bool = False


@dataclass(frozen=True)
class Persona:
    """A person of the demonstration; `work` is a marked text that says what they came to do."""

    key: str
    house: str
    role: Role
    name: str
    work: str = ""  # empty: not on the sign-in page
    language: str = "en"


HOUSES = (
    House("police", "Kestrel City Police", "LawEnforcement"),
    House("inspectorate", "Labour Inspectorate North", "CentralGovernmentOrganisation"),
    House("ngo", "Harbour Association", "NGO", takes_referrals=True),
    House("ngo2", "Open Door Network", "NGO", takes_referrals=True),
    House(
        "social", "Social Services of the Lake District", "LocalGovernmentOrganisation", takes_referrals=True
    ),
    House("shelter", "House Linden", "NGO"),
    House("guardians", "Guardianship Office", "LocalGovernmentOrganisation"),
    House("authority", "National Identification Authority", "CentralGovernmentOrganisation"),
    House("immigration", "Residence Office", "ImmigrationService"),
    House("helpline", "Helpline Lantern", "NGO"),
    House("consulate", "Consular Liaison Desk", "CentralGovernmentOrganisation"),
    House("panel", "Best Interests Panel", "LocalGovernmentOrganisation"),
    House("legal", "Legal Aid Bureau", "NGO"),
    House("audit", "Audit Office", "CentralGovernmentOrganisation"),
    House("coordination", "National Coordination", "CentralGovernmentOrganisation"),
    House("administration", "Service Administration", "CentralGovernmentOrganisation"),
)

PERSONAS = (
    Persona("police", "police", Role.POL, "Petra Falk", _("Police officer: refers a person from a patrol")),
    Persona(
        "inspector", "inspectorate", Role.LAB, "Ivan Brandt", _("Labour inspector: refers from an inspection")
    ),
    Persona("ngo", "ngo", Role.NGO, "Nadia Okoye", _("NGO caseworker: leads cases")),
    Persona(
        "social", "social", Role.SOC, "Sofia Lund", _("Social worker: protects children, appoints guardians")
    ),
    Persona("shelter", "shelter", Role.SHE, "Samir Haddad", _("Shelter worker: offers beds tonight")),
    Persona("guardian", "guardians", Role.GUA, "Greta Moser", _("Guardian: follows a child’s case")),
    Persona(
        "authority",
        "authority",
        Role.CAU,
        "Clara Weiss",
        _("Identification authority: decides, with reasons"),
    ),
    Persona(
        "supervisor", "ngo", Role.SUP, "Ulla Berg", _("Supervisor: approves, and checks who looked at what")
    ),
    Persona("auditor", "audit", Role.AUD, "Aron Pike", _("Auditor: downloads and verifies the ledger")),
    Persona(
        "coordinator",
        "coordination",
        Role.NCR,
        "Nora Vidal",
        _("National coordinator: sees numbers, never cases"),
    ),
    Persona(
        "administrator",
        "administration",
        Role.ADM,
        "Adam Rook",
        _("Administrator: invites people, reads nothing"),
    ),
    Persona("immigration", "immigration", Role.IMM, "Ida Kranz", _("Residence officer: grants stay")),
    Persona("hotline", "helpline", Role.HOT, "Hana Brook", _("Hotline operator: takes calls and messages")),
    Persona(
        "protector",
        "coordination",
        Role.DPO,
        "Dario Lenz",
        _("Data protection officer: answers requests, sees to breaches"),
    ),
    Persona("consul", "consulate", Role.CON, "Cora Nyman", _("Consular liaison: helps with papers")),
    Persona("panel", "panel", Role.BIP, "Berit Aas", _("Best-interests panel: decides for a child")),
    Persona("lawyer", "legal", Role.LEG, "Lena Frost", _("Lawyer: acts for people, in their name")),
    Persona("authority2", "authority", Role.CAU, "Carl Iversen", _("Second decider of the authority")),
    Persona(
        "ngo2", "ngo2", Role.NGO, "Omar Diallo", _("Caseworker of another NGO: a stranger to most cases")
    ),
    Persona("police2", "police", Role.POL, "Paul Renner"),
    Persona("authority3", "authority", Role.CAU, "Cleo Adler"),
    Persona("supervisor2", "shelter", Role.SUP, "Sara Holm"),
    Persona("supervisor3", "social", Role.SUP, "Stefan Ruiz"),
)


def mail(persona: Persona) -> str:
    """Return the invented address of a persona."""
    return f"{persona.key}@demonstration.example"
