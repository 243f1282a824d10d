"""From labels to conversations: templates, the reasons of a label, and checks before anything is written."""

from wslabel.exporting.conversations.checks import Checks, require_fit
from wslabel.exporting.conversations.making import Conversations
from wslabel.exporting.conversations.rendering import Renderer
from wslabel.exporting.conversations.report import ConversationReport, Finding
from wslabel.exporting.conversations.template import Template, load_template

__all__ = [
    "Checks",
    "ConversationReport",
    "Conversations",
    "Finding",
    "Renderer",
    "Template",
    "load_template",
    "require_fit",
]
