"""Code lists that several tracks ask from.

Gender, marital status and education: Human Trafficking Case Data Standard 2.0,
International Organization for Migration (IOM), CC BY 4.0; education after ISCED 2011.
"""

from app.kit.i18n import _
from app.kit.places import Names, countries, languages, nationalities

COUNTRIES = Names(countries)
NATIONALITIES = Names(nationalities)
LANGUAGES = Names(languages)

YES_NO = {"yes": _("Yes"), "no": _("No")}
YES_NO_UNKNOWN = {**YES_NO, "unknown": _("Not sure")}

AGE_CLASS = {
    "adult": _("18 or older"),
    "child": _("Under 18"),
    "uncertain": _("Not sure"),
}

SEX = {
    "female": _("Female"),
    "male": _("Male"),
    "other": _("Neither, or described otherwise"),
    "unknown": _("Not known"),
}

GENDER = {
    "Feminine": _("Feminine"),
    "Masculine": _("Masculine"),
    "TransgenderFeminine": _("Transgender, feminine"),
    "TransgenderMasculine": _("Transgender, masculine"),
    "NonConforming": _("Non-conforming"),
    "NonSpecifiedUnknown": _("Not known, or not said"),
}

MARITAL_STATUS = {
    "Single": _("Single"),
    "Married": _("Married"),
    "Widowed": _("Widowed"),
    "Divorced": _("Divorced"),
    "Separated": _("Separated"),
    "RegisteredPartnership": _("In a registered partnership"),
    "unknown": _("Not known"),
}

EDUCATION = {
    "none": _("No schooling"),
    "EarlyChildhoodEducation": _("Early childhood education"),
    "PrimaryEducation": _("Primary school"),
    "LowerSecondaryEducation": _("Lower secondary school"),
    "UpperSecondaryEducation": _("Upper secondary school"),
    "PostSecondaryNonTertiaryEducation": _("After secondary school, not at a university"),
    "ShortCycleTertiaryEducation": _("Short course at a college or university"),
    "BachelorsOrEquivalentLevel": _("Bachelor’s degree or equal"),
    "MastersOrEquivalentLevel": _("Master’s degree or equal"),
    "DoctoralOrEquivalentLevel": _("Doctorate or equal"),
    "unknown": _("Not known"),
}

# As coarse as a compass: enough to find a service, too little to find a person.
REGIONS = {
    "capital": _("The capital and around it"),
    "north": _("The north"),
    "east": _("The east"),
    "south": _("The south"),
    "west": _("The west"),
    "centre": _("The centre"),
    "abroad": _("Abroad"),
    "unknown": _("Not known"),
}

URGENCY = {
    "immediate": _("Within the hour"),
    "today": _("Today"),
    "this_week": _("This week"),
    "later": _("Later"),
}

RISK = {
    "low": _("Low"),
    "medium": _("Medium"),
    "high": _("High"),
    "critical": _("Critical: act now"),
}

SECURITY = {
    "ordinary": _("Ordinary: the address is not published"),
    "raised": _("Raised: staff at the door day and night"),
    "high": _("High: agreed with the police"),
}
