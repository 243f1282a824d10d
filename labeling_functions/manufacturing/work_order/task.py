"""The task manufacturing.work_order: what its labels mean."""

from wslabel.authoring import Label, Task


class Entity(Label):
    """What the short text of a maintenance work order speaks of, by the top classes of the MaintIE scheme (Bikaun et
    al. 2024). Spans are whole words; the longest of nested mentions counts.
    """

    PHYSICAL_OBJECT = (
        "PhysicalObject",
        "Anything that can be touched: plant, machines, components, parts, fluids, consumables, tools, and persons "
        'named by their trade. The whole compound counts ("lift cylinder", "engine oil filter"). Edge cases: words '
        "of place (left hand, front, number 2) are outside; so is the number of the unit; a maker's name of a system"
        " is inside.",
    )
    STATE = (
        "State",
        "The condition in which an object is: broken, worn, missing, unserviceable, not working, a fault with its "
        'name ("low power fault"). Edge case: needs and requires are states; what goes on in time (leaking) is '
        "Process.",
    )
    PROCESS = (
        "Process",
        "Something unwanted or wanted that goes on: leaking, vibrating, tripping, running constantly. Edge case: "
        "what maintainers do is Activity.",
    )
    ACTIVITY = (
        "Activity",
        "Work that people do or order: replace, change out, inspect, calibrate, and its nouns (repair, inspection, "
        'service). Edge case: a verb within the name of a part ("lift cylinder", "drain plug") belongs to the part.',
    )
    PROPERTY = (
        "Property",
        "A feature that is observed or measured: crack, noise, pressure, level, temperature on their own. Edge case:"
        " cracked is State.",
    )


task = Task("manufacturing.work_order", Entity, kind="spans")
