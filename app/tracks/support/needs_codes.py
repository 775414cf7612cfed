"""Code lists of the needs and risk assessment; four of its dimensions are threats that the law names."""

from app.kit.i18n import _

KINDS = {
    "initial": _("Safety and what is needed at once"),
    "full": _("Full assessment"),
    "review": _("Review"),
    "trigger": _("After something happened"),
}

TRIGGERS = {
    "suspect_released": _("A suspect was released"),
    "hearing": _("A hearing was fixed"),
    "missing": _("The person was missing"),
    "decision": _("A decision was made"),
    "stay_ended": _("A right to stay ended"),
    "threat": _("A threat was found"),
    "birthday_18": _("The person turns 18"),
    "other": _("Something else"),
}

# Whoever speaks or does not speak, these four are looked at (UN Secretary-General, A/65/113, 23).
THREATS = {
    "life": _("Threat to life"),
    "physical": _("Threat to physical safety"),
    "psychological": _("Threat to psychological safety"),
    "property": _("Threat to property"),
}

DAILY = {
    "physical_safety": _("Physical safety"),
    "retaliation": _("Retaliation against the person, the family or property"),
    "retrafficking": _("Being trafficked again"),
    "digital_safety": _("Safety of telephone and accounts"),
    "housing": _("Housing"),
    "material": _("Food, clothes, money for the day"),
    "language": _("Language, culture, mediator"),
    "education": _("Education"),
    "social_network": _("People to rely on"),
    "own_goals": _("The person’s own goals"),
}
HEALTH = {
    "physical_health": _("Physical health"),
    "reproductive_health": _("Sexual and reproductive health, pregnancy"),
    "substances": _("Alcohol, drugs, medicines"),
    "disability": _("Disability"),
}
MIND = {"mental_health": _("Mental health, and thoughts of suicide")}
LEGAL = {"legal": _("Legal matters")}
STAY = {"immigration": _("Stay in the country"), "documents": _("Papers")}
FAMILY = {"family": _("Family and those who depend on the person")}
WORK = {"work": _("Work, money and debts")}
CHILD = {"child": _("The child: care, school, play, guardian")}

TWENTY = frozenset({**DAILY, **HEALTH, **MIND, **LEGAL, **STAY, **FAMILY, **WORK})
