"""A case of nobody, so that whoever tries the demonstration can see what opening one does; no page says which it is."""

from app.demo.acting import as_persona, find
from app.demo.stories import Teller
from app.oversight.planting import permit, plant
from app.oversight.planting_forms import InventedPerson


def nobody(teller: Teller) -> None:
    """Let a supervisor permit it and a caseworker write it; it stands among the cases of two organisations."""
    with as_persona(teller.runtime, "supervisor3") as work:
        permitted = permit(work, find(work.session, "social").id)
        work.commit()
    with as_persona(teller.runtime, "social") as work:
        person = InventedPerson(
            given_names="Anca", family_names="Vasilescu", born_in=1992, gender="Feminine", nationality="RO",
            language="ro", region="north", story="work", partner_id=teller.house(work, "ngo2"),
        )  # fmt: skip
        plant(work, permitted, person)
        work.commit()
    teller.clock.move(teller.pace)
