"""The task customer_service.assistant_request: what its labels mean."""

from wslabel.authoring import Label, Task


class AssistantRequest(Label):
    """Which service of a voice assistant a spoken request is for. Texts are transcripts: no capitals, no commas."""

    ALARM = (
        "alarm",
        "Set, ask for or remove something that rings at a time. Edge case: a reminder with a subject is calendar.",
    )
    AUDIO = (
        "audio",
        "Loudness of the assistant or its speaker: louder, or mute. Edge case: stopping or skipping music is music.",
    )
    IOT = ("iot", "Devices in the house: lamps, plugs, coffee machine, vacuum cleaner.")
    CALENDAR = (
        "calendar",
        "One's own meetings, events, reminders and free time: set, ask for, remove. Edge case: events that the town "
        "offers are recommendation.",
    )
    PLAY = (
        "play",
        "Start music, radio, a podcast, an audiobook or a game. Edge case: a question about what plays is music.",
    )
    GENERAL = (
        "general",
        "Jokes, greetings, talk, questions about the assistant, and what no service can do. Edge case: a question with "
        "one right answer is qa.",
    )
    DATETIME = ("datetime", "Time of day, date, day of the week, time zones; not the time of a train or a meeting.")
    TAKEAWAY = ("takeaway", "Order food, ask whether and when it comes, or whether a restaurant delivers.")
    NEWS = (
        "news",
        "Headlines, and what goes on in the world. Edge case: a lasting fact about a politician is qa.",
    )
    MUSIC = (
        "music",
        "Ask what is playing, like, dislike or save, shuffle, repeat. Edge case: an order to start music is play.",
    )
    WEATHER = ("weather", "Weather now, then and elsewhere, and what to wear for it.")
    QA = ("qa", "Facts, definitions, sums, share prices and exchange rates.")
    SOCIAL = (
        "social",
        "Read or write on social networks, including complaints to companies. Edge case: a complaint by mail is email.",
    )
    RECOMMENDATION = (
        "recommendation",
        "Places, events and films that are worth going to. Edge case: the way to a place is transport.",
    )
    COOKING = ("cooking", "Recipes, and how to cook.")
    TRANSPORT = ("transport", "Trains, taxis, tickets, traffic, directions.")
    EMAIL = ("email", "Read, write and answer mail; look up and add contacts.")
    LISTS = (
        "lists",
        "Make, read and change lists. Edge case: 'list the events' asks to be told; a playlist is music.",
    )


task = Task("customer_service.assistant_request", AssistantRequest)
