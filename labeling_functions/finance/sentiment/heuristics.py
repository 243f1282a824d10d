"""Direction words without a known item, figures compared, and the plain statements in which nothing moves."""

import re

from wslabel.authoring import labeling_function

from .reading import TURNED_TO_PROFIT, Comparison, Move
from .task import Sentiment

BY_FIGURE = re.compile(r"\d ?(?:%|percent|per cent|pct|percentage points?)|\bfrom (?:[a-z$€£]{1,4} ?)?\d")
LOSS_OF = re.compile(
    r"\b(?:loss|losses|negative)\b(?: \w+){0,6} (?:[a-z]{0,3}[$€£]? ?)?-?\d"
    r"|\b(?:made|makes|posted|reported|showed|incurred|with) an? (?:[\w-]+ )?loss\b"
)
PROFILE = re.compile(
    r"\b(?:is|was|are) (?:an?|the|one of the|part of|based|headquartered|owned|listed|located|situated)\b"
    r"|\b(?:headquartered|domiciled|founded|established) in\b|\bemploys\b|\boperates\b|\bspeciali[sz]es in\b"
    r"|\b(?:has|have|with) (?:\w+ ){0,3}(?:employees|offices|subsidiaries|branches|operations) in\b"
)
FIGURE_OF_ITEM = re.compile(
    r"\b(?:sales|turnover|revenues?|profit|result|dividend|investments?|costs?)\b(?: [\w&'-]+){0,8} "
    r"(?:was|were|is|are|of|amount(?:s|ed)? to|total(?:s|led|ed|ling)|stood at|generat\w+|record\w+)"
    r"(?: (?:about|some|approximately|around|estimated|at|to|be)){0,2} (?:[a-z]{2,3}|us\$|[$€£])? ?\d"
)


@labeling_function(
    votes=[Sentiment.POSITIVE, Sentiment.NEGATIVE],
    fires={
        Sentiment.POSITIVE: [
            "EBITDA for spring: SEK 96 million, compared to SEK 71 million last time.",
            "Net debt was EUR 20 mn versus EUR 45 mn .",
            "Net sales: EUR 5.2 million (4.1).",
            "The operating result was a profit of EUR 1 mn against a loss of EUR 2 mn .",
        ],
        Sentiment.NEGATIVE: [
            "The gross margin of the brewery: 31.5 % versus 34.0 % .",
            "Pretax loss at the dairy: GBP 3 mn, against a profit of GBP 1 mn .",
            "Net sales went from EUR 40 mn to EUR 35 mn .",
        ],
    },
    abstains=[
        "Net sales were EUR 13 mn (2009).",
        "Sales staff work shifts of 6 to 9 hours, from Monday.",
        "Net sales were EUR 10 mn, compared to EUR 10 mn in 2008.",
        "The train runs from 6 to 9.",
    ],
    misses={Sentiment.NEGATIVE: ["The unit lost EUR 3 mn; a year before it had earned EUR 2 mn ."]},
)
def numbers_compared(comparison: Comparison | None) -> Sentiment | None:
    """A figure beside the earlier one shows the direction unnamed; of losses, costs and debts less is good."""
    if comparison is None or comparison.later == comparison.earlier:
        return None
    grew = comparison.later > comparison.earlier
    return Sentiment.POSITIVE if grew == comparison.more_is_good else Sentiment.NEGATIVE


@labeling_function(
    votes=Sentiment.POSITIVE,
    fires=[
        "Lending to households grew by 7 % .",
        "Exports to Chile were up 12 % .",
        "The unit improved by 3 percentage points.",
    ],
    abstains=["Exports to Chile were down 12 % .", "The company wants to grow.", "The costs rose by 7 % ."],
)
def rose_by_figure(plain: str, moves: tuple[Move, ...]) -> Sentiment | None:
    """A rise with its size is a report, not a wish; what rises in company news is mostly business."""
    only_up = bool(moves) and all(move.up and move.good for move in moves)
    return Sentiment.POSITIVE if only_up and BY_FIGURE.search(plain) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=["Exports to Chile were down 12 % .", "Ticket sales dropped by 3 percent.", "The segment shrank by 7 % ."],
    abstains=["Exports to Chile were up 12 % .", "Costs fell by 7 % .", "The company lowers the flag."],
)
def fell_by_figure(plain: str, moves: tuple[Move, ...]) -> Sentiment | None:
    """A fall with its size is a report; what falls in company news is mostly business."""
    only_down = bool(moves) and all(not move.up and move.good is False for move in moves)
    return Sentiment.NEGATIVE if only_down and BY_FIGURE.search(plain) else None


@labeling_function(
    votes=Sentiment.NEGATIVE,
    fires=["The pretax loss totalled EUR 4 mn .", "Cash flow was negative at EUR 3 mn ."],
    abstains=[
        "The loss narrowed to EUR 4 mn .",
        "The loss was SEK 1 mn against last spring's SEK 3 mn .",
        "The loss of the mark cost EUR 1 mn last year; profit rose.",
    ],
)
def loss_reported(plain: str, comparison: Comparison | None, moves: tuple[Move, ...]) -> Sentiment | None:
    """A loss that is reported is bad news, unless it is set against a larger one."""
    better = (
        any(move.good for move in moves)
        or TURNED_TO_PROFIT.search(plain)
        or (comparison is not None and comparison.later >= comparison.earlier)
    )
    return Sentiment.NEGATIVE if LOSS_OF.search(plain) and not better else None


@labeling_function(
    votes=Sentiment.NEUTRAL,
    fires=["The plant stands in Tarvo.", "The companies agreed not to name the seller."],
    abstains=[
        "Profit rose.",
        "Sales were EUR 4 mn, compared to EUR 5 mn in 2008.",
        "A strike closed the plant.",
        "The new line strengthens the company.",
        "Harbrook won an order for two cranes.",
    ],
    misses=["The growth fund moved to a new office."],
)
def no_direction_words(
    changes: bool, moves: tuple[Move, ...], hints: tuple[str, ...], gains: tuple[str, ...]
) -> Sentiment | None:
    """Where nothing rises, falls, is compared, praised, troubled or won, no view has reason to change."""
    return None if changes or moves or hints or gains else Sentiment.NEUTRAL


@labeling_function(
    votes=Sentiment.NEUTRAL,
    fires=["Net sales of the acquired unit were EUR 5 mn in 2009.", "The investment totals about EUR 12 mn ."],
    abstains=["Net sales were EUR 5 mn, up from EUR 4 mn .", "Net sales of the unit grew by half."],
)
def figure_stands_alone(plain: str, changes: bool, hints: tuple[str, ...]) -> Sentiment | None:
    """A figure without an earlier one, a forecast or a direction tells the size, not the course."""
    return Sentiment.NEUTRAL if FIGURE_OF_ITEM.search(plain) and not (changes or hints) else None


@labeling_function(
    votes=Sentiment.NEUTRAL,
    fires=["Harbrook is a maker of cranes.", "The group, headquartered in Tarvo, employs 300 people."],
    abstains=["Harbrook, a maker of cranes, said its profit rose 4 % .", "Harbrook is the leading maker of cranes."],
)
def company_profile(plain: str, changes: bool, hints: tuple[str, ...]) -> Sentiment | None:
    """What a company is, where it sits and whom it employs was known before and moves no price."""
    return Sentiment.NEUTRAL if PROFILE.search(plain) and not (changes or hints) else None
