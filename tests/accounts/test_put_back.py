"""A whole earlier row that is put back with the stamp it had then gives nothing: what is over stands elsewhere."""

from contextlib import suppress

import pytest
from sqlalchemy import select, text

from app.accounts import invitations, service
from app.accounts.models import Invitation, Passkey, SignInSession, UserAccount
from app.accounts.sessions import SignInFailed, end_all_of, open_session
from app.kit.errors import Refused
from app.safeguards import access
from app.safeguards.models import Share, TeamMember
from app.safeguards.stamps import remove, vouched, whole
from app.safeguards.vault.ended import Ended
from app.safeguards.words import Relation, Role
from tests.accounts.written_past import ADA, EVE, Scene, a_stranger, nobody

TABLES = {"user_account": UserAccount, "team_member": TeamMember, "share": Share, "sign_in_session": SignInSession,
          "invitation": Invitation, "passkey": Passkey}  # fmt: skip


def put_back(scene: Scene, table: str, row: str, then: str = "") -> None:
    """Make a row what it was, stamp and all; `then` says how, where it is still there."""
    columns = ", ".join(f"{each.name} = old.{each.name}" for each in TABLES[table].__table__.columns)
    old = f"jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb)) AS old"
    update = f"UPDATE {table} SET {columns} FROM {old} WHERE {table}.id = old.id"
    done = scene.work.session.execute(text(then.format(old=old) or update), {"row": row})
    assert done.rowcount == 1
    scene.work.session.expire_all()
    scene.work._standings.clear()


def test_a_whole_earlier_row_that_is_put_back_gives_nothing(  # noqa: PLR0917 -- fixtures
    scene, system, administrator, user, tmp_path, record_property
):
    """With the stamp it had then, and whatever traces with it: what was ended stands in a list outside the database."""
    work, keys = scene.work, scene.work.keys
    keys.ended = Ended(tmp_path / "ended" / "rows")

    def kept(table: str, which: str) -> str:
        return work.session.scalars(text(f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE {which}")).one()

    token = invitations.invite(administrator, invitations.Invite(
        name="Ivy Orme", email="ivy@orme.example", organisation_id=user.organisation_id, role=Role.NGO.value,
    ))  # fmt: skip
    before = {
        "user_account": kept("user_account", f"id = {EVE}"), "team_member": kept("team_member", "true"),
        "share": kept("share", "true"), "sign_in_session": kept("sign_in_session", f"user_id = {ADA}"),
        "invitation": kept("invitation", "email = 'ivy@orme.example'"), "passkey": kept("passkey", f"user_id = {EVE}"),
    }  # fmt: skip
    with suppress(Refused), system.attempt():  # what is undone ends nothing
        access.end(system, scene.case_id, [Relation.LEAD])
        raise Refused
    work.commit()
    assert scene.standing("ada").relations == {Relation.LEAD}
    access.end(system, scene.case_id, [Relation.LEAD])
    access.end_shares(system, scene.case_id)
    end_all_of(system, user.id)
    invitations.void_former(administrator, "ivy@orme.example")
    remove(work, Passkey, Passkey.user_id == scene.whose("eve").user_id)
    service.disable_user(administrator, scene.whose("eve").user_id)
    work.commit()
    assert not scene.alarms()

    refused = {}
    put_back(scene, "sign_in_session", before["sign_in_session"])
    refused["a session"] = nobody(scene, "ada")
    scene.cookies["ada"] = open_session(work, user, "passkey", work.clock.now())
    put_back(scene, "team_member", before["team_member"])
    refused["a row of a team"] = a_stranger(scene, "ada")
    access.grant(
        system,
        scene.case_id,
        Relation.LEAD,
        role=Role.NGO,
        organisation_id=user.organisation_id,
        user_id=user.id,
    )
    put_back(scene, "share", before["share"])
    refused["a loan"] = not scene.standing("ada").lent and bool(scene.standing("ada").relations)
    put_back(scene, "invitation", before["invitation"])
    with pytest.raises(Refused):
        invitations.opened(work, token)
    refused["an invitation"] = True
    put_back(scene, "user_account", before["user_account"])
    put_back(scene, "passkey", before["passkey"], "INSERT INTO passkey SELECT old.* FROM {old}")
    with pytest.raises(SignInFailed):
        scene.signs_in()
    eve = scene.work.session.scalars(select(UserAccount).where(UserAccount.email == "eve@orme.example")).one()
    with pytest.raises(SignInFailed):
        open_session(work, eve, "passkey", work.clock.now())
    refused["a passkey"] = refused["an account"] = True
    alarms = scene.alarms()
    record_property(
        "G12", f"{sum(refused.values())} of {len(refused)} earlier rows put back refused before use"
    )
    assert all(refused.values()), refused
    assert {table for table in TABLES if any(f'"table":"{table}"' in each for each in alarms)} == set(TABLES)


def test_an_account_that_is_opened_again_is_good_again(scene, administrator, tmp_path):
    """It bears the stamp that it had before; one whose act failed was never over."""
    scene.work.keys.ended = Ended(tmp_path / "ended" / "rows")
    eve = scene.whose("eve").user_id
    service.disable_user(administrator, eve)
    scene.work.commit()
    service.enable_user(administrator, eve)
    scene.work.commit()
    assert scene.signs_in()
    service.disable_user(administrator, eve)
    scene.work.session.rollback()
    scene.work.commit()
    assert scene.signs_in()
    assert not scene.alarms()


def test_whoever_read_a_row_just_before_it_ended_is_refused_without_an_alarm(scene, administrator, tmp_path):
    scene.work.keys.ended = Ended(tmp_path / "ended" / "rows")
    eve = scene.whose("eve").user_id
    read = scene.work.session.execute(
        select(whole(UserAccount, name="row")).where(UserAccount.id == eve)
    ).scalar_one()
    assert vouched(scene.work, UserAccount, read)
    service.disable_user(administrator, eve)
    scene.work.commit()
    assert not vouched(scene.work, UserAccount, read)
    assert not scene.alarms()
