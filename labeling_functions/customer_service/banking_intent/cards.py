"""Labeling functions about cards: getting, keeping and using them."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    CARD,
    CASH,
    DECLINED,
    EXTRA,
    FAILED,
    FEE,
    FEE_MADE,
    IDENTITY,
    LOST,
    NOT_WORKING,
    PAYMENT,
    PHONE,
    PIN,
    REFUND,
    TOP_UP,
    TRANSFER,
    UNKNOWN,
    VERIFY,
    VIRTUAL,
)

card_activation = regex(
    "card_activation",
    votes=Intent.ACTIVATE_MY_CARD,
    pattern=[r"\bactivat\w+|\bstart using (?:my|the|this) (?:new )?card"],
    none_of=[VIRTUAL, r"\bauto"],
    fires=["How do I activate the card that came today?"],
    abstains=["Please deactivate nothing yet, my top up is missing"],
    doc="Activation is spoken of for nothing but new cards.",
)

card_expires = regex(
    "card_expires",
    votes=Intent.CARD_ABOUT_TO_EXPIRE,
    pattern=[r"\bexpir\w+|\brun(?:s|ning)? out (?:soon|next|this month)|\bnew card (?:in|to|from) [A-Z]\w+"],
    fires=["My card expires in June, will a new one be sent?"],
    abstains=["My top up code did not come"],
    doc="Expiry leads to one question only: how to get the next card.",
)

where_card_is_taken = regex(
    "where_card_is_taken",
    votes=Intent.CARD_ACCEPTANCE,
    pattern=[
        r"\b(?:where|which|what|any\w*|all|every\w*|places?|wherever|limits?|restrict\w*)\b",
        (
            r"\b(?:merchants?|stores?|shops?|business\w*|places?|restaurants?|retailers?|anywhere|"
            r"wherever|where can i)\b"
        ),
        (
            r"\b(?:accept\w*|use|take[sn]?|pay|honou?r\w*|spend|work)\b.{0,30}\b(?:it|this|my|your|the|"
            r"these|with) ?(?:card|cards)?\b|\bcards? (?:is |are )?(?:accepted|taken)"
        ),
    ],
    at_least=3,
    none_of=[
        CASH,
        TOP_UP,
        TRANSFER,
        VIRTUAL,
        (
            r"\b(?:visa|mastercard|wrong|stolen|lost|someone|pin|not working|deliver\w*|charged|apple|"
            r"google|order)\b"
        ),
    ],
    fires=["Which shops accept this card?"],
    abstains=["Which ATMs accept this card?"],
    doc="Acceptance is about shops; machines and top-ups have intents of their own.",
)

card_has_not_come = regex(
    "card_has_not_come",
    votes=Intent.CARD_ARRIVAL,
    pattern=[
        CARD,
        (
            r"\b(?:arriv\w*|received?|come|came|mail\w*|post|track\w*|gotten|got|get|waiting|deliver\w*|"
            r"on (?:the|its) way)\b"
        ),
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:not|yet|still|where|track\w*|never|"
            r"status|missing|supposed|ago|lost in)\b"
        ),
    ],
    at_least=3,
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        REFUND,
        PAYMENT,
        TRANSFER,
        PIN,
        (
            r"\bhow (?:long|soon|fast|many|do|can)\b|\b(?:expir\w+|charged?|stolen|lost my|declined|back|"
            r"swallowed|app|linked|balance|country|us|eu|europe)\b"
        ),
    ],
    fires=["I ordered my card two weeks ago and it still has not arrived"],
    abstains=["How long until a card arrives?"],
    doc="Waiting for a card that was ordered.",
)

card_delivery_time = regex(
    "card_delivery_time",
    votes=Intent.CARD_DELIVERY_ESTIMATE,
    pattern=[
        (
            r"\bdeliver\w*|\barriv\w*|\bcard (?:to )?(?:come|get here)|\b(?:get|receive|have|need) (?:my|"
            r"the|a|it|one)\b|\bmail\w*|\bship\w*"
        ),
        (
            r"\b(?:how (?:long|soon|fast|quick\w*|much|many days)|when (?:will|can|should|do)|estimat\w+|"
            r"express|expedit\w+|faster|fast|quick\w*|rush\w*|specific|certain (?:day|date)|days?|soon|"
            r"asap|time ?frame|date)\b"
        ),
    ],
    at_least=2,
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        REFUND,
        PAYMENT,
        TRANSFER,
        IDENTITY,
        PIN,
        (
            r"\b(?:yet|still|expir\w+|lost|stolen|weeks? ago|waiting|track\w*|rate|money|funds|exchange|"
            r"charged|account|ordered|swallowed|app)\b"
        ),
    ],
    fires=["How soon would the card be delivered?"],
    abstains=["My card has not been delivered yet"],
    doc="Time of delivery in general, before anything is late.",
)

card_into_app = regex(
    "card_into_app",
    votes=Intent.CARD_LINKING,
    pattern=[
        CARD,
        (
            r"\b(?:link\w*|connect\w*|sync\w*|re-?(?:activ\w+|add\w*|establish|enter|link)|found|find|"
            r"view|see|add|put|show)\b"
        ),
        r"\b(?:app|system|found|link\w*|again|back into|account)\b",
    ],
    at_least=3,
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        REFUND,
        PAYMENT,
        TRANSFER,
        FEE,
        UNKNOWN,
        PIN,
        (
            r"\b(?:apple|google|credit|money|stolen|atm|expir\w+|someone|another card|second|order\w*|"
            r"daughter|activat\w+|age|verify)\b"
        ),
    ],
    fires=["I found my old card, can I put it back into the app?"],
    abstains=["The app shows a fee for my card"],
    doc="A card that is at hand is to be made known to the app.",
)

card_found_again = regex(
    "card_found_again",
    votes=Intent.CARD_LINKING,
    pattern=[
        (
            r"\b(?:found|find) (?:my|the|a|it)?\b.{0,40}\b(?:card|pocket|jacket|again|couch|wallet)\b|"
            r"\bcard\b.{0,30}\b(?:found|no longer lost|turned up|was not lost)|\blink\w*.{0,20}\bcard|"
            r"\bre-?(?:activate|link|add) (?:my|the|a)"
        )
    ],
    none_of=[CASH, PAYMENT, PIN, VIRTUAL],
    fires=["The card I reported as lost was in my jacket, I found it. Can I link it again?"],
    abstains=["I cannot find my PIN"],
    doc="A card that turned up is linked again.",
)

card_does_not_work = regex(
    "card_does_not_work",
    votes=Intent.CARD_NOT_WORKING,
    pattern=[
        (
            r"\bcards?\b.{0,40}(?:(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)|\bnot|\bstopped|"
            r"\bno longer|\bnever|\bfail\w*|\btrouble|\bproblem\w*|\bwrong)\b.{0,12}\b(?:work\w*|with|"
            r"function\w*|usable)?|\b(?:test|broken|non-?functional|not functional|defective|"
            r"faulty)\b.{0,25}\bcard|\bcard.{0,15}\b(?:broken|broke|malfunction\w*|faulty|damaged)"
        )
    ],
    none_of=[
        CASH,
        PAYMENT,
        VIRTUAL,
        TOP_UP,
        DECLINED,
        TRANSFER,
        FEE,
        UNKNOWN,
        PIN,
        REFUND,
        LOST,
        (
            r"\bcontactless|\bapp\b|\barriv\w*|\breceiv\w*|\bactivat\w*|\bexpir\w*|\b(?:come|came|mail|"
            r"order\w*|apple|google|link\w*|accept\w*|recogni[sz]\w*)\b"
        ),
    ],
    fires=["My card has stopped working"],
    abstains=["My card does not work at the ATM"],
    doc="The card fails everywhere; where a place or payment is named, that is the intent.",
)

contactless_named = regex(
    "contactless_named",
    votes=Intent.CONTACTLESS_NOT_WORKING,
    pattern=[r"\bcontact[- ]?less|\btap to pay|\btap and pay"],
    fires=["Contactless was refused on the bus"],
    abstains=["The bus card reader was broken"],
    doc="The word names the trouble.",
)

card_kept_by_machine = regex(
    "card_kept_by_machine",
    votes=Intent.CARD_SWALLOWED,
    pattern=[
        (
            r"\b(?:swallow\w*|ate|eaten|stuck|suck\w*|kept|keep|trapped|held|retain\w*|captur\w*|took|"
            r"taken|lost)\b"
        ),
        r"\b(?:machine|atms?|swallow\w*|inside|cash machine|cashpoint)\b",
        CARD,
    ],
    at_least=3,
    none_of=[FEE, r"\bdrunk|\bpin\b"],
    fires=["The machine swallowed my card"],
    abstains=["The machine swallowed my coins"],
    doc="A card that a machine does not give back.",
)

card_not_given_back = regex(
    "card_not_given_back",
    votes=Intent.CARD_SWALLOWED,
    pattern=[
        (
            r"\b(?:atm|machine)\b.{0,40}\b(?:card back|return (?:my|the) card|release (?:my|the) card|"
            r"give back my card)|\bcard (?:back|out)\b.{0,40}\b(?:atm|machine)|\b(?:get|retrieve|"
            r"recover) my card\b.{0,30}\b(?:atm|machine|stuck|swallowed)"
        )
    ],
    fires=["The ATM would not give my card back"],
    abstains=["The ATM would not give me cash"],
    doc="The same, told from the customer's side.",
)

card_used_by_others = regex(
    "card_used_by_others",
    votes=Intent.COMPROMISED_CARD,
    pattern=[
        (
            r"\b(?:compromis\w+|hack\w*|cloned?|copied)\b|\b(?:someone|somebody|else|thief|"
            r"stranger)\b.{0,40}\b(?:us(?:e|es|ed|ing)|access|got hold|has|number|details|information|"
            r"steal\w*|stole)\b"
        )
    ],
    none_of=[CASH, PHONE, r"\bdirect debit|\blost my|\bduplicate|\btop up|\bsend me\b"],
    fires=["Somebody else is using my card number"],
    abstains=["Somebody withdrew cash from my account"],
    doc="Another person can use the card although it is not gone.",
)

card_lost = regex(
    "card_lost",
    votes=Intent.LOST_OR_STOLEN_CARD,
    pattern=[
        (
            r"\b(?:lost|los(?:e|ing)|stole\w*|missing|misplac\w*|robbed|thief|can'?t find|cannot find|"
            r"mugged|pickpocket\w*|left)\b"
        ),
        r"\bcards?\b|\bwallet|\bpurse",
    ],
    at_least=2,
    none_of=[
        PHONE,
        CASH,
        VIRTUAL,
        TRANSFER,
        PAYMENT,
        r"\bfound\b|\bmail\b|\bno longer|\binformation|\bnumber|\bhow much|\bcost",
    ],
    fires=["I lost my wallet with the card in it"],
    abstains=["I lost my phone with the card app"],
    doc="The card itself is gone.",
)

phone_gone = regex(
    "phone_gone",
    votes=Intent.LOST_OR_STOLEN_PHONE,
    pattern=[
        r"\b(?:phone|mobile|cell ?phone|handset)\b",
        (
            r"\b(?:lost|los(?:e|ing)|stole\w*|missing|left|taken|robbed|theft|don'?t have|can'?t find|"
            r"without)\b"
        ),
    ],
    at_least=2,
    fires=["My phone was stolen, can they use the app?"],
    abstains=["My new phone number must be entered"],
    doc="With the phone goes the way into the account.",
)

spare_card = regex(
    "spare_card",
    votes=Intent.GETTING_SPARE_CARD,
    pattern=[
        (
            r"\b(?:another|second|two|extra|additional|more|spare|multiple|supplementa\w+|several|few|"
            r"add(?:ed)? (?:a|my|another)|couple)\b.{0,25}\bcards?\b|\bcards?\b.{0,30}\b(?:for (?:my|"
            r"another|someone)|family|daughter|son|wife|husband|partner|friend)\b|"
            r"\bhow many (?:\w+ )?cards\b"
        )
    ],
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        PAYMENT,
        FEE_MADE,
        TRANSFER,
        r"\b(?:visa|mastercard|app|child\w*|age|old|expir\w+|compromis\w+)\b",
    ],
    fires=["Could my wife have a second card for the account?"],
    abstains=["Is an additional fee taken for the card payment?"],
    doc="A further card beside the first.",
)

virtual_card_wanted = regex(
    "virtual_card_wanted",
    votes=Intent.GETTING_VIRTUAL_CARD,
    pattern=[r"\bvirtual\b"],
    none_of=[
        r"\bdispos\w+|\bthrow ?away",
        NOT_WORKING,
        DECLINED,
        r"\b(?:subscription|multiple|several|how many|limit\w*|times|gym|recurring)\b",
    ],
    fires=["Where do I get a virtual card?"],
    abstains=["My virtual card does not work"],
    doc="A virtual card that is not disposable, and not in trouble.",
)

disposable_card_wanted = regex(
    "disposable_card_wanted",
    votes=Intent.GET_DISPOSABLE_VIRTUAL_CARD,
    pattern=[r"\bdispos\w+"],
    none_of=[
        (
            r"\b(?:how many|limit\w*|restrict\w*|maximum|max|several|multiple|times|more than|amount of|"
            r"number of|many|throw away|per day|a day|polic\w+|transactions)\b"
        ),
        NOT_WORKING,
        DECLINED,
    ],
    fires=["How can I get one of the disposable cards?"],
    abstains=["How many disposable cards may I have?"],
    doc="Getting to know and to have disposable cards.",
)

disposable_card_rules = regex(
    "disposable_card_rules",
    votes=Intent.DISPOSABLE_CARD_LIMITS,
    pattern=[
        r"\bdispos\w+|\bvirtual cards?|\bthrow ?away cards?|\bcards per day|\bcards (?:in|each|a) day",
        (
            r"\b(?:how many|limit\w*|restrict\w*|maximum|max|several|multiple|times|more|number of|many|"
            r"per day|each day|a day|polic\w+|transactions)\b"
        ),
    ],
    at_least=2,
    none_of=[NOT_WORKING, DECLINED, r"\b(?:recurring|subscription|multiple payments)\b"],
    fires=["Is there a limit on disposable cards?"],
    abstains=["My disposable card is broken"],
    doc="How many and how often are limits.",
)

virtual_card_fails = regex(
    "virtual_card_fails",
    votes=Intent.VIRTUAL_CARD_NOT_WORKING,
    pattern=[
        r"\b(?:virtual|dispos\w+)\b",
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt) (?:work\w*|go|accept\w*|use)|"
            r"\bnot (?:work\w*|accept\w*)|\b(?:reject\w*|declin\w*|den(?:y|ied)|broken|fail\w*|"
            r"get .{0,30}to work|problem\w*|wrong|won'?t|subscription|gym|recurring|memberships?|"
            r"multiple (?:payments|transactions)|can'?t (?:use|make|pay))\b"
        ),
    ],
    at_least=2,
    fires=["My virtual card was rejected at checkout"],
    abstains=["Where do I find my virtual card?"],
    doc="A virtual card that is refused.",
)

physical_card_ordered = regex(
    "physical_card_ordered",
    votes=Intent.ORDER_PHYSICAL_CARD,
    pattern=[
        (
            r"\b(?:order\w*|get|obtain|request|want|receive|have|need|sent|send|"
            r"apply)\b.{0,40}\b(?:(?:physical|real|actual|plastic|debit|own|bank) card|(?:a|my|your|"
            r"the) cards?\b(?! (?:pin|back|number)))"
        )
    ],
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        PAYMENT,
        TRANSFER,
        PIN,
        LOST,
        UNKNOWN,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:another|second|new|expir\w+|visa|"
            r"mastercard|yet|still|arriv\w*|extra|more|two|long|when|us|eu|europe|uk|country|countries|"
            r"work\w*|back|machine|atm|daughter|son|child\w*|delivered in|accepted|activat\w*|app|not|"
            r"declined|days|soon|fast|track|replace\w*|compromis\w+|wrong|spare|charged|freeze|swallowed|"
            r"weeks?)\b"
        ),
    ],
    fires=["What must I do to get a real card?"],
    abstains=["Can I get a second card?"],
    doc="The first card of plastic.",
)

card_ordering_cost = regex(
    "card_ordering_cost",
    votes=Intent.ORDER_PHYSICAL_CARD,
    pattern=[
        (
            r"\b(?:physical|real|actual|plastic|debit) card|\bcards?\b.{0,25}\b(?:deliver\w* to|sent to)|"
            r"\bwhere (?:do|can|are) .{0,20}\bcards?\b.{0,10}\b(?:deliver\w*|sent|ordered)|\border a card"
        )
    ],
    none_of=[
        VIRTUAL,
        CASH,
        TOP_UP,
        PAYMENT,
        PIN,
        LOST,
        EXTRA,
        (
            r"(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)\b|\b(?:how long|yet|us|eu|europe|uk|"
            r"another|expir\w+|more|work\w*)\b"
        ),
    ],
    fires=["Does a physical card cost anything?"],
    abstains=["Where is the PIN of my physical card?"],
    doc="Terms under which a physical card is sent.",
)

visa_or_mastercard_named = regex(
    "visa_or_mastercard_named",
    votes=Intent.VISA_OR_MASTERCARD,
    pattern=[r"\bvisa\b|\bmaster ?card"],
    none_of=[CASH, TOP_UP, r"\b(?:declin\w+|apple|google|atm\w*|add)\b"],
    fires=["Is your card a Visa?"],
    abstains=["Which ATMs take Mastercard?"],
    doc="The brand of the card.",
)

other_cards_supported = regex(
    "other_cards_supported",
    votes=Intent.SUPPORTED_CARDS_AND_CURRENCIES,
    pattern=[
        (
            r"\b(?:american express|amex|other (?:\w+ )?cards?|(?:credit|debit|payment|bank|us) cards?|"
            r"which cards|what (?:\w+ )?cards|kind of cards|types? of cards|cards and currencies|"
            r"forms? of payment)\b"
        ),
        r"\b(?:accept\w*|support\w*|use|add\w*|top\w*|work\w*|put|allowed|fund\w*|take|currenc\w+)\b",
    ],
    at_least=2,
    none_of=[
        FEE,
        FAILED,
        PHONE,
        IDENTITY,
        VERIFY,
        (
            r"\b(?:where|merchants?|stores?|apple|google|atms?|stolen|lost|transfer|disposable|virtual|"
            r"visa or|how do i)\b"
        ),
    ],
    fires=["Can I use American Express to fund the account?"],
    abstains=["Is there a fee for adding money with a credit card?"],
    doc="Which foreign cards can fund the account.",
)
