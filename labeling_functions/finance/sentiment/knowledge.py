"""Direction words joined to what they move: whether a rise is good news depends on the item."""

from wslabel.authoring import labeling_function

from .reading import TURNED_TO_PROFIT, Comparison, Move
from .task import Sentiment


def moved(moves: tuple[Move, ...], item: str, *, good: bool) -> bool:
    """Tell whether one of the moves is of that item, in the good or the bad direction."""
    return any(move.item == item and move.good is good for move in moves)


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=[
        "Operating profit at the yard rose by a third.",
        "The gross margin improved slightly.",
        "Higher earnings are expected.",
    ],
    abstains=[
        "Operating profit at the yard fell by a third.",
        "Operating profit at the yard: EUR 12 mn .",
        "Profit did not increase.",
    ],
)
def profit_rose(moves: tuple[Move, ...]) -> Sentiment | None:
    """Profit is what a share is a claim on: more of it is the plainest good news."""
    return Sentiment.POSITIVE if moved(moves, "profit", good=True) else None


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=["Net sales grew by 4 % .", "The chain doubled its turnover.", "An increase in rental income is likely."],
    abstains=["Net sales shrank by 4 % .", "Costs grew faster than planned.", "Sales begin in May."],
)
def sales_rose(moves: tuple[Move, ...]) -> Sentiment | None:
    """Customers buy more than before, from which profit follows unless costs run away."""
    return Sentiment.POSITIVE if moved(moves, "sales", good=True) else None


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=["Order intake rose 11 % .", "The airline increased its market share.", "Passenger numbers climbed again."],
    abstains=["Order intake fell 11 % .", "The order comprises two cranes."],
    misses=["More people took the ferry than a year earlier."],
)
def business_volume_rose(moves: tuple[Move, ...]) -> Sentiment | None:
    """Orders, deliveries, passengers and market share come before sales and announce them."""
    return Sentiment.POSITIVE if moved(moves, "volume", good=True) else None


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=[
        "Cash flow from operations improved.",
        "The board raised the dividend.",
        "Net debt fell to EUR 30 mn .",
        "The new line reduces energy costs.",
    ],
    abstains=["Cash flow weakened.", "Costs rose.", "Shareholders collect their dividend in May."],
)
def costs_fell_or_cash_rose(moves: tuple[Move, ...]) -> Sentiment | None:
    """Lower costs and debts, or more cash and dividends, leave more for the shareholder."""
    good = moved(moves, "costs", good=True) or moved(moves, "cash", good=True)
    return Sentiment.POSITIVE if good else None


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=[
        "The bakery's loss narrowed by half.",
        "The unit reduced its losses.",
        "It turned a loss into a profit of EUR 1 mn .",
        "The chain returned to profit in spring.",
    ],
    abstains=[
        "The company slipped to a loss.",
        "The net loss widened.",
        "The result fell to a net loss of EUR 5 mn .",
    ],
)
def loss_narrowed_or_ended(plain: str, moves: tuple[Move, ...], comparison: Comparison | None) -> Sentiment | None:
    """A smaller loss, or its end, is a step towards profit although the sentence speaks of a loss."""
    got_worse = comparison is not None and comparison.later < comparison.earlier
    narrowed = moved(moves, "loss", good=True) and not got_worse
    return Sentiment.POSITIVE if narrowed or TURNED_TO_PROFIT.search(plain) else None


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=["Shares in Harbrook rose 3 % .", "The broker raised its price target.", "The index gained 1.2 % ."],
    abstains=["Shares in Harbrook dropped 3 % .", "He holds 2,000 shares.", "The share capital was increased."],
)
def shares_rose(moves: tuple[Move, ...]) -> Sentiment | None:
    """The market, or an analyst, values the company higher than before."""
    return Sentiment.POSITIVE if moved(moves, "share_price", good=True) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=[
        "Operating profit at the yard fell by a third.",
        "Lower margins are expected.",
        "The ferry line slipped to a loss in spring.",
    ],
    abstains=[
        "Operating profit at the yard rose by a third.",
        "Operating profit at the yard: EUR 12 mn .",
        "Profit did not decline.",
    ],
)
def profit_fell(moves: tuple[Move, ...]) -> Sentiment | None:
    """Profit is what a share is a claim on: less of it is the plainest bad news."""
    return Sentiment.NEGATIVE if moved(moves, "profit", good=False) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=["Net sales shrank by 4 % .", "Turnover was down 8 % in March.", "A decline in rental income is likely."],
    abstains=["Net sales grew by 4 % .", "Costs decreased.", "Sales of the model end in May."],
)
def sales_fell(moves: tuple[Move, ...]) -> Sentiment | None:
    """Customers buy less than before, and fixed costs turn that into less profit."""
    return Sentiment.NEGATIVE if moved(moves, "sales", good=False) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=["Order intake fell 11 % .", "The bank lost market share.", "Weaker demand is seen in Asia."],
    abstains=["Order intake rose 11 % .", "Two orders were delivered."],
)
def business_volume_fell(moves: tuple[Move, ...]) -> Sentiment | None:
    """Fewer orders, deliveries or passengers today are lower sales tomorrow."""
    return Sentiment.NEGATIVE if moved(moves, "volume", good=False) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=[
        "Raw material costs rose.",
        "Higher expenses are expected.",
        "The net loss widened to EUR 8 mn .",
        "Cash flow weakened.",
        "The dividend was cut to EUR 0.10 .",
    ],
    abstains=["Raw material costs fell.", "The costs are EUR 3 mn ."],
)
def costs_rose_or_cash_fell(moves: tuple[Move, ...]) -> Sentiment | None:
    """Higher costs, debts and losses, or less cash and dividends, leave less for the shareholder."""
    bad = any(moved(moves, item, good=False) for item in ("costs", "loss", "cash"))
    return Sentiment.NEGATIVE if bad else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=["Shares in Harbrook dropped 3 % .", "The index was down 0.4 % at noon.", "The agency lowered its rating."],
    abstains=["Shares in Harbrook rose 3 % .", "His stake decreased below 5 % ."],
)
def shares_fell(moves: tuple[Move, ...]) -> Sentiment | None:
    """The market, or an analyst, values the company lower than before."""
    return Sentiment.NEGATIVE if moved(moves, "share_price", good=False) else None
