"""The task legal.citation: what its labels mean."""

from wslabel.authoring import Label, Task


class Citation(Label):
    """What a legal text cites: decisions by name and by place, statutes, and the court and date of a decision."""

    CASE_NAME = (
        "CaseName",
        'The name of a decided case: its parties ("Harlow v. Pemberton"), or its style ("In re Fenwick Estates", "The '
        'Golden Heron"). Edge cases: "See", "In" and the comma behind are outside; a short form with one party only '
        "does not count; nor do parties outside the name of a case.",
    )
    CASE_CITATION = (
        "CaseCitation",
        'Where a decision is found: volume, reporter and first page ("431 U.S. 209"), neutral citation with its year '
        '("[2011] UKSC 63"), ECLI, or docket number ("Case C-417/19", "I ZR 121/08"). Edge cases: pin cites, and the '
        "parenthesis with court and year behind it, are outside; parallel citations count one by one; a year before "
        "the volume is inside.",
    )
    STATUTE = (
        "Statute",
        "A law or a rule by its name, with section and paragraph: acts, codes, constitutions, treaties, directives, "
        'rules of procedure ("42 U.S.C. § 1983", "Art. 6(1)(f) GDPR", "section 172 of the Companies Act 2006"). Edge '
        'cases: a section of a contract, or of no law that is named ("section 8 housing"), is outside; "§§ 280, 281 '
        'BGB" is one.',
    )
    COURT = (
        "Court",
        'A court by its name or abbreviation, with place and division ("9th Cir.", "Supreme Court of Nevada", "BGH"). '
        'Edge cases: "the court" does not count, the article before is outside.',
    )
    DECISION_DATE = (
        "DecisionDate",
        "When a decision was given: a date, or the year in the parenthesis behind a citation. Edge cases: dates of "
        "contracts, hearings, births and laws do not count, nor a year that belongs to the citation.",
    )


task = Task("legal.citation", Citation, kind="spans")
