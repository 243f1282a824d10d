"""Redaction: what tells who someone is goes, before records are reviewed, exported or sent anywhere."""

from wslabel.redacting.recognisers import Recogniser, builtin_kinds, load_recognisers
from wslabel.redacting.records import RedactedRecords, redact
from wslabel.redacting.redaction import SECRET, Redacted, Redaction, Replacement

__all__ = [
    "SECRET",
    "Recogniser",
    "Redacted",
    "RedactedRecords",
    "Redaction",
    "Replacement",
    "builtin_kinds",
    "load_recognisers",
    "redact",
]
