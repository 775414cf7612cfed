"""When something happened that changes what somebody needs: an assessment is due, and help goes on."""

from collections.abc import Iterator

from app.procedure.effects import Effect, OpenTrack, TakeStep


def needs_again(trigger: str) -> Iterator[Effect]:
    """Ask for a new assessment of needs and risks: in place of an approved one, or where none is in progress."""
    anew = {"kind": "trigger", "trigger": trigger}
    yield TakeStep("inra", "replace", anew)
    yield OpenTrack("inra", "plan", anew)
