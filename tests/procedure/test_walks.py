"""Random walks: wherever a track is led, it stands in a state that it has, and nobody is stranded."""

from hypothesis import given
from hypothesis import strategies as st

from app.procedure.available import available, refusals
from app.procedure.clocks import due_at, started_by, stopped_by
from app.procedure.declaration import Track
from app.procedure.facts import ActorFacts
from app.procedure.refusal import NOT_MINE, NOT_NOW
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import Scene, actor

TRACK = st.sampled_from(list(TRACKS.values()))
SOMEBODY = st.builds(
    lambda role, relations: actor(role, *relations),
    st.sampled_from(list(Role)),
    st.sets(st.sampled_from(list(Relation)), min_size=1),
)


@given(TRACK, st.data())
def test_a_walk_never_leaves_the_declared_states_and_ends_only_at_an_end(
    track: Track, data: st.DataObject
) -> None:
    names = {state.name for state in track.states}
    step = data.draw(st.sampled_from([each for each in track.steps if not each.from_]))
    running: set[str] = set()
    for _turn in range(30):
        assert step.to in names
        running -= {each.name for each in stopped_by(track, step)}
        running |= {each.name for each in started_by(track, step)}
        assert all(step.to in each.runs_in for each in track.deadlines if each.name in running)
        ways = [each for each in track.steps if step.to in each.from_]
        if not ways:
            assert track.state(step.to).terminal or step.to in track.dead_ends
            assert all(
                each.reminder for each in track.deadlines if each.name in running
            )  # such may come after
            return
        step = data.draw(st.sampled_from(ways))


@given(TRACK, SOMEBODY, st.sampled_from(["adult", "child", "uncertain", None]), st.data())
def test_what_is_offered_and_what_is_refused_never_disagree(
    track: Track, who: ActorFacts, age: str | None, data: st.DataObject
) -> None:
    scene = Scene(age)
    for slug, other in TRACKS.items():
        if data.draw(st.booleans()):
            scene.put(slug, data.draw(st.sampled_from([state.name for state in other.states])))
    facts = scene.facts(who, track.slug)
    offered = {id(offer.step): offer for offer in available(track, facts)}
    for step in track.steps:
        faults = refusals(track, step, facts, None)
        found = {fault.rule for fault in faults}
        assert (id(step) in offered) == (not found & {NOT_MINE, NOT_NOW})
        if id(step) in offered:
            assert list(offered[id(step)].faults) == faults
            allowed = step.by if who.role in step.by else {Role.VIC}
            assert allowed <= step.by
        for fault in faults:
            assert fault.message


@given(TRACK, st.data())
def test_every_clock_can_be_read_whatever_is_known(track: Track, data: st.DataObject) -> None:
    scene = Scene(data.draw(st.sampled_from(["adult", "child", "uncertain"])))
    for clock in track.deadlines:
        scene.put(track.slug, data.draw(st.sampled_from(clock.runs_in)))
        ends = due_at(clock, scene.facts(slug=track.slug), scene.now)
        assert ends is None or ends.tzinfo is not None
