"""The task customer_service.multi_intent: what its labels mean."""

from wslabel.authoring import Label, Task


class Intent(Label):
    """What a customer of a web shop asks for in one message, which often holds several requests, and whether it
    cannot wait. Every label that holds counts; `urgent` is the priority and holds beside others.
    """

    ORDER_STATUS = (
        "order_status",
        'Where an order or parcel is, and when it comes, late or not. Edge case: "I ordered it on Monday" as the '
        "beginning of another request is none.",
    )
    RETURN_REFUND = (
        "return_refund",
        "Wants to send something back, to exchange it, or to have money back, or asks how; also asks for a refund "
        "that is due.",
    )
    DAMAGED_OR_WRONG = (
        "damaged_or_wrong",
        "What came is broken, incomplete, or not what was ordered. Holds beside return_refund when money or exchange"
        " is asked for.",
    )
    BILLING = ("billing", "Invoice, payment, price charged, voucher, discount that was not applied, charged twice.")
    CHANGE_ORDER = (
        "change_order",
        "Cancel or change an order that is placed: address, size, number, delivery date. Edge case: the address of "
        "the account without an order is account.",
    )
    ACCOUNT = ("account", "Login, password, personal data, newsletter, deletion of the account.")
    PRODUCT_QUESTION = (
        "product_question",
        "What a product can do, whether it fits, is in stock, how it is used or assembled.",
    )
    COMPLAINT = (
        "complaint",
        "Is dissatisfied with the service itself: no answer, rudeness, broken promises. Edge case: a damaged item "
        "reported without blame is none.",
    )
    PRAISE = ("praise", 'Thanks or praise for something named; "thanks" at the end of a letter is none.')
    URGENT = (
        "urgent",
        "Cannot wait: a date close at hand, danger, medicine, or the customer says so. Edge case: impatience alone "
        "is complaint.",
    )
    NOT_URGENT = (
        "not urgent",
        "The message says that it can wait. Voted by labeling functions only; it is not a label of records.",
    )


task = Task("customer_service.multi_intent", Intent, kind="multilabel")
