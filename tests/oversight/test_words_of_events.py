"""What the ledger keeps as names of fields is read as the questions that were asked."""

from app.oversight.words import field_names


def test_a_field_that_was_opened_is_named_by_its_question_in_the_language_of_the_reader() -> None:
    names = ["born_on", "given_names", "long_gone"]
    assert field_names(names, ["ID"], "en") == ["Date of birth", "Given names", "long_gone"]
    assert field_names(names, ["ID"], "fr") == ["Date de naissance", "Prénoms", "long_gone"]


def test_of_a_name_in_several_categories_only_what_was_opened_is_told() -> None:
    opened, other = field_names(["details"], ["DOC"], "en"), field_names(["details"], ["CHI"], "en")
    assert opened != other
