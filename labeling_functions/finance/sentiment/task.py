from wslabel.authoring import Label, Task


class Sentiment(Label):
    """How a sentence of financial news changes an investor's short-term view of the company it speaks of."""

    NEGATIVE = (
        "negative",
        "An investor would think less of the company after this sentence: profit, sales, orders or the share price "
        "fell, costs or losses rose, a warning, a strike, staff cuts. Edge cases: a fall that is smaller than "
        "feared is still a fall; staff cuts are negative although they save money, unless the sentence speaks "
        "of the savings; a level that is called low or weak needs no comparison.",
    )
    NEUTRAL = (
        "neutral",
        "The sentence gives an investor no reason to change the view: who, what, where and when of a deal, a product, "
        "an appointment, a meeting, a shareholding. Edge cases: a figure without anything to compare it with; "
        "a merger or purchase that is only announced; a forecast that repeats what was known; good and bad news "
        "that weigh the same; news of a market that says nothing of the company.",
    )
    POSITIVE = (
        "positive",
        "An investor would think more of the company: profit, sales, orders or the share price rose, costs or losses "
        "fell, an order or a contract was won, a forecast was raised. Edge cases: a loss that narrows is positive "
        "although it is a loss; savings and better efficiency are positive, also as an aim; praise by the company "
        "of itself counts where it names what has become better.",
    )


task = Task("finance.sentiment", Sentiment)
