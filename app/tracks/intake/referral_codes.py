"""Code lists of the referral alone; no list holds a reason of cooperation or status (INV-01)."""

from app.kit.i18n import _
from app.safeguards.words import Category

TYPES = {
    "initial": _("A person who may have been trafficked"),
    "service": _("A need of somebody who is already helped"),
    "anonymous_notification": _("A number for the statistics, without the person"),
    "group": _("Several people who were found together"),
}

NEEDS = {
    "safe_place": _("A safe place to sleep"),
    "emergency_medical": _("A doctor now"),
    "food_clothing": _("Food, clothes, hygiene"),
    "money": _("Money for the day"),
    "childcare": _("Care for children"),
    "interpreter": _("An interpreter or mediator"),
    "legal_advice": _("Legal advice"),
    "psychological": _("Somebody to talk to"),
    "papers": _("Papers"),
    "transport": _("Transport"),
    "protection": _("Protection from somebody"),
    "none": _("Nothing now"),
    "unknown": _("Not sure"),
}

SAFETY = {
    "safe": _("Yes, safe for now"),
    "not_safe": _("No"),
    "unknown": _("Not sure"),
}

REASONS = {
    "AdditionalServicesRequired": _("Services are needed that we do not have"),
    "MigrationOrChangeOfLocation": _("The person moves, or has moved"),
    "Other": _("Another reason"),
}  # reasons for a referral of the Human Trafficking Case Data Standard 2.0 (IOM, CC BY 4.0)

LAST_CONTACT = {
    "this_week": _("In the last week"),
    "this_month": _("Over a week ago, within a month"),
    "three_months": _("1 to 3 months ago"),
    "six_months": _("3 to 6 months ago"),
    "nine_months": _("6 to 9 months ago"),
    "a_year": _("9 months to a year ago"),
    "over_a_year": _("Over a year ago"),
    "unknown": _("Not sure"),
}

CHANNELS = {
    "phone": _("Telephone or message"),
    "alternative_phone": _("Another person’s telephone"),
    "email": _("E-mail"),
    "post": _("Letter"),
    "in_person": _("In person, at an agreed place"),
    "through_referrer": _("Only through whoever refers"),
}

CHANNEL_SAFE = {
    "yes": _("Yes, the person said so"),
    "no": _("No, never use it"),
    "unknown": _("Not sure: do not use it yet"),
}

NAME_KINDS = {
    "alias": _("A name used by others"),
    "birth": _("Name at birth"),
    "married": _("Name by marriage"),
    "religious": _("Religious name"),
    "papers": _("Name in other papers"),
    "other_script": _("The name in its own script"),
}

SOURCES = {
    "seen": _("I saw it"),
    "told": _("The person told me"),
    "told_by_other": _("Somebody else told me"),
    "document": _("A document, image or message shows it"),
    "other_service": _("Another service reported it"),
}

WHERE = {
    "here": _("In this country"),
    "abroad": _("In another country"),
    "both": _("Both"),
    "unknown": _("Not sure"),
}

CONSENT = {
    "yes": _("Yes, the person agrees"),
    "no": _("No, the person does not agree"),
    "could_not_ask": _("It was not possible to ask"),
}

LEGAL_BASES = {
    "vital_interest": _("Life or health is in danger and the person cannot be asked"),
    "court_order": _("A court ordered it"),
    "statutory_duty": _("The law obliges me to refer"),
}

LETTER_TO = {
    "person": _("To the person"),
    "someone_else": _("To somebody the person trusts"),
    "referrer": _("Through whoever refers"),
    "unknown": _("Not sure yet"),
}

EVIDENCE = {
    "message": _("Messages or call lists"),
    "photo": _("Photographs"),
    "contract": _("Contract, payslip or notes of hours"),
    "identity": _("Identity paper"),
    "ticket": _("Ticket or travel paper"),
    "medical": _("Medical note"),
    "interview": _("Note of an interview"),
    "other": _("Something else"),
}

DECLINE = {
    "no_capacity": _("We have no capacity now"),
    "out_of_scope": _("It is outside what we do"),
    "conflict_of_interest": _("There is a conflict of interest"),
    "safety": _("It would not be safe with us"),
    "duplicate": _("We already have this referral"),
}

DISCARD = {
    "mistake": _("Begun by mistake"),
    "duplicate": _("Already referred"),
    "person_wish": _("The person does not wish it"),
    "no_indicator": _("No concern is left"),
    "sent_one_by_one": _("Each person was referred"),
    "not_sent": _("It was not sent in time"),
    "other": _("Another reason"),
}

WITHDRAW = {
    "person_wish": _("The person does not wish it any more"),
    "mistake": _("Sent by mistake"),
    "duplicate": _("Already referred"),
    "safety": _("It is safer so"),
    "moved": _("The person has moved"),
    "other": _("Another reason"),
}

OUTCOMES = {
    "assisted": _("Help has begun"),
    "handed_over": _("Handed over to another service"),
    "returned_to_referrer": _("Back with whoever referred"),
    "person_wish": _("Ended at the person’s wish"),
    "no_contact": _("The person could not be reached"),
    "not_needed": _("No help was needed"),
}

SHARED = {
    Category.ID.value: _("Who the person is"),
    Category.CON.value: _("How to reach the person safely"),
    Category.NAT.value: _("Nationality and stay"),
    Category.FAM.value: _("Family"),
    Category.EXP.value: _("What happened"),
    Category.LAB.value: _("Work and wages"),
    Category.HEA.value: _("Health"),
    Category.CHI.value: _("Child and guardian"),
    Category.CNS.value: _("The consent itself"),
    Category.DOC.value: _("Documents"),
    Category.SVC.value: _("Needs and services"),
}  # where a person is (LOC) is never lent by a referral
