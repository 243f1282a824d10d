"""Labeling functions about decisions: their names, and where they are found."""

from wslabel.authoring import regex

from .task import Citation
from .wording import REPORTERS, STYLED, VERSUS

parties_against = regex(
    "parties_against",
    votes=Citation.CASE_NAME,
    pattern=VERSUS,
    ignore_case=False,
    fires=["See Harlow v. Pemberton, which controls.", "R v Thackeray is good law."],
    abstains=["The red v. blue debate.", "Harlow sued Pemberton."],
    doc="Capitalised names on both sides of a v are the parties of a case.",
)

styled_without_opponent = regex(
    "styled_without_opponent",
    votes=Citation.CASE_NAME,
    pattern=STYLED,
    ignore_case=False,
    fires=["The rule in Re Marlowe's Settlement.", "Ex parte Hollis was cited."],
    abstains=["Re your letter", "the matter of costs"],
    doc="In re, Re, Ex parte and Matter of open the name of a case without an opponent.",
)

name_before_citation = regex(
    "name_before_citation",
    votes=Citation.CASE_NAME,
    pattern=[
        rf"(?P<span>{VERSUS}|{STYLED})(?=,? (?:\d+ [A-Z]|\d{{4}} [A-Z]|\[\d{{4}}\]|\(\d{{4}}\)|ECLI:|[CT]-\d|no\. \d))",
        r"(?P<span>\bThe [A-Z]\w+(?: [A-Z]\w+){0,3})(?= [\[(]\d{4}[\])])",
    ],
    ignore_case=False,
    fires=["Harlow v. Pemberton, 431 U.S. 209", "The Golden Heron [1989] 1 Lloyd's Rep 255"],
    abstains=["Harlow v. Pemberton was a match."],
    doc="What stands right before a volume or a neutral citation is the name of the case.",
)

known_reporter = regex(
    "known_reporter",
    votes=Citation.CASE_CITATION,
    pattern=rf"\b\d{{1,4}} (?:{REPORTERS})(?: \(\d [A-Z][a-z]+\.?\))? \d{{1,6}}\b",
    ignore_case=False,
    fires=["431 U.S. 209", "812 F.3d 455 (9th Cir. 2016)", "2011 WL 834501"],
    abstains=["42 U.S.C. § 1983", "410 units at 113 dollars"],
    doc="Volume, a reporter of the list, page.",
)

volume_and_page = regex(
    "volume_and_page",
    votes=Citation.CASE_CITATION,
    pattern=r"\b\d{1,3} (?!U\.S\.C|C\.F\.R|Abs\.|Nr\.|No\.|Art\.)"
    r"(?:[A-Z][A-Za-z'’]{0,5}\.(?: ?(?:[A-Z][A-Za-z'’]{0,4}\.|\d[dth]+))*) \d{1,5}\b",
    ignore_case=False,
    fires=["54 Ill. 2d 126", "19 Xyz. App. 8"],
    abstains=["5 May 1990", "sold 22 lots", "§ 433 Abs. 1 BGB"],
    doc="Abbreviations with points between two numbers are a reporter, known or not.",
)

neutral_citation = regex(
    "neutral_citation",
    votes=Citation.CASE_CITATION,
    pattern=[
        r"\[\d{4}\] (?:UK(?:SC|HL|PC|UT|FTT|EAT)|EW(?:CA (?:Civ|Crim)|HC|FC|COP)|CS(?:IH|OH)|NI(?:CA|QB)|IE(?:SC|HC)"
        r"|HCA|FCA(?:FC)?|NZ(?:SC|CA|HC)|ZA(?:SCA|CC)|SG(?:CA|HC)) \d+"
        r"(?: \((?:QB|KB|Ch|Admin|Comm|Fam|TCC|Pat|AAC)\))?",
        r"\b(?:19|20)\d\d (?:SCC|ONCA|ONSC|BCCA|BCSC|ABCA|QCCA|FCA?|TCC|WL|ND|SD|UT) \d+\b",
    ],
    ignore_case=False,
    fires=["[2011] UKSC 63 at [42]", "[2015] EWHC 2290 (QB)", "2014 SCC 71"],
    abstains=["in 2011 the UKSC sat"],
    doc="Year, court and number make a neutral citation.",
)

year_and_report = regex(
    "year_and_report",
    votes=Citation.CASE_CITATION,
    pattern=r"[\[(]\d{4}[\])] (?:\d{1,3} )?[A-Z][\w.'’]*(?: [A-Z][\w.'’]*){0,3} \d{1,5}\b(?: \([A-Z][A-Za-z]+\))?",
    ignore_case=False,
    fires=["[1932] AC 311", "(1987) 162 CLR 340", "[1998] 2 Cr App R 145"],
    abstains=["431 U.S. 209 (1977)"],
    doc="Commonwealth reports put the year in brackets first.",
)

ecli_or_eu_case = regex(
    "ecli_or_eu_case",
    votes=Citation.CASE_CITATION,
    pattern=[
        r"\bECLI:[A-Z]{2}:[A-Z0-9]+:\d{4}:[A-Z0-9.]*[A-Z0-9]",
        r"\b(?:(?:Joined )?Cases? )?[CTF][-‑]\d{1,4}/\d\d"
        r"(?:(?:, | and |, and )[CTF][-‑]\d{1,4}/\d\d)*(?: PPU| P| R)?\b",
    ],
    ignore_case=False,
    fires=["ECLI:EU:C:2020:512", "Case C-417/19", "Joined Cases C-92/09 and C-93/09"],
    abstains=["vitamin C-12", "24/7"],
    doc="The European identifier and the numbers of the courts in Luxembourg have fixed forms.",
)

continental_number = regex(
    "continental_number",
    votes=Citation.CASE_CITATION,
    pattern=[
        r"\b(?:BGHZ|BGHSt|BVerfGE|BVerwGE|BAGE|BSGE|BFHE) \d{1,3}, \d+\b",
        r"\b(?:[IVX]{1,5}|\d{1,2}) [A-Z][A-Za-z]{0,2} \d{1,4}/\d\d\b",
        r"\bn° ?\d\d-\d\d\.\d{3}\b",
        r"\b[Nn]os?\. \d{3,5}/\d\d\b",
    ],
    ignore_case=False,
    fires=["BGHZ 154, 205", "I ZR 121/08", "no. 48321/11"],
    abstains=["invoice no. 2231 of 8 June", "12 of 14"],
    doc="German collections and docket numbers, French appeals, and applications to Strasbourg.",
)
