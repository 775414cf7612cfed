"""What the codes of messages are called on pages."""

from app.kit.i18n import _

CHANNELS = {"sms": _("Short message"), "email": _("E-mail")}
STATES = {"waiting": _("Waits to be sent"), "sent": _("It was sent"), "refused": _("It was not sent")}
REFUSALS = {
    "called_off": _("Called off"),
    "confirmation_expired": _("The person was asked more than three days before"),
    "contact_changed": _("The person’s record changed since they were asked"),
    "not_adult": _("The person may be a child"),
    "person_missing": _("The person is missing or absent"),
    "case_closed": _("The case is closed"),
    "unreadable": _("It cannot be read any more"),
    "not_configured": _("This service sends nothing this way"),
    "address_rejected": _("The number or address was refused"),
    "gave_up": _("It could not be delivered"),
}
