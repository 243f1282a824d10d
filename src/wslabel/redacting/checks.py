"""Checks of what a pattern found: check digits, ranges that are never given out, number plans.

A check gets the text that was found and returns how many of its characters are the thing: all of them, fewer where
the pattern took too much, or 0 where it is something else.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from wslabel.errors import ExportError

_SEPARATORS = re.compile(r"[\s.-]")


def card(found: str) -> int:
    """Check the Luhn digit of a card number (ISO/IEC 7812-1).

    >>> card("4111 1111 1111 1111"), card("4111 1111 1111 1112")
    (19, 0)
    """
    digits = [int(letter) for letter in found if letter.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    right = 13 <= len(digits) <= 19 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
    return len(found) if right else 0


def iban(found: str) -> int:
    """Check the remainder modulo 97 of an IBAN (ISO 13616); words behind it are taken off.

    >>> iban("DE89 3704 0044 0532 0130 00 EUR"), iban("DE89 3704 0044 0532 0130 01")
    (27, 0)
    """
    text = found
    while len(plain := _SEPARATORS.sub("", text)) >= 15:
        if len(plain) <= 34 and int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1:
            return len(text)
        text = text[: max(text.rfind(" "), 0)]
    return 0


def ssn(found: str) -> int:
    """Check that a US social security number is one that is given out (SSA: no area 000, 666 or from 900).

    >>> ssn("123-45-6789"), ssn("666-45-6789"), ssn("123-00-6789")
    (11, 0, 0)
    """
    digits = re.sub(r"\D", "", found)
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return len(found) if area not in ("000", "666") and area < "900" and group != "00" and serial != "0000" else 0


def ip(found: str) -> int:
    """Check an IPv4 or IPv6 address.

    >>> ip("192.168.0.17"), ip("300.1.1.1"), ip("2001:db8::1"), ip("12:30")
    (12, 0, 11, 0)
    """
    text = found.rstrip(".:") if not found.endswith("::") else found
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return 0
    return len(text)


def phone(found: str, regions: tuple[str, ...] = ("US",)) -> int:
    """Check a phone number against the number plans of its country, or of the regions (by phonenumbers).

    Raises
    ------
    ExportError
        The library is not installed.

    >>> phone("+49 30 901820"), phone("(212) 555-0143"), phone("2024-01-05 12")
    (13, 14, 0)
    """
    numbers = _phonenumbers()
    for region in (None,) if found.lstrip("( ").startswith("+") else regions:
        matches = numbers.PhoneNumberMatcher(found, region, leniency=numbers.Leniency.STRICT_GROUPING)
        if (match := next(iter(matches), None)) is not None and match.start == 0:
            return int(match.end)
    return 0


def _phonenumbers() -> Any:
    try:
        import phonenumbers
    except ImportError:
        raise ExportError(
            "Phone numbers are recognised by the library phonenumbers, which is not installed. "
            "Run `pip install 'wslabel[privacy]'`, or leave phone out of the kinds."
        ) from None
    return phonenumbers


CHECKS: dict[str, Callable[[str], int]] = {"card": card, "iban": iban, "ssn": ssn, "ip": ip, "phone": phone}
