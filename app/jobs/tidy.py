"""Tidying: what was needed for a moment is deleted when the moment is over."""

from datetime import timedelta

from sqlalchemy import delete

from app.accounts.models import AccountNews, Challenge, SignInSession
from app.safeguards.models import Asking
from app.safeguards.work import Work
from app.web.models import Answered, HeldText

KEPT = timedelta(days=7)  # ended sessions, and answers to repeated sends
NEWS_KEPT = timedelta(days=90)  # what people heard about how they sign in
TEXT_KEPT = timedelta(days=1)  # text typed into an ended session, for whoever signs in again


def tidy(work: Work) -> int:
    """Delete used challenges, old sessions, old answers and text that nobody came back for; return how many."""
    now = work.clock.now()
    old = (
        delete(Challenge).where(Challenge.expires_at <= now),
        delete(AccountNews).where(AccountNews.at <= now - NEWS_KEPT),
        delete(SignInSession).where(SignInSession.seen_at <= now - KEPT),
        delete(Answered).where(Answered.at <= now - KEPT),
        delete(Asking).where(Asking.at <= now - TEXT_KEPT),
        delete(HeldText).where(HeldText.at <= now - TEXT_KEPT),
    )
    gone = [work.session.connection().execute(each).rowcount for each in old]
    return sum(gone)
