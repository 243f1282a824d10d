"""Suites: a task with its labeling functions, found by path or entry point and loaded under a private namespace."""

from wslabel.suites.discovery import SuiteInfo, find_suites
from wslabel.suites.given import as_suite
from wslabel.suites.loading import load_suite
from wslabel.suites.suite import Suite

__all__ = ["Suite", "SuiteInfo", "as_suite", "find_suites", "load_suite"]
