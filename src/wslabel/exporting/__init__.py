"""Export: training data in the formats that others read, validated, with a card."""

from wslabel.exporting.choice import Choice, Known
from wslabel.exporting.exporter import export
from wslabel.exporting.formats.base import ExportContext, ExportFormat, ExportRow, Problem, Span
from wslabel.exporting.registry import format_names, validate_file
from wslabel.exporting.result import ExportResult
from wslabel.exporting.splits import LeakAudit, SplitPlan, Splits, audit_splits, read_splits, split

__all__ = [
    "Choice",
    "ExportContext",
    "ExportFormat",
    "ExportResult",
    "ExportRow",
    "Known",
    "LeakAudit",
    "Problem",
    "Span",
    "SplitPlan",
    "Splits",
    "audit_splits",
    "export",
    "format_names",
    "read_splits",
    "split",
    "validate_file",
]
