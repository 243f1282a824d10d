"""Export: training data in the formats that others read, validated, with a card."""

from wslabel.exporting.exporter import export
from wslabel.exporting.formats.base import ExportContext, ExportFormat, ExportRow, Problem
from wslabel.exporting.registry import format_names, validate_file
from wslabel.exporting.result import ExportResult

__all__ = [
    "ExportContext",
    "ExportFormat",
    "ExportResult",
    "ExportRow",
    "Problem",
    "export",
    "format_names",
    "validate_file",
]
