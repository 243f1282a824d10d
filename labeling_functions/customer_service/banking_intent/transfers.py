"""Labeling functions about bank transfers and direct debits."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    BENEFICIARY,
    CANCEL,
    CARD,
    CARD_PAYMENT,
    CASH,
    CASH_MACHINE,
    CHEQUE,
    DECLINED,
    DEPOSIT,
    DIRECT_DEBIT,
    FAILED,
    FEE,
    NOT_SHOWN,
    PAYMENT,
    PENDING,
    RATE,
    RECIPIENT,
    RECIPIENT_WAITS,
    REFUND,
    REFUND_ONLY,
    STATEMENT,
    TOP_UP,
    TRANSFER,
    TWICE,
    WRONG,
)

own_transfer_missing = regex(
    "own_transfer_missing",
    votes=Intent.BALANCE_NOT_UPDATED_AFTER_BANK_TRANSFER,
    pattern=[
        TRANSFER,
        (
            r"\b(?:balance|my account|update\w*|show\w*|see|missing|arrive\w*|there|reflect\w*|waiting|"
            r"went|alright|appear\w*|same|received)\b"
        ),
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:not|when|still|why|yet|waiting|"
            r"where|same|missing|check|ago|make sure|never)\b"
        ),
    ],
    at_least=3,
    none_of=[
        RECIPIENT,
        FEE,
        DECLINED,
        CASH,
        FAILED,
        CANCEL,
        PENDING,
        TOP_UP,
        CARD,
        (
            r"\b(?:how (?:do|can|long)|unable|allowed|within the country|should|process|china|can'?t i|"
            r"blocked|stopped|urgent\w*)\b"
        ),
    ],
    fires=["I made a transfer and my balance has not changed"],
    abstains=["My friend has not received my transfer"],
    doc="The customer waits for money on the own account.",
)

balance_after_transfer = regex(
    "balance_after_transfer",
    votes=Intent.BALANCE_NOT_UPDATED_AFTER_BANK_TRANSFER,
    pattern=[TRANSFER, r"\bbalance\b|\bdouble ?-?check|\buk account|\bmy (?:latest|recent|last) transfer"],
    at_least=2,
    none_of=[RECIPIENT, FEE, CASH, CANCEL, FAILED, DECLINED, TOP_UP, PENDING, r"\bhow (?:do|can)\b"],
    fires=["The balance is the same after the transfer"],
    abstains=["How do I transfer my balance?"],
    doc="Transfer and balance are named together.",
)

beneficiary_refused = regex(
    "beneficiary_refused",
    votes=Intent.BENEFICIARY_NOT_ALLOWED,
    pattern=[r"\bbeneficiar\w+"],
    fires=["I cannot add this beneficiary"],
    abstains=["I cannot add this address"],
    doc="The word is used by the app's refusal.",
)

transfer_to_account_refused = regex(
    "transfer_to_account_refused",
    votes=Intent.BENEFICIARY_NOT_ALLOWED,
    pattern=[
        TRANSFER,
        (
            r"\b(?:can'?t|cannot|unable|not able|couldn'?t|not allowed|stopped|blocked|not cleared|"
            r"impossible|won'?t let|isn'?t allow\w*|tried|try\w*)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        CASH,
        DECLINED,
        PENDING,
        TOP_UP,
        CANCEL,
        RECIPIENT_WAITS,
        (
            r"\b(?:fail\w*|balance|show\w*|see|received?|my account|into|reach\w*|arriv\w*|keeps?|"
            r"friends?|several times|multiple)\b"
        ),
    ],
    fires=["I am unable to transfer to that account"],
    abstains=["My transfer keeps failing"],
    doc="The transfer is stopped before it begins.",
)

transfer_recalled = regex(
    "transfer_recalled",
    votes=Intent.CANCEL_TRANSFER,
    pattern=[
        r"\b(?:transfer\w*|transactions?)\b|\bsent\b.{0,30}\bwrong",
        (
            r"\b(?:cancel\w*|undo|revert|reverse|call back|wrong account|mistake|mistaken\w*|"
            r"wrong (?:person|transaction|transfer)|accident\w*|back)\b"
        ),
    ],
    at_least=2,
    none_of=[
        CARD,
        CASH,
        FEE,
        TOP_UP,
        REFUND,
        DECLINED,
        DIRECT_DEBIT,
        (
            r"\b(?:bought|purchase|why was|was cancelled|unknown|didn'?t|order|pending|not received|"
            r"statement|balance)\b"
        ),
    ],
    fires=["Please cancel the transfer that I just made"],
    abstains=["Please cancel my card"],
    doc="A transfer already sent is called back.",
)

transfer_declined = regex(
    "transfer_declined",
    votes=Intent.DECLINED_TRANSFER,
    pattern=[TRANSFER, DECLINED],
    at_least=2,
    none_of=[BENEFICIARY, CASH, TOP_UP, RECIPIENT, r"\bfriends?\b|\bfail\w*"],
    fires=["Why was my transfer declined?"],
    abstains=["Why did my transfer fail?"],
    doc="Declined is what the app says.",
)

transfer_failed = regex(
    "transfer_failed",
    votes=Intent.FAILED_TRANSFER,
    pattern=[
        TRANSFER,
        (
            r"\b(?:fail\w*|work\w*|error|complete|finish\w*|go through|going through|gone through|"
            r"went through|problem\w*|unsuccessful)\b"
        ),
    ],
    at_least=2,
    none_of=[
        DECLINED,
        PENDING,
        FEE,
        CASH,
        TOP_UP,
        BENEFICIARY,
        RECIPIENT_WAITS,
        RATE,
        (
            r"\b(?:how (?:do|does|long)|balance|when will|yet|into my|account|country|how fast|stopped|"
            r"cancel\w*)\b"
        ),
    ],
    fires=["My transfer failed twice"],
    abstains=["My transfer is pending"],
    doc="Failed or not worked is another message than declined.",
)

transfer_pending = regex(
    "transfer_pending",
    votes=Intent.PENDING_TRANSFER,
    pattern=[TRANSFER, PENDING],
    at_least=2,
    none_of=[RECIPIENT, CASH, TOP_UP, CARD_PAYMENT],
    fires=["My transfer is still pending"],
    abstains=["My top up is still pending"],
    doc="Pending is the state shown in the app.",
)

seller_has_not_got_it = regex(
    "seller_has_not_got_it",
    votes=Intent.PENDING_TRANSFER,
    pattern=[
        (
            r"\bsellers?\b.{0,60}\b(?:(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)|not|received?|"
            r"arriv\w*|money|waiting)\b|\bhow long\b.{0,40}\b(?:eu|european|sepa) transfers?\b|"
            r"\bpurchase\w*.{0,80}\bhow long"
        )
    ],
    none_of=[REFUND, r"\bfor a refund"],
    fires=["The seller says that my money has not arrived, how long does it take?"],
    abstains=["The seller refunded me"],
    doc="A purchase paid by transfer that has not reached the seller yet.",
)

transfer_fee = regex(
    "transfer_fee",
    votes=Intent.TRANSFER_FEE_CHARGED,
    pattern=[TRANSFER, r"\b(?:fees?|charg\w+|extra|free)\b"],
    at_least=2,
    none_of=[
        CASH,
        TOP_UP,
        CARD,
        RATE,
        PAYMENT,
        PENDING,
        TWICE,
        (
            r"\b(?:swift|sepa|how much|receiv\w+|cost|will (?:i|there)|incoming|into my|pound|do you|"
            r"third|accept)\b"
        ),
    ],
    fires=["Why was a fee charged for my transfer?"],
    abstains=["What does a SEPA transfer cost?"],
    doc="A transfer was dearer than expected.",
)

incoming_transfer_cost = regex(
    "incoming_transfer_cost",
    votes=Intent.TOP_UP_BY_BANK_TRANSFER_CHARGE,
    pattern=[
        r"\b(?:swift|sepa|transfers?|receiv\w+|bank transfer|money is added)\b",
        r"\b(?:fees?|charg\w+|cost\w*|swift|how much|sepa|price)\b",
    ],
    at_least=2,
    none_of=[
        CASH,
        CARD,
        RATE,
        PENDING,
        WRONG,
        STATEMENT,
        RECIPIENT,
        r"\b(?:why|was|were|extra|got|been|how long|did|not|purchase\w*|exchang\w+|refund|when)\b",
    ],
    fires=["What does it cost to receive a SEPA transfer?"],
    abstains=["Why was I charged for a transfer?"],
    doc="The price of transfers that come in, asked beforehand.",
)

transfer_in_how = regex(
    "transfer_in_how",
    votes=Intent.TRANSFER_INTO_ACCOUNT,
    pattern=[
        TRANSFER,
        (
            r"\b(?:how (?:do|can|would|to|should)|what (?:are|is|steps)|steps|process|procedure|help|"
            r"want to|need to|like to|can i|possible|explain|details|instructions|way)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        PENDING,
        CASH,
        FAILED,
        DECLINED,
        CARD,
        RECIPIENT,
        CANCEL,
        BENEFICIARY,
        RATE,
        NOT_SHOWN,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:long|when|why|fast|salary|yet|"
            r"country|currenc\w+|receive|friends?|unable|apple|google|exchang\w+|gbp|urgent\w*|china|days|"
            r"phone)\b"
        ),
    ],
    fires=["How can I transfer money into my account here?"],
    abstains=["How long does a transfer take?"],
    doc="How to move money in.",
)

recipient_waits = regex(
    "recipient_waits",
    votes=Intent.TRANSFER_NOT_RECEIVED_BY_RECIPIENT,
    pattern=[
        TRANSFER,
        RECIPIENT,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:not|yet|still|when|how long|never|"
            r"received?|see|waiting|hold up|missing|where|take)\b"
        ),
    ],
    at_least=3,
    none_of=[
        FEE,
        CASH,
        FAILED,
        DECLINED,
        BENEFICIARY,
        CANCEL,
        TOP_UP,
        r"\b(?:want(?:s)? to|would like|can my friend|send me|fail\w*|seller)\b",
    ],
    fires=["I sent money to my sister and she has not got it"],
    abstains=["My sister wants to send me money"],
    doc="Another person misses the money.",
)

transfer_within_country_missing = regex(
    "transfer_within_country_missing",
    votes=Intent.TRANSFER_NOT_RECEIVED_BY_RECIPIENT,
    pattern=[
        (
            r"\bwithin the country|\baccount number\b.{0,40}\b(?:correct|right|checked)|\b(?:right|"
            r"correct) account number|\brecipients?\b"
        )
    ],
    none_of=[FEE, CANCEL, DECLINED, r"\bwrong\b"],
    fires=["I sent it within the country on Monday and the account number is correct"],
    abstains=["The account number was wrong"],
    doc="A careful sender who wonders where the money went.",
)

transfer_time = regex(
    "transfer_time",
    votes=Intent.TRANSFER_TIMING,
    pattern=[
        r"\b(?:transfer\w*|money|funds?|cash|send)\b",
        (
            r"\b(?:how (?:long|fast|soon|quick\w*|many days)|when (?:will|can|should)|what time|take|"
            r"timing|\d days|number of days|urgent\w*|quick\w*)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        RECIPIENT,
        REFUND,
        PENDING,
        CASH_MACHINE,
        TOP_UP,
        CARD,
        CHEQUE,
        DECLINED,
        FAILED,
        CANCEL,
        DEPOSIT,
        r"\b(?:balance|seller|how do|identity|verif\w+|wrong|update\w*|purchase\w*|exchang\w+|yet|source)\b",
    ],
    fires=["How long does a transfer from Europe take?"],
    abstains=["How long does a refund take?"],
    doc="Time of transfers in general.",
)

direct_debit_unknown = regex(
    "direct_debit_unknown",
    votes=Intent.DIRECT_DEBIT_PAYMENT_NOT_RECOGNISED,
    pattern=[DIRECT_DEBIT],
    fires=["There is a direct debit that I never set up"],
    abstains=["There is a debit card on my desk"],
    doc="Direct debits are hardly written about unless one is unknown.",
)

paid_without_card = regex(
    "paid_without_card",
    votes=Intent.DIRECT_DEBIT_PAYMENT_NOT_RECOGNISED,
    pattern=[
        (
            r"\b(?:haven'?t|have not|didn'?t|did not) (?:even )?us(?:e|ed) (?:my|the) card|\b(?:weeks?|"
            r"months?) ago\b.{0,80}\b(?:remember|recall)|\bseller\b.{0,40}\bapprove|"
            r"\bdon'?t remember (?:making|buying|the)|\b(?:dispute|unusual)\b.{0,30}\bpayment"
        )
    ],
    none_of=[CASH, TRANSFER, REFUND_ONLY],
    fires=["A payment is in my app today although I have not used my card"],
    abstains=["I have not used my card at an ATM"],
    doc="A payment that needs no card is a debit by the seller.",
)
