"""The tracks of stay and justice that are not switched on yet: their tests stand them beside the others."""

from app.procedure.declaration import Track
from app.tracks.justice import (
    compensation_claim,
    labour_inspection_finding,
    legal_representation,
    non_punishment,
    proceedings_participation,
    witness_protection,
)
from app.tracks.stay import asylum_claim, identity_document, removal_measure, residence_permit, work_permit

LATER = (
    residence_permit, work_permit, asylum_claim, identity_document, removal_measure, proceedings_participation,
    witness_protection, compensation_claim, legal_representation, labour_inspection_finding, non_punishment,
)  # fmt: skip

DECLARED: dict[str, Track] = {module.TRACK.slug: module.TRACK for module in LATER}
