"""Export: training data in the formats that others read, validated, with a card."""

from wslabel.exporting.choice import Choice, Known
from wslabel.exporting.conversations import Checks, ConversationReport, Finding, Template, load_template
from wslabel.exporting.exporter import export
from wslabel.exporting.formats.base import Conversation, ExportContext, ExportFormat, ExportRow, Problem, Span
from wslabel.exporting.registry import format_names, validate_file
from wslabel.exporting.result import ExportResult
from wslabel.exporting.splits import LeakAudit, SplitPlan, Splits, audit_splits, read_splits, split

__all__ = [
    "Checks",
    "Choice",
    "Conversation",
    "ConversationReport",
    "ExportContext",
    "ExportFormat",
    "ExportResult",
    "ExportRow",
    "Finding",
    "Known",
    "LeakAudit",
    "Problem",
    "Span",
    "SplitPlan",
    "Splits",
    "Template",
    "audit_splits",
    "export",
    "format_names",
    "load_template",
    "read_splits",
    "split",
    "validate_file",
]
