"""Citations of law in the language of the page: the sources are written once, and named in French by rule."""

from functools import cache
from pathlib import Path

import yaml

FRENCH = (  # the longer name before the shorter one that it holds
    ("OSCE Ministerial Council Decision", "décision du Conseil ministériel de l’OSCE"),
    ("Ministerial Council decision", "décision du Conseil ministériel de l’OSCE"),
    ("OSCE Action Plan", "Plan d’action de l’OSCE"),
    ("OSCE Addendum", "Additif au Plan d’action de l’OSCE"),
    ("Vienna Declaration", "Déclaration de Vienne"),
    ("annex of Porto", "annexe de Porto"),
    ("CETS", "STCE"),
    ("CJEU", "CJUE"),
    ("Protocol 4 to the ECHR", "Protocole nº 4 à la CEDH"),
    ("ECHR", "CEDH"),
    ("Convention relating to the Status of Refugees", "Convention relative au statut des réfugiés"),
    ("Palermo Protocol", "Protocole de Palerme"),
    ("Convention on the Rights of the Child", "Convention relative aux droits de l’enfant"),
    (
        "UNHCR Best Interests Procedure Guidelines",
        "HCR, lignes directrices sur la procédure de l’intérêt supérieur",
    ),
    ("UNICEF, guidelines on child victims", "UNICEF, principes directeurs sur les enfants victimes"),
    (
        "ICMPD, guidelines on transnational referral",
        "ICMPD, lignes directrices sur l’orientation transnationale",
    ),
    ("ILO Conventions", "Conventions de l’OIT"),
    ("ILO Convention", "Convention de l’OIT"),
    ("Directive (EU)", "directive (UE)"),
    ("Regulation (EU)", "règlement (UE)"),
    ("Directive ", "directive "),
    ("/EU ", "/UE "),
    ("/EC ", "/CE "),
    ("chapter", "chapitre"),
    (" and ", " et "),
    (" to ", " à "),
)


def cited(source: str, language: str) -> str:
    """Return a citation, or the source of a number, as it is written in a language."""
    if language != "fr":
        return source
    return "\u00a0; ".join(_french(phrase) for phrase in source.split("; "))


def _french(phrase: str) -> str:
    if phrase in _phrases():
        return _phrases()[phrase]
    for english, french in FRENCH:
        phrase = phrase.replace(english, french)
    return phrase


@cache
def _phrases() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(
        (Path(__file__).parent / "words" / "sources.fr.yaml").read_text("utf-8")
    )
    return found
