"""The only words that ever leave the service: that there is something new, and nothing of what, whose or why.

One says what it is about, signing in: whoever was locked out cannot come in to read it.
"""

from app.kit.i18n import _, translate

SUBJECT = _("Something new")
BODY = _("There is something new. Sign in to read it.")
KINDS = {
    "something_new": (SUBJECT, BODY),
    "signing_in": (
        _("Signing in"),
        _("Your sign-in was changed or tried. Not you? Tell your administrator."),
    ),
}


def subject(kind: str, language: str) -> str:
    """Return the subject of a message of that kind."""
    return translate(KINDS[kind][0], language)


def body(kind: str, language: str) -> str:
    """Return the text of a message of that kind; it has no link, so that nobody learns to follow one."""
    return translate(KINDS[kind][1], language)
