"""The words that access is decided in: categories of data, roles, relations to a case, acts."""

from enum import StrEnum


class Category(StrEnum):
    """The sixteen categories of personal data; every field of every form belongs to exactly one."""

    ID = "ID"  # identity
    CON = "CON"  # contact by a safe channel
    LOC = "LOC"  # whereabouts, shelter location
    NAT = "NAT"  # nationality and immigration
    FAM = "FAM"  # family
    EXP = "EXP"  # exploitation narrative
    CRI = "CRI"  # criminal investigation
    HEA = "HEA"  # health
    PSY = "PSY"  # psychological
    LAB = "LAB"  # employment, labour
    LEG = "LEG"  # legal, compensation
    CHI = "CHI"  # child, guardian
    CNS = "CNS"  # consent
    DOC = "DOC"  # documents
    STA = "STA"  # statistics
    SVC = "SVC"  # assistance plan and services


class Role(StrEnum):
    """The roles of the matrix; SYS is the timer, which reads no personal data at all."""

    HOT = "HOT"  # hotline operator
    POL = "POL"  # police, prosecution liaison
    LAB = "LAB"  # labour inspector
    NGO = "NGO"  # NGO caseworker
    SOC = "SOC"  # social services
    SHE = "SHE"  # shelter staff
    HEA = "HEA"  # health professional
    LEG = "LEG"  # legal aid, lawyer
    GUA = "GUA"  # guardian
    IMM = "IMM"  # immigration, border, asylum authority
    CON = "CON"  # consular liaison
    CAU = "CAU"  # competent (identification) authority
    BIP = "BIP"  # best-interests panel
    SUP = "SUP"  # supervisor of the organisation
    AUD = "AUD"  # auditor
    DPO = "DPO"  # data-protection officer
    NCR = "NCR"  # national coordinator, rapporteur
    VIC = "VIC"  # the person herself
    ADM = "ADM"  # administrator: runs the service, reads nothing
    SYS = "SYS"  # timer or rule engine


class Relation(StrEnum):
    """Why somebody is on the team of a case; each row of the team has one, and an end."""

    REFERRER = "referrer"  # sent the referral; afterwards sees what they wrote and a bare status
    RECIPIENT = "recipient"  # was asked to take the case and has not answered yet
    LEAD = "lead"  # the one who coordinates
    ASSIGNED = "assigned"  # works on the case with the lead
    SHELTER = "shelter"  # houses the person
    SHELTER_ASKED = "shelter_asked"  # was asked for a place; sees the needs, not who
    GUARDIAN = "guardian"  # acts for the child
    AUTHORITY = "authority"  # decides on identification, stay
    MANDATE = "mandate"  # lawyer with a mandate
    OVERSIGHT = "oversight"  # supervisor who gave a reason, for a limited time
    EMERGENCY = "emergency"  # broke the glass, for a limited time


class Act(StrEnum):
    """What can be done with data, in the terms of article 25 of Directive (EU) 2016/680, and around it."""

    COLLECT = "collect"
    ALTER = "alter"
    CONSULT = "consult"
    DISCLOSE = "disclose"
    COMBINE = "combine"
    ERASE = "erase"
    SEARCH = "search"
    EXPORT = "export"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    REFUSE = "refuse"  # the service said no
    GRANT = "grant"  # somebody came onto a team or into a role
    REVOKE = "revoke"
    KEY = "key"
    STEP = "step"  # a step of a track was taken
    CALL = "call"  # a program called
    ALARM = "alarm"  # the service met what must not be
    WRITE = "write"  # a transaction wrote rows; the sum of their digests


class Level(StrEnum):
    """How much of a category a role may see."""

    NOTHING = "0"
    EXISTENCE = "E"
    READ = "R"
    WRITE = "W"
