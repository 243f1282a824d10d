"""The task customer_service.banking_intent: what its labels mean."""

from wslabel.authoring import Label, Task


class Intent(Label):
    """What a customer of an app-based bank wants, in one message: the 77 intents of BANKING77, which has no written
    guideline; these definitions were drawn from its training texts.
    """

    REFUND_NOT_SHOWING_UP = (
        "Refund_not_showing_up",
        "A refund was promised or made and is not on the account yet. Asking for a refund is request_refund.",
    )
    ACTIVATE_MY_CARD = ("activate_my_card", "How to activate a new card, or that activation fails.")
    AGE_LIMIT = ("age_limit", "From which age one may have an account, accounts for children.")
    APPLE_PAY_OR_GOOGLE_PAY = (
        "apple_pay_or_google_pay",
        "Anything with Apple Pay, Google Pay or a watch, topping up with them included.",
    )
    ATM_SUPPORT = ("atm_support", "Which cash machines take the card, and where they are.")
    AUTOMATIC_TOP_UP = (
        "automatic_top_up",
        "Topping up by itself when the balance is low: where to find it, its limits, its failures.",
    )
    BALANCE_NOT_UPDATED_AFTER_BANK_TRANSFER = (
        "balance_not_updated_after_bank_transfer",
        "A transfer into the customer's own account does not show in the balance. A transfer that another person "
        "misses is transfer_not_received_by_recipient.",
    )
    BALANCE_NOT_UPDATED_AFTER_CHEQUE_OR_CASH_DEPOSIT = (
        "balance_not_updated_after_cheque_or_cash_deposit",
        "A cheque or cash that was paid in does not show in the balance.",
    )
    BENEFICIARY_NOT_ALLOWED = (
        "beneficiary_not_allowed",
        "A transfer to a certain beneficiary or account is refused. Without a beneficiary it is declined_transfer or"
        " failed_transfer.",
    )
    CANCEL_TRANSFER = ("cancel_transfer", "Call back a transfer or transaction, often because of a wrong account.")
    CARD_ABOUT_TO_EXPIRE = (
        "card_about_to_expire",
        "The card expires soon: how to get the next one, to where it is sent.",
    )
    CARD_ACCEPTANCE = ("card_acceptance", "Where one can pay with the card.")
    CARD_ARRIVAL = (
        "card_arrival",
        "A card that was ordered has not come; track it. How long it takes in general is card_delivery_estimate.",
    )
    CARD_DELIVERY_ESTIMATE = (
        "card_delivery_estimate",
        "How long delivery takes, whether it can be faster or on a certain day.",
    )
    CARD_LINKING = ("card_linking", "Show or add a card in the app, or put a card back that was found again.")
    CARD_NOT_WORKING = ("card_not_working", "The card does not work at all, without a word of where or how.")
    CARD_PAYMENT_FEE_CHARGED = ("card_payment_fee_charged", "A fee was charged for paying with the card.")
    CARD_PAYMENT_NOT_RECOGNISED = (
        "card_payment_not_recognised",
        "A card payment on the account that the customer did not make.",
    )
    CARD_PAYMENT_WRONG_EXCHANGE_RATE = (
        "card_payment_wrong_exchange_rate",
        "The rate applied to a purchase abroad is wrong.",
    )
    CARD_SWALLOWED = ("card_swallowed", "A machine kept the card.")
    CASH_WITHDRAWAL_CHARGE = ("cash_withdrawal_charge", "A fee for taking out cash.")
    CASH_WITHDRAWAL_NOT_RECOGNISED = (
        "cash_withdrawal_not_recognised",
        "A withdrawal on the account that the customer did not make.",
    )
    CHANGE_PIN = ("change_pin", "Choose another PIN, and where that can be done.")
    COMPROMISED_CARD = (
        "compromised_card",
        "Someone else uses the card or its number. A card that is gone is lost_or_stolen_card.",
    )
    CONTACTLESS_NOT_WORKING = ("contactless_not_working", "Paying by touch does not work.")
    COUNTRY_SUPPORT = ("country_support", "In which countries accounts and cards are offered.")
    DECLINED_CARD_PAYMENT = ("declined_card_payment", "A payment with the card was declined.")
    DECLINED_CASH_WITHDRAWAL = ("declined_cash_withdrawal", "A machine gave no cash, or declined the card.")
    DECLINED_TRANSFER = ("declined_transfer", 'A transfer was declined. A transfer that "failed" is failed_transfer.')
    DIRECT_DEBIT_PAYMENT_NOT_RECOGNISED = (
        "direct_debit_payment_not_recognised",
        "A direct debit, or a payment without use of the card, that the customer does not know.",
    )
    DISPOSABLE_CARD_LIMITS = (
        "disposable_card_limits",
        "How many disposable cards, how often, with which restrictions.",
    )
    EDIT_PERSONAL_DETAILS = ("edit_personal_details", "Change name, address, phone number.")
    EXCHANGE_CHARGE = ("exchange_charge", "What exchanging currencies costs, and discounts on it.")
    EXCHANGE_RATE = (
        "exchange_rate",
        "What the rate is and how it is made. A rate that the customer finds wrong belongs to the payment or "
        "withdrawal.",
    )
    EXCHANGE_VIA_APP = ("exchange_via_app", "Exchange currencies in the app: whether and how.")
    EXTRA_CHARGE_ON_STATEMENT = (
        "extra_charge_on_statement",
        "A small unexplained charge on the statement, often of one pound or dollar.",
    )
    FAILED_TRANSFER = ("failed_transfer", "A transfer failed or did not work.")
    FIAT_CURRENCY_SUPPORT = ("fiat_currency_support", "Which currencies can be held and exchanged.")
    GET_DISPOSABLE_VIRTUAL_CARD = (
        "get_disposable_virtual_card",
        "What disposable virtual cards are and how to get one.",
    )
    GET_PHYSICAL_CARD = (
        "get_physical_card",
        "Where the PIN of a physical card is found: the corpus keeps these questions under this name.",
    )
    GETTING_SPARE_CARD = ("getting_spare_card", "A second card, for oneself or for somebody else on the account.")
    GETTING_VIRTUAL_CARD = ("getting_virtual_card", "How to get a virtual card, or that one has not come.")
    LOST_OR_STOLEN_CARD = ("lost_or_stolen_card", "The card is lost or stolen.")
    LOST_OR_STOLEN_PHONE = ("lost_or_stolen_phone", "The phone is lost or stolen; stop others from using the app.")
    ORDER_PHYSICAL_CARD = ("order_physical_card", "How to order a physical card, its cost, where it is sent.")
    PASSCODE_FORGOTTEN = ("passcode_forgotten", "The passcode or password of the app is forgotten or does not work.")
    PENDING_CARD_PAYMENT = ("pending_card_payment", "A card payment is pending.")
    PENDING_CASH_WITHDRAWAL = ("pending_cash_withdrawal", "A withdrawal is pending.")
    PENDING_TOP_UP = ("pending_top_up", "A top-up is pending.")
    PENDING_TRANSFER = ("pending_transfer", "A transfer is pending.")
    PIN_BLOCKED = ("pin_blocked", "The PIN is blocked after wrong attempts.")
    RECEIVING_MONEY = ("receiving_money", "How others can pay the customer, salary included, and in which currency.")
    REQUEST_REFUND = ("request_refund", "The customer wants money back for a purchase, or to cancel it.")
    REVERTED_CARD_PAYMENT = (
        "reverted_card_payment?",
        "A card payment came back to the account or was cancelled by the bank.",
    )
    SUPPORTED_CARDS_AND_CURRENCIES = (
        "supported_cards_and_currencies",
        "With which other cards and in which currencies the account can be topped up.",
    )
    TERMINATE_ACCOUNT = ("terminate_account", "Close the account.")
    TOP_UP_BY_BANK_TRANSFER_CHARGE = (
        "top_up_by_bank_transfer_charge",
        "What it costs to receive or top up by bank transfer (SEPA, SWIFT).",
    )
    TOP_UP_BY_CARD_CHARGE = ("top_up_by_card_charge", "What it costs to top up with another card.")
    TOP_UP_BY_CASH_OR_CHEQUE = ("top_up_by_cash_or_cheque", "Whether and how cash or cheques can be paid in.")
    TOP_UP_FAILED = ("top_up_failed", "A top-up was declined or did not work.")
    TOP_UP_LIMITS = ("top_up_limits", "The largest amount or number of top-ups.")
    TOP_UP_REVERTED = ("top_up_reverted", "A top-up was cancelled or sent back.")
    TOPPING_UP_BY_CARD = ("topping_up_by_card", "Top up with a bank card, and that the money of it is not to be seen.")
    TRANSACTION_CHARGED_TWICE = ("transaction_charged_twice", "One purchase was charged more than once.")
    TRANSFER_FEE_CHARGED = ("transfer_fee_charged", "A fee was charged for a transfer.")
    TRANSFER_INTO_ACCOUNT = ("transfer_into_account", "How to transfer money into the account.")
    TRANSFER_NOT_RECEIVED_BY_RECIPIENT = (
        "transfer_not_received_by_recipient",
        "Somebody to whom money was sent has not got it.",
    )
    TRANSFER_TIMING = ("transfer_timing", "How long a transfer takes.")
    UNABLE_TO_VERIFY_IDENTITY = ("unable_to_verify_identity", "Proving one's identity fails.")
    VERIFY_MY_IDENTITY = ("verify_my_identity", "How to prove one's identity, and with which documents.")
    VERIFY_SOURCE_OF_FUNDS = (
        "verify_source_of_funds",
        "Where the customer's money comes from, and how that is verified.",
    )
    VERIFY_TOP_UP = ("verify_top_up", "Verifying a top-up or the card it was made with; the code for it.")
    VIRTUAL_CARD_NOT_WORKING = ("virtual_card_not_working", "A virtual card does not work or is refused.")
    VISA_OR_MASTERCARD = ("visa_or_mastercard", "Whether the card is a Visa or a Mastercard, and how to choose.")
    WHY_VERIFY_IDENTITY = ("why_verify_identity", "Why identity must be proven, and refusing to.")
    WRONG_AMOUNT_OF_CASH_RECEIVED = ("wrong_amount_of_cash_received", "A machine gave less cash than was asked for.")
    WRONG_EXCHANGE_RATE_FOR_CASH_WITHDRAWAL = (
        "wrong_exchange_rate_for_cash_withdrawal",
        "The rate applied to a withdrawal abroad is wrong.",
    )


task = Task("customer_service.banking_intent", Intent)
