"""A victim whom the police record as a suspect: defended from that hour, and not punished."""

from collections.abc import Callable

from tests.journey.told import Told


def story(told: Told) -> None:
    told.refer("police", given_names="Oksana")
    told.act("ngo", "referral", "accept")
    told.sheltered()
    told.act(
        "police", "non_punishment", "detect", kind="criminal", offences=["theft", "drugs"],
        authority="Kestrel City Police", held=True,
    )  # fmt: skip
    told.stands("ngo", non_punishment="opened", legal_representation="needed", identification="presumed")
    told.runs("ngo", non_punishment__detention="2 March 2026, 11:", non_punishment__notice="4 March 2026")
    for who in ("supervisor", "ngo"):
        told.calls(
            who, "A victim is suspected of an offence" if who == "supervisor" else "A lawyer is needed"
        )
    told.hides(("police", "authority"), "Quince Lane", "House Linden")
    told.is_closed_to("lawyer", "immigration", "inspector", "ngo2")

    # A lawyer of her choice sees the case as long as the mandate lasts, and nothing of where she is.
    told.act(
        "ngo", "legal_representation", "offer", free_legal_aid=True, language="ro", interpreter="E. Popa"
    )
    told.act(
        "ngo", "legal_representation", "appoint", representative_type="lawyer",
        representative_user=told.hand.user("lawyer"), mandate="Signed, in our safe", scope=["criminal"],
        conflict_checked=True,
    )  # fmt: skip
    told.act("lawyer", "non_punishment", "lawyer_present", since_on=told.today())
    told.rests("ngo", "non_punishment__detention")
    told.hides("lawyer", "Quince Lane", "House Linden")

    told.act(
        "ngo", "non_punishment", "assess", link="She carried what the men of the flat gave her, and was beaten.",
        compulsion="made_to",
    )  # fmt: skip
    told.never_offers("police", "non_punishment", "assess", "no_link", "notify")
    told.refuses(
        "lawyer", "non_punishment", "notify", "INV-17", addressee="Prosecution", sent_on=told.today()
    )
    told.act(
        "lawyer", "non_punishment", "notify", addressee="Prosecution", sent_on=told.today(),
        legal_basis="own_wish",
    )  # fmt: skip
    told.rests("ngo", "non_punishment__notice")
    told.hides("police", "beaten")  # what she said to her helpers is no evidence against her
    told.act("police", "non_punishment", "reject", reasons="The theft stands for itself.")
    told.act("lawyer", "non_punishment", "appeal", court="District court", filed_on=told.today())
    told.act("lawyer", "non_punishment", "win", judgment="7 Kl 31/26")
    told.stands(
        "ngo", non_punishment="applied", identification="presumed", shelter_placement="placed", case="open"
    )
    told.runs("ngo", identification__reasonable_grounds="9 March 2026")

    told.act("lawyer", "legal_representation", "end", reason="matters_done", handed_over="none")
    told.is_closed_to("lawyer")


def test_a_victim_recorded_as_a_suspect_is_defended_and_not_punished(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)
