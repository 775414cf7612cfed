"""The law, one file per track; here they are gathered."""

from app.procedure.declaration import Track
from app.tracks.child import age_assessment, bia, bid, child_interview, durable_solution, guardian
from app.tracks.core import case, consent, identification, transnational_referral
from app.tracks.intake import hotline_report, referral
from app.tracks.justice import (
    compensation_claim,
    labour_inspection_finding,
    legal_representation,
    non_punishment,
    proceedings_participation,
    witness_protection,
)
from app.tracks.oversight import break_glass, data_breach, data_subject_request
from app.tracks.returns import post_return_monitoring, return_safety_assessment, voluntary_return
from app.tracks.stay import (
    asylum_claim,
    identity_document,
    reflection_period,
    removal_measure,
    residence_permit,
    work_permit,
)
from app.tracks.support import assistance_service, missing_person, needs_risk, shelter_placement

MODULES = (
    hotline_report, referral, case, identification, consent, transnational_referral,
    needs_risk, assistance_service, shelter_placement, missing_person,
    reflection_period, residence_permit, work_permit, asylum_claim, identity_document, removal_measure,
    proceedings_participation, witness_protection, compensation_claim, legal_representation,
    labour_inspection_finding, non_punishment,
    voluntary_return, return_safety_assessment, post_return_monitoring,
    age_assessment, guardian, bia, bid, durable_solution, child_interview,
    data_subject_request, data_breach, break_glass,
)  # fmt: skip

TRACKS: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in MODULES}
