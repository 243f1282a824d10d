"""Labeling functions about PIN, passcode and identity."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import IDENTITY, LOST, PIN, TRANSFER

pin_change = regex(
    "pin_change",
    votes=Intent.CHANGE_PIN,
    pattern=[
        PIN,
        (
            r"\b(?:chang\w+|new pin|different|reset|set (?:a|my) (?:new|own)|update|edit|modify|alter|"
            r"another)\b"
        ),
    ],
    at_least=2,
    none_of=[r"\b(?:blocked|unblock|locked|many times|passcode|physical|forgot\w*|too many)\b"],
    fires=["At which machines can I change my PIN?"],
    abstains=["My PIN is blocked"],
    doc="The PIN is known and shall be another.",
)

pin_blocked_named = regex(
    "pin_blocked_named",
    votes=Intent.PIN_BLOCKED,
    pattern=[
        r"\bpins?\b|\bcode\b",
        (
            r"\b(?:block\w*|unblock\w*|lock\w*|unlock\w*|too many|many times|wrong|incorrect\w*|attempts?|"
            r"mistyped|forgot\w*|remember|drunk\w*)\b"
        ),
    ],
    at_least=2,
    none_of=[r"\b(?:passcode|pass code|password|app|phone|verif\w+|top)\b"],
    fires=["I typed the wrong PIN three times and am blocked"],
    abstains=["I forgot the passcode of the app"],
    doc="Wrong attempts block the PIN.",
)

account_unblocked = regex(
    "account_unblocked",
    votes=Intent.PIN_BLOCKED,
    pattern=[r"\bun(?:b)?lock\w*|\bblocked (?:my|the) (?:card|account)|\blocked out|\bdrunk\w*"],
    none_of=[TRANSFER, LOST, r"\b(?:passcode|password|phone|stole|app|beneficiar\w*|someone)\b"],
    fires=["How can my card be unblocked?"],
    abstains=["I am locked out of the app, my password fails"],
    doc="Unblocking is asked for after wrong PINs.",
)

pin_place = regex(
    "pin_place",
    votes=Intent.GET_PHYSICAL_CARD,
    pattern=[
        PIN,
        (
            r"\b(?:where|find|see|locat\w+|how do i (?:get|know|set)|what is|what'?s|receive\w*|got|have|"
            r"tell me|regards?|get|view|show|need|yet|same|sent|looking)\b"
        ),
    ],
    at_least=2,
    none_of=[
        (
            r"\b(?:chang\w+|block\w*|unblock\w*|lock\w*|wrong|forgot\w*|new pin|reset|machines?|many|"
            r"incorrect|stuck|remember|attempts?|verif\w+)\b"
        )
    ],
    fires=["Where can I see the PIN of my card?"],
    abstains=["Where can I change the PIN?"],
    doc="A new physical card needs its PIN.",
)

passcode_trouble = regex(
    "passcode_trouble",
    votes=Intent.PASSCODE_FORGOTTEN,
    pattern=[
        (
            r"\b(?:pass ?-?code|password|pass ?word)\b|\bcode (?:to|for) (?:\w+ ){0,3}(?:app|log|account)|"
            r"\blog ?in\b"
        )
    ],
    none_of=[r"\b(?:same as|verif\w+|phone)\b"],
    fires=["I can't remember my passcode"],
    abstains=["I cannot remember my PIN"],
    doc="The app is opened by a passcode, the card by a PIN.",
)

identity_fails = regex(
    "identity_fails",
    votes=Intent.UNABLE_TO_VERIFY_IDENTITY,
    pattern=[
        IDENTITY,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:not|unable|cannot|trouble|"
            r"difficult\w*|problem\w*|fail\w*|issue\w*|reject\w*|denied|declin\w*|error|long|stuck|hard|"
            r"won)\b"
        ),
    ],
    at_least=2,
    none_of=[
        (
            r"\b(?:why (?:do|must|should|is|does)|want|reason|comfortable|refuse|top[- ]?up|necessary|"
            r"require|have to|need(?:ed)? to|really)\b"
        )
    ],
    fires=["The app is unable to verify my identity"],
    abstains=["Why must I verify my identity?"],
    doc="The proof was tried and failed.",
)

identity_how = regex(
    "identity_how",
    votes=Intent.VERIFY_MY_IDENTITY,
    pattern=[
        r"\b(?:identi\w+|\bid\b|proof|myself|who i am|prove)\b",
        r"\b(?:how|what|which|where|steps?|documents?|type|procedure|process|need(?:ed)?|accept\w*|kind)\b",
    ],
    at_least=2,
    none_of=[
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:why|not|unable|trouble|problem\w*|"
            r"reason|fail\w*|long|comfortable|top[- ]?up|funds|payment|direct|matter|source|"
            r"do you need my|card)\b"
        )
    ],
    fires=["Which documents prove my identity?"],
    abstains=["Why do you need my identity?"],
    doc="Steps and documents of the identity check.",
)

identity_why = regex(
    "identity_why",
    votes=Intent.WHY_VERIFY_IDENTITY,
    pattern=[
        IDENTITY,
        (
            r"\b(?:why|reason|necessary|have to|need to|refuse|don'?t want|do not want|comfortable|"
            r"require\w*|matter|purpose|without|must|so much|point|really|even though)\b"
        ),
    ],
    at_least=2,
    none_of=[
        (
            r"\b(?:how do i|what (?:do|will|documents)|how can|unable|won'?t|fail\w*|doesn'?t|"
            r"not accept\w*|can'?t|isn'?t|wasn'?t|couldn'?t|top[- ]?up|source|what is needed)\b"
        )
    ],
    fires=["Is it really necessary to show my ID?"],
    abstains=["How do I show my ID?"],
    doc="The need for the check is doubted.",
)
