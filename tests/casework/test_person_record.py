"""The person's record is corrected by version; after a conflict both versions stand side by side."""

from app.casework.person import held_now


def record(acting, case_id):
    with acting("ngo") as work:
        found = held_now(work, case_id)
        work.commit()
    return found


def test_a_correction_replaces_what_was_recorded(sheltered, enter, acting, ledger):
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}/person")
    browser.follow(browser.send(family_names="Codreanu-Pop", gender="", nicknames="Irinka"))
    held, version = record(acting, sheltered)
    assert version == 2
    assert (held["family_names"], held["nicknames"], held["given_names"]) == (
        "Codreanu-Pop",
        "Irinka",
        "Irina",
    )
    (altered,) = ledger(sheltered, "alter")[-1:]
    assert "Codreanu" not in str(altered)


def test_what_is_emptied_is_gone(sheltered, enter, acting):
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}/person")
    data = {
        name: each
        for name, each in browser.filled(browser.form()).items()
        if not name.startswith("nationalities")
    }
    browser.post(browser.path, data)
    held, _version = record(acting, sheltered)
    assert "nationalities" not in held
    assert held["given_names"] == "Irina"


def test_two_who_correct_at_once_see_both_versions_field_by_field(sheltered, enter, acting, ledger):
    one, other = enter("ngo"), enter("ngo")
    one.get(f"/cases/{sheltered}/person")
    other.get(f"/cases/{sheltered}/person")
    other.send(name_to_use="Irinka")
    before = len(ledger(sheltered, "consult"))
    one.send(409, name_to_use="Irusha", nicknames="Iri")
    table = one.page.xpath("//table")[0].text_content()
    assert "Irusha" in table
    assert "Irinka" in table
    assert one.page.xpath("//input[@name='name_to_use']/@value") == ["Irusha"]
    assert len(ledger(sheltered, "consult")) == before + 1  # what is held was shown, so the look is recorded
    one.follow(one.send())
    held, version = record(acting, sheltered)
    assert (held["name_to_use"], held["nicknames"], version) == ("Irusha", "Iri", 3)


def test_json_takes_the_same_record_and_the_same_conflict(sheltered, enter, acting):
    browser = enter("ngo")
    held, version = record(acting, sheltered)
    path = f"/api/cases/{sheltered}/person"
    said = browser.json("PUT", path, {**held, "nicknames": "Iri"}, If_Match=f'"{version}"')
    assert said == {"case_id": str(sheltered), "version": 2}
    stale = browser.json("PUT", path, {**held, "nicknames": "Other"}, status=409, If_Match="1")
    assert (stale["sent"]["nicknames"], stale["held"]["nicknames"], stale["held"]["version"]) == (
        "Other",
        "Iri",
        2,
    )
    browser.json("PUT", path, {**held, "born_in": "x"}, status=422, If_Match="2")
    browser.json("PUT", path, held, status=422)


def test_nobody_writes_where_the_role_only_reads(sheltered, enter):
    shelter = enter("shelter")
    shelter.get(f"/cases/{sheltered}/person", 200 if "person" in shelter.text else 403)
    shelter.json("PUT", f"/api/cases/{sheltered}/person", {"given_names": "X"}, status=403, If_Match="1")
