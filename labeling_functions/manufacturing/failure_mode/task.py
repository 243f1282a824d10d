"""The task manufacturing.failure_mode: what its labels mean."""

from wslabel.authoring import Label, Task


class FailureMode(Label):
    """What an observation in a maintenance work order says about how an item fails: failure modes of ISO 14224."""

    ABNORMAL_READING = (
        "Abnormal instrument reading",
        "An instrument shows something false, out of range or nothing. Edge cases: an alarm is a reading, unless the "
        "text names what it warns of (an alarming vibration is vibration).",
    )
    BREAKDOWN = (
        "Breakdown",
        "Serious damage or loss of all function: broken, failed, seized, unserviceable, not working, to be replaced. "
        "Edge cases: what has parted or worn is a structural deficiency; what only does not start has its own mode.",
    )
    CONTAMINATION = (
        "Contamination",
        "A lubricant, fluid or product holds what it should not: water in oil, emulsion, dirt.",
    )
    ELECTRICAL = (
        "Electrical",
        "Supply, earthing, short circuit, a protective device that trips, a fault without a further word. Edge case: "
        "a trip that the text explains (vibration, contamination) belongs to what explains it.",
    )
    ERRATIC = ("Erratic output", "Output oscillates, comes and goes, hunts.")
    FAIL_TO_CLOSE = ("Fail to close", "Does not close on demand. Edge case: a closed valve that passes is leaking.")
    FAIL_TO_FUNCTION = (
        "Fail to function",
        "Does not do on demand what it is meant to, in part or in one mode: stuck, stiff, turning the wrong way.",
    )
    FAIL_TO_OPEN = ("Fail to open", "Does not open on demand.")
    FAILURE_TO_ROTATE = ("Failure to rotate", "The shaft does not turn: locked. Edge case: seized is a breakdown.")
    FAILURE_TO_START = (
        "Failure to start on demand",
        "Stands still when it is told to start, restart, reset or engage.",
    )
    FAILURE_TO_STOP = ("Failure to stop on demand", "Runs on when it is told to stop, or starts again by itself.")
    HIGH_OUTPUT = ("High output", "More flow, speed or pressure than was asked for.")
    LEAKING = (
        "Leaking",
        "Fluid gets out, or passes a closed valve: leaks, weeps, sprays, spills, overflows. Edge case: a hole "
        "without a leak is a structural deficiency.",
    )
    LOW_OUTPUT = ("Low output", "Works, but delivers less than it should: slow, weak flow, not keeping up.")
    MINOR = (
        "Minor in-service problems",
        "Put right in place with little work: loose, fallen off, missing, dirty, bent, out of adjustment, needs "
        "packing, tightening, cleaning. Edge case: something that needs replacing is a breakdown.",
    )
    NOISE = ("Noise", "Sounds other than before: squealing, knocking, grinding.")
    OTHER = ("Other", "Says that something is wrong without saying what, or nothing that fits another mode.")
    OVERHEATING = ("Overheating", "Too hot, smoke, fire, burnt.")
    PLUGGED = (
        "Plugged / choked",
        "Flow is stopped by solids: blocked, bogged, jammed; also no flow or no pressure without another reason.",
    )
    SPURIOUS_STOP = ("Spurious stop", "Stops while it should run, without being told to and without a trip named.")
    STRUCTURAL = (
        "Structural deficiency",
        "Material is damaged: corroded, cracked, torn, holed, sheared, worn. Edge case: broken without saying how is a "
        "breakdown; pinholes are minor.",
    )
    VIBRATION = ("Vibration", "Shakes, rubs or vibrates. Edge case: noise and vibration together are noise.")


task = Task("manufacturing.failure_mode", FailureMode)
