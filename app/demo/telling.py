"""In which order the stories of the demonstration country happen."""

from app.demo import astray, calls, childhood, life, stories
from app.demo.stories import Teller


def tell(teller: Teller) -> None:
    """Tell all stories, the oldest first."""
    astray.nobody(teller)  # the oldest, and so the last in every list
    life.recovers(teller, stories.sheltered(teller))
    life.wishes_to_go_home(teller)
    life.works_unpaid(teller)
    childhood.is_looked_after(teller, stories.a_child(teller))
    life.asks_for_asylum(teller)
    childhood.is_to_go_home(teller)
    stories.waiting(teller)
    calls.a_call(teller)
    childhood.is_missing(teller)
