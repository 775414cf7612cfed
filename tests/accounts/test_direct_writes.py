"""What a database administrator writes past the service gives nothing, and sets off an alarm: a catalogue."""

from collections.abc import Callable

import pytest

from app.accounts import invitations, service
from app.accounts.models import Challenge, Invitation, Passkey, SignInSession, UserAccount
from app.accounts.sessions import SignInFailed, digest, identify, open_session
from app.cases.queries import my_cases
from app.kit.errors import NotAllowed, Refused
from app.safeguards import access
from app.safeguards.models import Share, TeamMember
from app.safeguards.words import Category, Relation
from tests.accounts.written_past import ADA, EVE, Scene, a_stranger, nobody

COPY = (
    "INSERT INTO {0} SELECT * FROM jsonb_populate_record(NULL::{0}, (SELECT to_jsonb(t) || {1} FROM {0} t))"
)
ANOTHER_ID = "jsonb_build_object('id', gen_random_uuid())"
OFFICE = "(SELECT id FROM organisation WHERE name = 'Office')"
STAMP = "(SELECT stamp FROM user_account WHERE email = 'kit@office.example')"
RULER = "(SELECT id FROM user_account WHERE email = 'kit@office.example')"


def test_before_anybody_writes_past_the_service_all_is_as_it_was_granted(scene):
    assert scene.standing("ada").relations == {Relation.LEAD}
    assert scene.standing("ada").lent == {Category.HEA}
    assert [each.id for each in my_cases(scene.acting("ada"))] == [scene.case_id]
    assert not scene.standing("eve").relations
    assert scene.signs_in()
    assert not scene.alarms()


def without_loan(scene: Scene, name: str = "ada") -> bool:
    return not scene.standing(name).lent - {Category.HEA}


def shut_out(scene: Scene) -> bool:
    with pytest.raises(SignInFailed):
        scene.signs_in()
    return True


def no_invitation(scene: Scene) -> bool:
    with pytest.raises(Refused):
        invitations.opened(scene.work, "known to Eve")
    return True


Refusal = Callable[[Scene], bool]
CATALOGUE: dict[str, tuple[str, Refusal]] = {
    "makes herself administrator": (f"UPDATE user_account SET role = 'ADM' WHERE id = {EVE}", nobody),
    "makes herself auditor, and signs in": (f"UPDATE user_account SET role = 'AUD' WHERE id = {EVE}", shut_out),
    "moves to another organisation": (
        f"UPDATE user_account SET organisation_id = {OFFICE} WHERE id = {EVE}",
        nobody,
    ),
    "takes another's name": (f"UPDATE user_account SET name = 'Ada Orme' WHERE id = {EVE}", nobody),
    "takes another's address": (f"UPDATE user_account SET email = 'kit2@office.example' WHERE id = {EVE}", nobody),
    "brings the stamp of another account": (
        f"UPDATE user_account SET role = 'ADM', stamp = {STAMP} WHERE id = {EVE}",
        nobody,
    ),
    "brings no stamp": (f"UPDATE user_account SET role = 'ADM', stamp = '' WHERE id = {EVE}", nobody),
    "hangs her passkey on Ada": (f"UPDATE passkey SET user_id = {ADA} WHERE user_id = {EVE}", shut_out),
    "brings another key": (f"UPDATE passkey SET public_key = '\\x00' WHERE user_id = {EVE}", shut_out),
    "calls a synced passkey device-bound": (
        f"UPDATE passkey SET device_bound = NOT device_bound WHERE user_id = {EVE}", shut_out,
    ),
    "sets the counter of a cloned key back": (
        f"UPDATE passkey SET sign_count = sign_count - 1 WHERE user_id = {EVE}", shut_out,
    ),
    "adds a passkey with a stamp that she has": (
        (        "WITH old AS (DELETE FROM passkey RETURNING *) INSERT INTO passkey SELECT"
        f" * FROM jsonb_populate_record(NULL::passkey, (SELECT to_jsonb(old) || {ANOTHER_ID} FROM old))"
        ),
        shut_out,
    ),
    "moves a session to herself": (
        f"UPDATE sign_in_session SET user_id = {RULER} WHERE user_id = {EVE}",
        nobody,
    ),
    "puts her cookie into another's session": (
        f"UPDATE sign_in_session SET digest = '{{digest}}' WHERE user_id = {ADA}",
        lambda scene: identify(scene.work, "known to Eve") is None,
    ),
    "makes a session fresh": (
        f"UPDATE sign_in_session SET began_at = began_at - interval '1 second' WHERE user_id = {EVE}", nobody,
    ),
    "keeps a session alive": (
        f"UPDATE sign_in_session SET seen_at = seen_at + interval '1 hour' WHERE user_id = {EVE}", nobody,
    ),
    "joins a team with a stamp from elsewhere": (
        COPY.format("team_member", f"jsonb_build_object('id', gen_random_uuid(), 'user_id', {EVE})"), a_stranger,
    ),
    "puts herself in Ada's row": (f"UPDATE team_member SET user_id = {EVE}", a_stranger),
    "turns Ada's row into one for the desk": (
        "UPDATE team_member SET user_id = NULL", lambda scene: a_stranger(scene) and a_stranger(scene, "ada"),
    ),
    "changes the relation": (
        "UPDATE team_member SET relation = 'authority'", lambda scene: a_stranger(scene, "ada"),
    ),
    "states a reason that nobody stated": (
        "UPDATE team_member SET reasoned = true, relation = 'oversight'", lambda scene: a_stranger(scene, "ada"),
    ),
    "opens categories to an emergency": (
        "UPDATE team_member SET categories = '[\"LOC\"]'", lambda scene: a_stranger(scene, "ada"),
    ),
    "puts an end to a row far away": (
        "UPDATE team_member SET until_at = now() + interval '10 years'", lambda scene: a_stranger(scene, "ada"),
    ),
    "lends another category": ("UPDATE share SET category = 'LOC'", without_loan),
    "copies a loan": (
        COPY.format("share", "jsonb_build_object('id', gen_random_uuid(), 'category', 'PSY')"), without_loan,
    ),
    "lends for ever": (
        "UPDATE share SET until_at = now() + interval '10 years'", lambda scene: not scene.standing("ada").lent,
    ),
    "writes an invitation": (
        ("INSERT INTO invitation SELECT * FROM jsonb_populate_record(NULL::invitation, (SELECT to_jsonb(t) ||"
        " jsonb_build_object('id', gen_random_uuid(), 'role', 'ADM', 'email', 'x@orme.example', 'used_at', NULL,"
        " 'digest', '{digest}') FROM invitation t))"),
        no_invitation,
    ),
    "opens a used invitation again": (
        "UPDATE invitation SET used_at = NULL, digest = '{digest}'", no_invitation,
    ),
}  # fmt: skip


def test_what_is_written_past_the_service_gives_nothing_and_sets_off_an_alarm(scene, record_property):
    """One scene for the whole catalogue, each write undone after it was met: what got through is listed."""
    through = []
    for wrote, (statement, refused) in CATALOGUE.items():
        undone = scene.work.session.begin_nested()
        scene.write(statement.replace("{digest}", "\\x" + digest("known to Eve").hex()))
        if not refused(scene) or not scene.work.has_alarms:
            through.append(wrote)
        undone.rollback()
        scene.work.session.expire_all()
        scene.work._alarms.clear()
    record_property("G12", f"{len(CATALOGUE) - len(through)} of {len(CATALOGUE)} writes refused before use")
    assert not through


def test_what_ended_does_not_come_back(scene, system, administrator, user):
    """A row of a team, a session and an account: ended by the service, revived past it."""
    access.end(system, scene.case_id, [Relation.LEAD])
    access.end_shares(system, scene.case_id)
    scene.write("UPDATE team_member SET until_at = NULL")
    scene.write("UPDATE share SET ended_at = NULL")
    assert a_stranger(scene, "ada")
    scene.write("UPDATE sign_in_session SET ended_at = now()")
    scene.write("UPDATE sign_in_session SET ended_at = NULL")
    assert scene.whose("ada") is not None  # what is as the service wrote it is good
    service.disable_user(administrator, user.id)
    scene.write(f"UPDATE user_account SET disabled_at = NULL WHERE id = {ADA}")
    scene.write(f"UPDATE sign_in_session SET ended_at = NULL WHERE user_id = {ADA}")
    assert nobody(scene, "ada")
    with pytest.raises(SignInFailed):
        open_session(scene.work, user, "passkey", scene.work.clock.now())
    assert len(scene.alarms()) == 4  # the row of the team, the loan, the session, the account


def test_a_forged_row_can_still_be_closed_and_is_never_stamped(administrator, scene):
    eve = scene.whose("eve").user_id
    scene.write(f"UPDATE user_account SET role = 'ADM' WHERE id = {EVE}")
    service.disable_user(administrator, eve)
    with pytest.raises(NotAllowed):
        service.enable_user(administrator, eve)
    forged = scene.work.session.get_one(UserAccount, eve)
    assert forged.disabled_at is not None
    assert nobody(scene)


def test_every_table_that_gives_power_is_stamped_by_row_and_by_all_that_gives_it():
    """A column that is added later must be argued for: it is stamped, or named here as giving nothing."""
    harmless = {
        "user_account": {"language"}, "passkey": {"name", "used_at"}, "invitation": {"created_at"},
        "sign_in_session": set(), "challenge": set(), "team_member": set(), "share": set(),
    }  # fmt: skip
    tables = (UserAccount, Passkey, SignInSession, Challenge, Invitation, TeamMember, Share)
    for table in tables:
        columns = {each.name for each in table.__table__.columns} - {"stamp"}
        assert columns - set(table.stamped) == harmless[table.__tablename__], table
        assert table.stamped[0] == "id"
