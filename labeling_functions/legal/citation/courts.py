"""Labeling functions about the court and the date of a decision."""

from wslabel.authoring import keywords, regex

from .task import Citation
from .wording import COURTS, DATE

_OPENING = r"(?!(?:The|This|That|In|Our|Each|No) )"
_NAME = r"[A-ZÄÖÜ][\w'’-]+"

known_court = keywords(
    "known_court",
    votes=Citation.COURT,
    any_of=COURTS,
    ignore_case=False,
    fires=["The House of Lords reversed.", "BGH, Urteil vom 12. Mai 2010"],
    abstains=["The court reversed.", "the food court"],
    doc="Courts whose decisions are cited again and again.",
)

court_of_place = regex(
    "court_of_place",
    votes=Citation.COURT,
    pattern=[
        rf"\b{_OPENING}(?:{_NAME} ){{1,4}}(?:Court|Tribunal)\b"
        rf"(?: (?:of|for|at) (?:the )?{_NAME}(?: (?:and |of )?{_NAME})*)*",
        rf"\b(?:Supreme |District )?Court(?: (?:of|for) (?:the )?{_NAME}(?: {_NAME})*)+",
        rf"\b{_OPENING}{_NAME} (?:Supreme Court|Court of (?:Appeals?|Chancery|Session))",
        rf"\b(?:Amts|Land|Oberland(?:es)?|Oberlandes|Verwaltungs|Oberverwaltungs|Arbeits|Sozial|Finanz)gericht {_NAME}"
        r"|\b(?:AG|LG|OLG|VG|OVG) [A-ZÄÖÜ][a-zäöü]+",
        r"\bCass\. (?:civ|com|soc|crim)\.(?: \dre| \de)?",
    ],
    ignore_case=False,
    fires=["the Supreme Court of Nevada", "the Court of Appeals for the Ninth Circuit", "Cass. com., 3 mai 2011"],
    abstains=["the court of public opinion", "The Court held"],
    doc="A kind of court with the place that it sits for.",
)

court_in_parenthesis = regex(
    "court_in_parenthesis",
    votes=Citation.COURT,
    pattern=r"\d \((?P<span>(?:\d{1,2}(?:st|nd|rd|th|d) Cir\.|[A-Z][A-Za-z.]*(?: [A-Z][A-Za-z.]*)*?)) "
    r"(?=(?:[A-Z][a-z]{2,4}\.? \d{1,2}, )?\d{4}\))",
    ignore_case=False,
    fires=["812 F.3d 455 (9th Cir. 2016)", "2011 WL 834501 (Del. Ch. Mar. 3, 2011)"],
    abstains=["431 U.S. 209 (1977)"],
    doc="The parenthesis behind an American citation names the court, unless the reporter tells.",
)

circuit = regex(
    "circuit",
    votes=Citation.COURT,
    pattern=r"\b(?<!for the )(?:First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh"
    r"|D\.C\.|Federal) Circuit\b",
    ignore_case=False,
    fires=["The Second Circuit reversed."],
    abstains=["a short circuit", "the Court of Appeals for the Ninth Circuit"],
    doc="Federal courts of appeals are called by their circuit.",
)

year_behind_citation = regex(
    "year_behind_citation",
    votes=Citation.DECISION_DATE,
    pattern=r"\d(?:, \d+(?:[-–]\d+)?)* \((?:\d{1,2}(?:st|nd|rd|th|d) )?(?:[A-Z][A-Za-z.]*(?: [A-Z][A-Za-z.]*)*? )?"
    r"(?P<span>(?:(?:Jan|Feb|Mar|Apr|May|June|July|Aug|Sept|Oct|Nov|Dec)\.? \d{1,2}, )?\d{4})\)",
    ignore_case=False,
    fires=["431 U.S. 209, 215 (1977)", "812 F.3d 455 (9th Cir. 2016)"],
    abstains=["[1932] AC 311", "(1987) 162 CLR 340"],
    doc="The parenthesis behind a citation ends with the year of the decision.",
)

decision_of_date = regex(
    "decision_of_date",
    votes=Citation.DECISION_DATE,
    pattern=[
        rf"\b(?:[Jj]udgment|[Oo]rder|[Dd]ecision|[Rr]uling|[Dd]ecree|Urteil|Beschluss|arrêt)"
        rf"(?: of| dated| vom| du|,)? (?P<span>{DATE})",
        rf"\b(?:Cass\. \w+\.(?: \w+)?|BGH|BAG|BVerfG|BVerwG|BSG|BFH), (?P<span>{DATE})",
    ],
    ignore_case=False,
    fires=["By its order of 21 January 2020", "Urteil vom 12. Mai 2010"],
    abstains=["The contract of 4 July 2001"],
    doc="The word for a decision, then its date.",
)

decided_on = regex(
    "decided_on",
    votes=Citation.DECISION_DATE,
    pattern=r"\b(?:decided|ruled|held|handed down|delivered|affirmed|reversed|vacated|dismissed|granted|upheld|quashed"
    r"|allowed|passed|pronounced|advised|remitted|referred|set aside|gave (?:judgment|leave)"
    r"|entered (?:its )?(?:judgment|decision))\b"
    rf"[^.;]{{0,60}}?\b(?:on )(?P<span>{DATE})",
    ignore_case=False,
    fires=["Judgment was handed down on 14 March 2015", "The appeal was dismissed on June 7, 2012"],
    abstains=["The parties met on 3 May 2019"],
    doc="Courts decide, affirm and dismiss on a date.",
)

court_and_date = regex(
    "court_and_date",
    votes=Citation.DECISION_DATE,
    pattern=r"(?:\b(?:Court|Tribunal|Circuit|Lords|Council|Division)\b|gericht(?:shof)?\b)[^.;]{0,70}? "
    rf"on (?P<span>{DATE})",
    ignore_case=False,
    fires=["The High Court struck the claim out on 6 October 1999."],
    abstains=["The buyer paid on 6 October 1999."],
    doc="What a court does on a date is mostly to decide.",
)
