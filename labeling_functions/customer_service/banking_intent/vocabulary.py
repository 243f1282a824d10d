"""What customers talk about and what has happened to it: patterns that the labeling functions put together."""

BENEFICIARY = r"\bbeneficiar\w+"
CANCEL = r"\bcancel\w*"
CANCELLED = r"\bcancell?ed\b|\brevert\w*|\breturned\b"
CARD = r"\bcards?\b"
CARD_PAYMENT = r"\bcard payments?\b"
CASH = r"\b(?:cash|atms?|withdr\w+|cashpoint)\b"
CASH_MACHINE = r"\b(?:atms?|withdr\w+)\b"
CHEQUE = r"\bcheques?\b|\b(?:a|my|the|by|with) checks?\b"
CURRENCY = r"\bcurrenc\w+"
DECLINED = r"\b(?:declin\w+|reject\w+|den(?:y|ied|ying)|refus\w+)\b"
DEPOSIT = r"\bdeposit\w*"
DIRECT_DEBIT = r"\bdirect[- ]?debit\w*"
EXCHANGE = r"\bexchang\w+|\bconver(?:t\w*|sion)\b|\bchange my (?:\w+ )?(?:into|to|for)\b"
EXTRA = r"\b(?:extra|additional|second|spare)\b"
FAILED = (
    r"\bfail\w*|\bdeclin\w+|(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt) work\w*|\bnot work\w*|"
    r"\breject\w+|\bdenied"
)
FEE = r"\b(?:fees?|charg(?:e|es|ed|ing)|cost\w*)\b"
FEE_MADE = r"\b(?:fee|charged)\b"
FEE_SMALL = r"\b(?:fees?|extra|[£$€]1)\b"
FOREIGN = (
    r"\b(?:abroad|foreign|another country|other country|overseas|internation\w*|holiday|vacation|"
    r"in the country)\b"
)
IDENTITY = (
    r"\bidenti\w+|\b(?:my|an?|the|your) id\b|\bwho i am\b|\bit'?s me\b|\bit is me\b|\bprov\w+ (?:i am|"
    r"i'm|that i|who)"
)
LIMIT = r"\b(?:limit\w*|maximum|max|highest|most|how much|unlimited|any amount|as much)\b"
LIMIT_ASKED = r"\b(?:limits?|maximum)\b"
LOST = r"\b(?:lost|stole\w*|misplac\w*|missing)\b"
NOT_SHOWN = (
    r"(?:\bnot\b|n't\b|\bnever\b).{0,15}\b(?:show\w*|appear\w*|updat\w*|there|arriv\w*)|\bmissing\b|"
    r"\byet\b|(?:hasn'?t|haven'?t|isn'?t|doesn'?t|didn'?t)\b"
)
NOT_SHOWN_STRONG = (
    r"\bshow\w*\b|\bappear\w*\b|\b(?:refund|it) (?:hasn'?t|isn'?t|has not|is not)\b|\bwhere is my refund\b"
)
NOT_WORKING = r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt) work\w*|\bnot work\w*|\bto work\b|\bbroken\b"
ONE_UNIT = (
    r"[£$€] ?1(?:\.00)?\b(?!\d)|\b(?:1|one|a|an? extra|extra) ?(?:£|€|\$|pounds?|dollars?|euros?)\b|"
    r"\b1 ?(?:£|€|\$)"
)
ONLINE_TRANSFER = r"\bonline\b"
PAYMENT = r"\b(?:pay(?:ments?|ing)?|paid|purchas\w+|bought|buy(?:ing)?|transactions?)\b"
PAYMENT_MADE = r"\b(?:paid|paying|purchas\w+|bought|buying|payments?)\b"
PENDING = r"\bpending\b"
PHONE = r"\bphones?\b"
PIN = r"\bpins?\b"
RATE = r"\brates?\b"
RECIPIENT = (
    r"\b(?:friends?|recipients?|girlfriend|boyfriend|she|he|they|her|him|mother|father|sister|brother|"
    r"wife|husband|landlord|someone|family)\b"
)
RECIPIENT_WAITS = r"\b(?:she|he|they|recipient\w*) (?:has|have|hasn'?t|haven'?t|did)"
REFUND = r"\brefund\w*"
REFUND_ONLY = r"\brefund (?:is|has|was)\b"
REVERTED = r"\brevert\w*"
STATEMENT = r"\bstatement\b"
TOP_UP = (
    r"\btop(?:p\w+)?[- ]?(?:ups?|off)\b|\btop ?-?ups?\b|\b(?:add\w*|put|"
    r"load\w*) (?:\w+ ){0,2}(?:money|funds)\b"
)
TRANSFER = r"\btransfer\w*|\bs(?:ent|end|ending) (?:\w+ ){0,2}(?:money|funds|cash)\b"
TRANSFER_WORD = r"\btransfers?\b"
TWICE = (
    r"\b(?:twice|double\w*|duplicat\w*|two times|multiple times|second charge|same (?:thing|item|"
    r"purchase))\b"
)
UNKNOWN = (
    r"\b(?:recogni[sz]e\w*|recognition|unknown|uknown|unfamiliar|familiar|strange|weird|suspicious|"
    r"fraud\w*|unauthori[sz]ed)\b|\b(?:did|do|have|has)(?:(?:n't|\b(?:do|did|does|has|have|is|was|ca|"
    r"wo)nt)| not) (?:really )?(?:make|made|do|done|authori[sz]e\w*|recogni[sz]e|creat\w+|remember|"
    r"know)\b|\b(?:not|wasn'?t|isn'?t) (?:me|mine|made by me)\b|\bnever (?:made|been|bought|shopped|"
    r"did|heard)\b|\bwhat(?:'s| is) this\b"
)
VERIFY = r"\bverif\w+"
VIRTUAL = r"\bvirtual\b|\bdispos\w+"
WITHDRAW = r"\bwithdr\w+|\batms?\b"
WRONG = r"\b(?:wrong\w*|incorrect\w*|mistake|error|not (?:right|correct))\b"
