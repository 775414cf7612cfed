"""What the codes of shelters are called on pages."""

from app.kit.i18n import _

STATES = {"free": _("free"), "held": _("held for somebody"), "occupied": _("occupied")}
SECURITY = {"ordinary": _("ordinary"), "raised": _("raised"), "high": _("high")}
