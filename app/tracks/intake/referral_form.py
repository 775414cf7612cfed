"""The whole referral: every page's questions in one form, which the JSON door takes in one go."""

from app.tracks.intake.referral_consent import ConsentToRefer, LegalBasis, Recipient, Sharing
from app.tracks.intake.referral_person import (
    Background,
    Birth,
    DecisionLetter,
    Family,
    Nationality,
    PersonNames,
)
from app.tracks.intake.referral_signs import (
    EvidenceList,
    FurtherSigns,
    Insight,
    Interview,
    Police,
    Professionals,
    Responder,
    Signs,
    Support,
)
from app.tracks.intake.referral_start import (
    Age,
    AgeThen,
    ChildServices,
    Language,
    NeedsNow,
    RegionNow,
    Report,
    SafeContact,
    SafetyNow,
    StaysNow,
    Urgency,
)
from app.tracks.intake.referral_story import (
    Exploiters,
    Kinds,
    Others,
    Places,
    ReportedBefore,
    Situations,
    Still,
)


# Pydantic gathers the fields of the last base first, so the pages stand here from the last to the first.
class SubmitReferral(
    Responder, EvidenceList, DecisionLetter, Police, Support,
    Background, Family, Nationality, Birth, PersonNames,
    Others, Professionals, FurtherSigns, Insight, Interview, ReportedBefore,
    Exploiters, Places, Still, Kinds, Situations,
    SafeContact, StaysNow, RegionNow, Language, Signs, Urgency, NeedsNow,
    Sharing, LegalBasis, ConsentToRefer, Recipient,
    ChildServices, AgeThen, SafetyNow, Age, Report,
):  # fmt: skip
    """A referral of a presumed victim, as full as the person wishes it to be."""
