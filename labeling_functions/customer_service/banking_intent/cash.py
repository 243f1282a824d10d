"""Labeling functions about cash: machines, withdrawals and deposits."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    CASH,
    CHEQUE,
    DECLINED,
    DEPOSIT,
    EXCHANGE,
    FEE,
    FOREIGN,
    LIMIT_ASKED,
    PENDING,
    PIN,
    RATE,
    TOP_UP,
    TRANSFER,
    UNKNOWN,
    WITHDRAW,
    WRONG,
)

machines_for_card = regex(
    "machines_for_card",
    votes=Intent.ATM_SUPPORT,
    pattern=[
        CASH,
        (
            r"\b(?:where|which|what (?:atms?|locations|machines)|any (?:atms?|cash)|nearest|closest|near|"
            r"accept\w*|locat\w+|all atms)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        RATE,
        CHEQUE,
        TOP_UP,
        DECLINED,
        TRANSFER,
        PIN,
        PENDING,
        WRONG,
        UNKNOWN,
        EXCHANGE,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:stuck|swallow\w*|deposit\w*|"
            r"received?|ate|kept|not|balance|lost|money go|came)\b"
        ),
    ],
    fires=["Where is the nearest cash machine that takes my card?"],
    abstains=["Where is the cash that I deposited?"],
    doc="Which machines can be used.",
)

deposit_missing = regex(
    "deposit_missing",
    votes=Intent.BALANCE_NOT_UPDATED_AFTER_CHEQUE_OR_CASH_DEPOSIT,
    pattern=[
        r"\b(?:cheques?|checks?|cash|deposit\w*)\b",
        r"\b(?:deposit\w*|cheques?|put|updat\w*|paid in|a check|my check)\b",
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:not|where|yet|still|waiting|"
            r"missing|same|when|why|long|stayed|see|late)\b"
        ),
    ],
    at_least=3,
    none_of=[WITHDRAW, FEE, TRANSFER, RATE, r"\b(?:atm gave|allow\w*|letting|how (?:do|can) i|can i|identity|card)\b"],
    fires=["The cheque that I paid in is not in my balance"],
    abstains=["Can I pay in a cheque?"],
    doc="Cash or a cheque was handed in and is awaited.",
)

withdrawal_fee = regex(
    "withdrawal_fee",
    votes=Intent.CASH_WITHDRAWAL_CHARGE,
    pattern=[CASH, r"\b(?:fees?|charg\w+|extra|cost\w*|free|pay)\b"],
    at_least=2,
    none_of=[
        RATE,
        TOP_UP,
        CHEQUE,
        PENDING,
        UNKNOWN,
        EXCHANGE,
        DECLINED,
        DEPOSIT,
        r"\b(?:foreign|abroad|gave|received?|not in the country|home country)\b",
    ],
    fires=["Why was I charged for a withdrawal?"],
    abstains=["Why was my withdrawal declined?"],
    doc="A withdrawal that was thought to be free.",
)

withdrawal_declined = regex(
    "withdrawal_declined",
    votes=Intent.DECLINED_CASH_WITHDRAWAL,
    pattern=[
        CASH,
        (
            r"\b(?:declin\w+|reject\w+|den(?:y|ied)|refus\w+|can'?t|cannot|couldn'?t|could not|unable|"
            r"wouldn'?t|would not|won'?t|not work\w*|(?:n't|\b(?:do|did|does|has|have|is|was|ca|"
            r"wo)nt) work\w*|fail\w*|not (?:able|give)|broken|wrong|problem)\b"
        ),
    ],
    at_least=2,
    none_of=[
        TOP_UP,
        CHEQUE,
        RATE,
        FEE,
        PENDING,
        UNKNOWN,
        TRANSFER,
        DEPOSIT,
        PIN,
        (
            r"\b(?:amount|less|instead|card back|return (?:my|the) card|stuck|swallow\w*|correct|only|"
            r"duplicate|different|wrong (?:exchange|currency)|balance)\b"
        ),
    ],
    fires=["The ATM declined my card"],
    abstains=["The shop declined my card"],
    doc="The customer leaves the machine without money.",
)

withdrawal_pending = regex(
    "withdrawal_pending",
    votes=Intent.PENDING_CASH_WITHDRAWAL,
    pattern=[CASH, r"\bpending\b|\bprocess\w*\b|\bshow(?: up| properly)?\b|\bin progress\b|\bnot gone through"],
    at_least=2,
    none_of=[TOP_UP, CHEQUE, TRANSFER, DEPOSIT, UNKNOWN, RATE, r"\b(?:instead|only|wrong amount|larger|more than)\b"],
    fires=["The withdrawal is still pending"],
    abstains=["The deposit is still pending"],
    doc="A withdrawal that the bank has not finished.",
)

withdrawal_unknown = regex(
    "withdrawal_unknown",
    votes=Intent.CASH_WITHDRAWAL_NOT_RECOGNISED,
    pattern=[
        CASH,
        (
            r"\b(?:did(?:(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)| not) (?:make|do|withdraw|"
            r"authori[sz]e|take)|recogni[sz]e\w*|unknown|unfamiliar|someone|somebody|not mine|isn'?t mine|"
            r"not me|wasn'?t me|never (?:made|withdrew|did)|without my|stolen|fraud\w*|unauthori[sz]ed|"
            r"strange|don'?t remember|not familiar|know)\b"
        ),
    ],
    at_least=2,
    none_of=[FEE, TOP_UP, CHEQUE, RATE, DEPOSIT, PENDING, r"\b(?:where|which|gave|let me know|please know|stuck)\b"],
    fires=["There is a cash withdrawal that I did not make"],
    abstains=["There is a payment that I did not make"],
    doc="Someone else took cash.",
)

wrong_amount = regex(
    "wrong_amount",
    votes=Intent.WRONG_AMOUNT_OF_CASH_RECEIVED,
    pattern=[
        r"\b(?:atms?|cash|withdr\w+|machine|money|got|gave|received|requested|asked|dispens\w+)\b",
        (
            r"\b(?:wrong amount|less|instead of|only (?:gave|got|received|dispens\w+)|"
            r"but (?:i )?(?:only )?(?:got|received|gave|it gave)|different amount|incorrect amount|"
            r"amount (?:of|was|i)|not (?:the|what) .{0,20}(?:asked|requested|amount)|short\w*|larger|"
            r"gave me (?:only )?[$£€]?(?:\d+|ten|twenty|fifty)|more than (?:i|what)|some of)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        TOP_UP,
        TRANSFER,
        CHEQUE,
        RATE,
        LIMIT_ASKED,
        r"\b(?:refund|card payment|purchase\w*|withdraw less|how much|less time|pay less)\b",
    ],
    fires=["I asked for fifty but only got twenty from the ATM"],
    abstains=["The ATM gave me the wrong rate"],
    doc="The machine counted wrong.",
)

withdrawal_rate_wrong = regex(
    "withdrawal_rate_wrong",
    votes=Intent.WRONG_EXCHANGE_RATE_FOR_CASH_WITHDRAWAL,
    pattern=[CASH, r"\b(?:exchange|conversion|currenc\w+|rates?)\b"],
    at_least=2,
    none_of=[TOP_UP, CHEQUE, TRANSFER, r"\b(?:can i use|which currencies|how do i exchange)\b"],
    fires=["The exchange rate for my withdrawal abroad is wrong"],
    abstains=["The exchange rate for my purchase abroad is wrong"],
    doc="Cash taken abroad was converted badly.",
)

cash_abroad = regex(
    "cash_abroad",
    votes=Intent.WRONG_EXCHANGE_RATE_FOR_CASH_WITHDRAWAL,
    pattern=[CASH, FOREIGN],
    at_least=2,
    none_of=[
        DECLINED,
        TOP_UP,
        CHEQUE,
        UNKNOWN,
        PIN,
        DEPOSIT,
        r"\b(?:stuck|swallow\w*|accept\w*|pending|trip|find|why can'?t)\b",
    ],
    fires=["I took out cash on holiday and got less than the market gives, a bad rate"],
    abstains=["I tried to take out cash on holiday and was declined"],
    doc="Cash abroad is written about because of its rate.",
)
