"""Labeling functions about topping up the account."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    CANCEL,
    CANCELLED,
    CASH,
    CHEQUE,
    DECLINED,
    EXCHANGE,
    FAILED,
    FEE,
    IDENTITY,
    LIMIT,
    NOT_SHOWN,
    PENDING,
    RATE,
    TOP_UP,
    TRANSFER_WORD,
    TWICE,
    VERIFY,
    WITHDRAW,
)

wallet_pay = regex(
    "wallet_pay",
    votes=Intent.APPLE_PAY_OR_GOOGLE_PAY,
    pattern=[r"\b(?:apple|google|android|samsung)[- ]?(?:pay|watch|top\w*)?\b"],
    fires=["Does Google Pay work with my card?"],
    abstains=["Do pears cost extra?"],
    doc="The payment services of phone makers are named.",
)

auto_top_up = regex(
    "auto_top_up",
    votes=Intent.AUTOMATIC_TOP_UP,
    pattern=[r"\bauto\w*"],
    none_of=[r"\b(?:declin\w+|exchang\w+|direct|transaction)\b"],
    fires=["Where do I switch on auto top-up?"],
    abstains=["Where do I switch on the car?"],
    doc="Automatic is said of top-ups only.",
)

low_balance_filled = regex(
    "low_balance_filled",
    votes=Intent.AUTOMATIC_TOP_UP,
    pattern=[
        TOP_UP,
        (
            r"\b(?:low|run(?:s|ning)? (?:low|out)|by itself|on its own|certain (?:amount|balance)|"
            r"whenever|while (?:i'?m )?travel\w*|option|feature|function|trip)\b"
        ),
    ],
    at_least=2,
    none_of=[FEE, FAILED, CASH, r"\b(?:google|apple|cheque|pending)\b"],
    fires=["Can it top up on its own when the balance is low?"],
    abstains=["What is the fee for a top up?"],
    doc="What automatic top-up does, in other words.",
)

top_up_pending = regex(
    "top_up_pending",
    votes=Intent.PENDING_TOP_UP,
    pattern=[
        TOP_UP,
        (
            r"\b(?:pending|yet|hours? ago|still|waiting|long|go(?:ing)? through|gone through|show\w*|see|"
            r"complet\w*|processing|taking|process\w*)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        CASH,
        CHEQUE,
        CANCEL,
        DECLINED,
        VERIFY,
        LIMIT,
        r"\b(?:wallet|google|apple|auto\w*|revert\w*|code|bank transfer|salary|credit card)\b",
    ],
    fires=["My top up is still pending"],
    abstains=["My top up was cancelled"],
    doc="A top-up that is on its way.",
)

top_up_failed_named = regex(
    "top_up_failed_named",
    votes=Intent.TOP_UP_FAILED,
    pattern=[
        TOP_UP,
        (
            r"\b(?:fail\w*|declin\w*|reject\w*|denied|deny|work\w*|problem\w*|trouble|wrong|error|"
            r"unsuccessful|complete|can'?t|cannot|won'?t|unable)\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        PENDING,
        CASH,
        CHEQUE,
        VERIFY,
        CANCELLED,
        (
            r"\b(?:auto\w*|google|apple|amex|american|see|show\w*|find|how (?:does|do)|reverted|"
            r"bank transfer|yet|long|limit\w*|visible)\b"
        ),
    ],
    fires=["My top-up failed"],
    abstains=["My top-up is pending"],
    doc="A top-up that the app refused.",
)

top_up_limit = regex(
    "top_up_limit",
    votes=Intent.TOP_UP_LIMITS,
    pattern=[TOP_UP, LIMIT],
    at_least=2,
    none_of=[r"\bauto\w*|\bdispos\w+|\bcash\b|\bdeclin\w+"],
    fires=["Is there a top-up limit?"],
    abstains=["Is there a limit on disposable cards?"],
    doc="How much can be topped up.",
)

top_up_cancelled = regex(
    "top_up_cancelled",
    votes=Intent.TOP_UP_REVERTED,
    pattern=[TOP_UP, r"\b(?:revert\w*|cancel\w*|disappear\w*|gone|returned|reversed|back|vanish\w*|undone)\b"],
    at_least=2,
    none_of=[CASH, CHEQUE, r"\bauto\w*|\bpending\b"],
    fires=["My top up was reverted"],
    abstains=["My top up is pending"],
    doc="The money went back to where it came from.",
)

money_vanished = regex(
    "money_vanished",
    votes=Intent.TOP_UP_REVERTED,
    pattern=[
        (
            r"\bcrypto\b|\bmy money (?:has )?(?:disappear\w*|vanish\w*)|\bmoney\b.{0,30}\b(?:is|"
            r"it'?s) (?:now )?gone"
        )
    ],
    none_of=[CASH, r"\bstolen\b"],
    fires=["I topped up with crypto and my money disappeared"],
    abstains=["The cash machine is gone"],
    doc="Money seen once and then no longer.",
)

top_up_with_card = regex(
    "top_up_with_card",
    votes=Intent.TOPPING_UP_BY_CARD,
    pattern=[
        (
            r"\btop\w*[- ]?up\b.{0,50}\b(?:wallet|card)\b|\b(?:credit|debit|bank|"
            r"my) card\b.{0,40}\b(?:top\w*[- ]?up|transfer money|add money|to transfer|transfer)\b|"
            r"\btransfer\w*\b.{0,30}\b(?:credit|debit) card|\bwhere (?:is|did|are|can).{0,30}\btop[- ]?up|"
            r"\btop[- ]?up\b.{0,40}\b(?:show\w*|see|find|visible)"
        )
    ],
    none_of=[
        FEE,
        DECLINED,
        VERIFY,
        LIMIT,
        PENDING,
        CASH,
        CHEQUE,
        CANCELLED,
        (
            r"\b(?:google|apple|amex|american|auto\w*|fail\w*|work\w*|which|what cards?|other|european|"
            r"international|accept\w*|support\w*|swift)\b"
        ),
    ],
    fires=["Can I use my credit card to transfer money here?"],
    abstains=["Is there a fee for a top up by card?"],
    doc="Another card is the source of the money.",
)

top_up_card_cost = regex(
    "top_up_card_cost",
    votes=Intent.TOP_UP_BY_CARD_CHARGE,
    pattern=[TOP_UP, r"\b(?:fees?|charg\w+|cost\w*|free)\b"],
    at_least=2,
    none_of=[
        TRANSFER_WORD,
        CASH,
        CHEQUE,
        TWICE,
        r"\b(?:swift|sepa|auto\w*|limit\w*|pending|declin\w+|received?|receiving|google|apple)\b",
    ],
    fires=["Is a top up with a European card free?"],
    abstains=["Is a bank transfer free?"],
    doc="The price of topping up.",
)

top_up_with_cash = regex(
    "top_up_with_cash",
    votes=Intent.TOP_UP_BY_CASH_OR_CHEQUE,
    pattern=[
        r"\b(?:cash|cheques?|checks?)\b",
        (
            r"\btop\w*[- ]?up\w*|\b(?:accept\w*|how (?:do|can) i (?:deposit|use|add|pay)|can i (?:deposit|"
            r"use|pay|add)|is it possible|way to|able to|where (?:can|do) i (?:deposit|put|pay))\b"
        ),
    ],
    at_least=2,
    none_of=[
        FEE,
        NOT_SHOWN,
        PENDING,
        WITHDRAW,
        EXCHANGE,
        RATE,
        r"\b(?:atms?|machine|update\w*|check (?:my|on|if|the|and|this|what|for)|receive[d]?)\b",
    ],
    fires=["Can I top up with a cheque?"],
    abstains=["My cheque is not in the balance"],
    doc="Cash and cheques as a way in.",
)

top_up_verified = regex(
    "top_up_verified",
    votes=Intent.VERIFY_TOP_UP,
    pattern=[r"\bverif\w+", r"\btop\w*[- ]?up\w*|\bcode\b|\btopping"],
    at_least=2,
    none_of=[IDENTITY, r"\bfunds\b|\bpasscode\b"],
    fires=["Where is the code to verify my top up?"],
    abstains=["Where is the code to verify my identity?"],
    doc="A top-up by card is verified with a code.",
)
