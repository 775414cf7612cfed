"""Cases worked out by hand from the table and its rules; each line is one that a lawyer could check."""

from pathlib import Path

import pytest

from app.safeguards import matrix as room
from app.safeguards.matrix import CONFLICT, Standing, decide
from app.safeguards.words import Category, Relation, Role

# role, relations, category, own?, more of the standing -> level, minimised
CASES = """
NGO lead                    LOC  -                      -> R
NGO assigned                LOC  -                      -> E
NGO lead                    ID   -                      -> W
NGO lead                    HEA  -                      -> 0
NGO lead                    HEA  lent=HEA               -> R
NGO assigned                PSY  lent=PSY               -> R
NGO lead                    PSY  lent=HEA               -> 0
NGO lead                    CRI  -                      -> E
NGO lead                    STA  -                      -> 0
NGO recipient               SVC  -                      -> R m
NGO recipient               ID   -                      -> E
NGO recipient               LOC  -                      -> E
NGO recipient               HEA  -                      -> 0
NGO recipient               HEA  lent=HEA               -> E
NGO recipient,lead          ID   -                      -> W
NGO recipient,lead          SVC  -                      -> W
NGO referrer                ID   -                      -> E
NGO referrer                ID   own                    -> R
NGO referrer                LOC  own                    -> E
NGO emergency               EXP  timed,glass=EXP        -> R
NGO emergency               EXP  glass=EXP              -> E
NGO emergency               FAM  timed,glass=EXP        -> E
NGO emergency               LOC  timed,glass=LOC        -> E
NGO emergency               HEA  timed,glass=HEA        -> R
NGO emergency               STA  timed,glass=STA        -> 0
POL referrer                ID   own                    -> W
POL referrer                ID   -                      -> 0
POL referrer                ID   lent=ID                -> R
POL referrer                EXP  lent=ID                -> 0
POL referrer                LOC  -                      -> 0
POL referrer                LOC  own                    -> 0
POL referrer                LOC  own,lent=LOC           -> 0
POL referrer                HEA  own                    -> R
POL referrer                HEA  lent=HEA               -> 0
POL referrer                SVC  -                      -> E m
POL referrer                CHI  -                      -> E m
POL referrer                LEG  -                      -> E
POL referrer                FAM  -                      -> 0
POL referrer                FAM  lent=FAM               -> E
POL assigned                CRI  -                      -> W
POL referrer                CRI  -                      -> E
POL recipient               ID   lent=ID                -> E
POL recipient               SVC  -                      -> E m
POL emergency               LOC  timed,glass=LOC        -> 0
POL emergency               PSY  timed,glass=PSY        -> R
LAB referrer                ID   -                      -> 0
LAB referrer                ID   lent=ID                -> E
LAB referrer                EXP  -                      -> 0
LAB referrer                EXP  own                    -> W
LAB referrer                NAT  own                    -> R
LAB assigned                LAB  -                      -> W
LAB assigned                LOC  lent=LOC               -> 0
LAB emergency               EXP  timed,glass=EXP        -> 0
HOT referrer                EXP  -                      -> 0
HOT referrer                EXP  own                    -> W
HOT referrer                SVC  -                      -> E
HOT referrer                LOC  own                    -> 0
SOC lead                    LOC  -                      -> R
SOC lead                    EXP  -                      -> R m
SOC lead                    EXP  own                    -> R
SOC lead                    CHI  -                      -> W
SOC assigned                LOC  -                      -> E
SHE shelter                 LOC  -                      -> W
SHE shelter                 ID   -                      -> R m
SHE shelter                 EXP  -                      -> E m
SHE shelter                 NAT  -                      -> E
SHE shelter                 CRI  -                      -> 0
SHE shelter                 SVC  -                      -> R m
SHE shelter                 SVC  own                    -> W
SHE shelter_asked           SVC  -                      -> R m
SHE shelter_asked           ID   -                      -> E
SHE shelter_asked           HEA  -                      -> E
SHE shelter_asked           LOC  -                      -> E
SHE shelter_asked           LAB  -                      -> 0
SHE assigned                LOC  -                      -> E
SHE lead                    LOC  own                    -> E
HEA assigned                HEA  -                      -> W
HEA assigned                LOC  -                      -> 0
HEA assigned                EXP  -                      -> E m
HEA assigned                EXP  own                    -> W
HEA referrer                ID   -                      -> E
LEG mandate                 LEG  -                      -> W
LEG mandate                 LOC  -                      -> E
LEG mandate                 LOC  own                    -> E
LEG mandate                 HEA  -                      -> 0
LEG mandate                 HEA  lent=HEA               -> R
LEG referrer                LEG  -                      -> E
GUA guardian                LOC  -                      -> R
GUA assigned                LOC  -                      -> E
GUA guardian                PSY  -                      -> R m
GUA guardian                CHI  -                      -> W
GUA guardian                CRI  -                      -> E m
IMM authority               EXP  -                      -> E
IMM authority               LAB  -                      -> 0
IMM authority               NAT  -                      -> W
IMM authority               ID   -                      -> R m
IMM authority               HEA  -                      -> 0
IMM authority               HEA  lent=HEA               -> E
IMM emergency               EXP  timed,glass=EXP        -> E
IMM referrer                ID   -                      -> E
CON assigned                ID   -                      -> 0
CON assigned                ID   lent=ID                -> R m
CON assigned                ID   lent=ID,asylum         -> 0
CON assigned                DOC  own                    -> W
CON assigned                DOC  own,asylum             -> 0
CAU authority               EXP  -                      -> W
CAU authority               LOC  -                      -> 0
CAU authority               HEA  -                      -> 0
CAU authority               HEA  lent=HEA               -> R m
CAU authority               FAM  -                      -> R m
CAU authority               CON  -                      -> E m
CAU recipient               EXP  -                      -> E
BIP authority               ID   -                      -> E
BIP authority,oversight     ID   timed                  -> R
BIP authority,oversight     ID   -                      -> E
BIP oversight               ID   timed                  -> E
BIP authority,oversight     CHI  timed                  -> W
BIP authority,oversight     LOC  timed                  -> 0
SUP oversight               ID   -                      -> E
SUP oversight               ID   timed                  -> R
SUP lead                    ID   timed                  -> E
SUP oversight               LOC  timed                  -> 0
SUP oversight               HEA  timed                  -> E
SUP oversight               HEA  -                      -> 0
SUP oversight               EXP  timed                  -> R m
SUP emergency               HEA  timed,glass=HEA        -> E
AUD none                    ID   -                      -> E
AUD none                    CNS  -                      -> R
AUD none                    LOC  -                      -> E
AUD none                    STA  -                      -> 0
AUD lead                    ID   own                    -> E
AUD emergency               ID   timed,glass=ID         -> E
DPO none                    CNS  -                      -> R
DPO none                    ID   -                      -> 0
DPO oversight               ID   timed                  -> E
NCR lead                    SVC  own,lent=SVC           -> 0
ADM lead,emergency          ID   own,lent=ID,timed,glass=ID -> 0
SYS lead                    ID   own                    -> 0
VIC assigned                EXP  -                      -> R
VIC assigned                LOC  -                      -> R
VIC assigned                CRI  -                      -> R m
VIC assigned                ID   own                    -> W
VIC referrer                EXP  -                      -> E
VIC none                    EXP  -                      -> 0
NGO none                    ID   own,lent=ID,timed,glass=ID -> 0
SHE none                    LOC  own                    -> 0
NGO lead                    ID   barred                 -> 0
NGO lead,emergency          ID   own,lent=ID,timed,glass=ID,barred -> 0
AUD none                    CNS  barred                 -> 0
VIC assigned                ID   own,barred             -> 0
"""


def read(line):
    left, _, right = line.partition("->")
    role, relations, category, more = left.split()
    words = dict(word.partition("=")[::2] for word in more.split(","))
    level, *minimised = right.split()
    standing = Standing(
        frozenset(Relation(each) for each in relations.split(",") if each != "none"),
        frozenset(Category(words[name]) for name in ("lent",) if name in words),
        "timed" in words,
        frozenset(Category(words[name]) for name in ("glass",) if name in words),
        "asylum" in words,
        "barred" in words,
    )
    return Role(role), Category(category), standing, "own" in words, level, bool(minimised)


@pytest.mark.parametrize("line", [line for line in CASES.splitlines() if line])
def test_by_hand(line):
    role, category, standing, own, level, minimised = read(line)
    decision = decide(role, category, "read", standing, own)
    assert (decision.level.value, decision.minimised) == (level, minimised)
    assert decision.allowed == (level in "RW")
    assert decide(role, category, "exist", standing, own).allowed == (level in "ERW")
    assert decide(role, category, "write", standing, own).allowed == (level == "W")
    assert decision.rule


def test_the_rule_says_what_lacks():
    def rule(role, relation, category, **more):
        return decide(role, category, "read", Standing(frozenset({relation}), **more)).rule

    assert rule(Role.NGO, Relation.LEAD, Category.HEA) == "NGO.HEA=Rac, lacking c"
    assert rule(Role.NGO, Relation.ASSIGNED, Category.LOC) == "INV-12"
    assert rule(Role.POL, Relation.ASSIGNED, Category.LOC) == "POL.LOC=0"
    assert rule(Role.NGO, Relation.RECIPIENT, Category.SVC) == "NGO.SVC=Wa, invited"
    glass = {"timed_reason": True, "emergency": frozenset({Category.EXP})}
    assert rule(Role.NGO, Relation.EMERGENCY, Category.EXP, **glass) == "T26"
    assert decide(Role.NGO, Category.ID, "read", Standing(frozenset())).rule == "no relation to the case"
    assert rule(Role.NGO, Relation.LEAD, Category.ID, barred=True) == CONFLICT == "conflict of interest"
    assert rule(Role.CON, Relation.ASSIGNED, Category.ID, asylum_open=True) == "INV-05"
    assert rule(Role.SUP, Relation.OVERSIGHT, Category.HEA) == "SUP.HEA=Et, lacking t"
    assert rule(Role.NGO, Relation.RECIPIENT, Category.ID) == "NGO.ID=Wa, lacking a"
    assert rule(Role.CAU, Relation.AUTHORITY, Category.CON) == "CAU.CON=Em"
    lent = {"lent": frozenset({Category.ID})}
    assert rule(Role.POL, Relation.RECIPIENT, Category.ID, **lent) == "POL.ID=Rc+Wo, lacking a relation"
    own = Standing(frozenset({Relation.REFERRER}))
    assert decide(Role.NGO, Category.ID, "read", own, own=True).rule == "own contribution"
    assert decide(Role.LEG, Category.LOC, "read", own, own=True).rule == "LEG.LOC=E"


def test_an_office_is_held_to_the_conditions_of_its_row(monkeypatch):
    """No row of an office has such cells today; a file that gives it some means them."""
    text = Path(room.__file__).with_name("matrix.yaml").read_text("utf-8")
    said = text.replace("  AUD  E      E      E ", "  AUD  Rm     R      Ra")
    assert said != text
    monkeypatch.setattr(room, "MATRIX", room.parse(said))
    nobody = Standing(frozenset())
    found = {
        category: decide.__wrapped__(Role.AUD, category, "read", nobody)
        for category in (Category.ID, Category.CON, Category.LOC, Category.STA)
    }
    assert [(each.level.value, each.minimised) for each in found.values()] == [
        ("R", True), ("R", False), ("0", False), ("0", False),
    ]  # fmt: skip
    assert [each.rule for each in found.values()] == ["AUD.ID=Rm", "AUD.CON=R", "AUD.LOC=Ra", "AUD.STA=Rg"]
