"""Labeling functions about statutes: codes, acts, treaties, rules of procedure."""

from wslabel.authoring import regex

from .task import Citation
from .wording import LAWS, PROVISION, SECTION

_ACT = r"(?!The |Under |In |See )[A-Z][\w'’-]+(?: (?:[A-Z][\w'’-]+|of|and|with|in|to|for|on|\([A-Z][\w ]+\))){0,8}?"

american_code = regex(
    "american_code",
    votes=Citation.STATUTE,
    pattern=[
        rf"\b\d{{1,2}} (?:U\.? ?S\.? ?C\.?(?: ?A\.)?|C\.? ?F\.? ?R\.?) "
        rf"(?:§§ ?{SECTION}(?:(?:, | and |, and ){SECTION})*"
        rf"|(?:§ ?|[Pp]art )?{SECTION})",
        rf"\b(?:Ala|Ariz|Cal|Colo|Conn|Del|Fla|Ga|Ill|Ind|Kan|Mass|Mich|Minn|Mo|N\.J|N\.Y|Ohio|Or|Pa|Tex|Va|Wash|Wis)\.?"
        rf"(?: [A-Z][A-Za-z&]*\.?){{1,4}} §{{1,2}} ?{SECTION}",
    ],
    ignore_case=False,
    fires=["42 U.S.C. § 1983", "18 U.S.C. §§ 1341, 1343", "Cal. Civ. Code § 1714"],
    abstains=["431 U.S. 209", "42 USD"],
    doc="Title, code and section, as American law is cited.",
)

rule_or_constitution = regex(
    "rule_or_constitution",
    votes=Citation.STATUTE,
    pattern=[
        rf"\bFed\. ?R\. ?(?:Civ|Crim|App|Evid|Bankr)\.(?: ?P\.)? {SECTION}",
        rf"\bRule {SECTION} of the Federal Rules of (?:Civil|Criminal|Appellate|Bankruptcy) Procedure\b",
        r"\bU\.S\. Const\. (?:art|amend)\. [IVX]+(?:, (?:§|cl\.) \d+)*",
    ],
    ignore_case=False,
    fires=["Fed. R. Civ. P. 56(a)", "U.S. Const. amend. XIV, § 1"],
    abstains=["Rule 4 of the game"],
    doc="Federal rules and the constitution of the United States.",
)

act_with_year = regex(
    "act_with_year",
    votes=Citation.STATUTE,
    pattern=rf"(?:\b{PROVISION} of (?:the )?)?\b{_ACT} (?:Act|Order|Rules|Regulations|Ordinance)(?: of)? \d{{4}}\b"
    rf"(?:,? (?:ss?|[Ss]ections?|[Ss]ch)\.? {SECTION})?",
    ignore_case=False,
    fires=["Companies Act 2006, s. 172", "section 172 of the Companies Act 2006", "the Civil Rights Act of 1964"],
    abstains=["A negligent act in 1999", "The Act was debated."],
    doc="A title that ends with Act and its year, with the section before or behind it.",
)

act_without_year = regex(
    "act_without_year",
    votes=Citation.STATUTE,
    pattern=rf"(?:\b{PROVISION} of (?:the )?)?\b"
    r"(?!(?:The|This|That|Under|In|See|Such|Any|Postal|Zip|ZIP|Dress|Building) )[A-Z][a-z][\w'’-]*"
    r"(?: (?:(?:and|of|on|in|for) )?(?!Act\b|Code\b)[A-Z][\w'’-]+){0,6} "
    r"(?:Act|Code(?! of )|in Arms Regulations|Administration Regulations)\b"
    rf"(?! (?:of )?\d{{4}}\b)(?: (?:[Ss]ection|§) {SECTION})?",
    ignore_case=False,
    fires=["the Harbour Safety Act", "California Civil Code Section 1542", "section 6:253 of the Dutch Civil Code"],
    abstains=["Postal Code", "This Act", "the Minister’s Code of Practice", "Companies Act 2006"],
    doc="A law may be named without its year; then only capitals and the last word tell.",
)

listed_law = regex(
    "listed_law",
    votes=Citation.STATUTE,
    pattern=rf"(?:\b{PROVISION}(?: of (?:the )?| du | de la | ))?\b(?:{LAWS})\b",
    ignore_case=False,
    fires=["Art. 6(1)(f) GDPR", "The Sherman Act forbids it.", "Article 267 TFEU"],
    abstains=["Article 12 of the lease"],
    doc="Laws that are known by a name or an abbreviation without a year.",
)

provision_of_named_law = regex(
    "provision_of_named_law",
    votes=Citation.STATUTE,
    pattern=rf"\b{PROVISION} of the (?:[A-Z][\w'’-]+ (?:(?:of|on|and|for|the|in) )*){{0,7}}"
    r"(?:Convention|Code|Constitution|Treaty|Charter|Act|Statute|Directive|Regulation)\b"
    r"(?: (?:on|of) (?!\d)[A-Z][\w'’]+(?: [A-Z][\w'’]+)*)?(?:(?: of)? \d{4})?",
    ignore_case=False,
    fires=["Article 8 of the European Convention on Human Rights", "section 3 of the Harbour Safety Act"],
    abstains=["Section 4 of this Agreement", "Article 12 of the lease"],
    doc="A section or an article of something that is called a convention, a code or an act.",
)

german_provision = regex(
    "german_provision",
    votes=Citation.STATUTE,
    pattern=r"(?:§{1,2}|\bArt\.|\bArtikel) ?\d+[a-z]?(?:(?:, | und )\d+[a-z]?)*(?: (?:Abs\.|Satz|S\.|Nr\.) ?\d+)*"
    r" (?:BGB|StGB|HGB|GG|ZPO|StPO|AktG|GmbHG|UWG|UrhG|InsO|VwGO|AO|[A-Z][A-Za-z]{1,6}(?:G|GB|O|VO))\b",
    ignore_case=False,
    fires=["§ 433 Abs. 1 BGB", "§§ 280, 281 BGB", "Art. 14 GG"],
    abstains=["§ 1983", "Art. 6(1)(f) GDPR"],
    doc="Paragraph sign or article, then the abbreviation of a German law.",
)

union_act = regex(
    "union_act",
    votes=Citation.STATUTE,
    pattern=rf"(?:\b{PROVISION} of )?(?:\b(?:Council|Commission) )?\b(?:Regulation|Directive|(?:Framework )?Decision)"
    r"(?: \((?:EU|EC|EEC|Euratom)\))?(?: No\.?)? \d{2,4}/\d{1,4}(?:/(?:EC|EU|EEC|JHA))?\b",
    ignore_case=False,
    fires=["Regulation (EU) 2016/679 applies.", "Directive 95/46/EC"],
    abstains=["Regulation of traffic"],
    doc="Acts of the European Union have a number with a stroke.",
)
