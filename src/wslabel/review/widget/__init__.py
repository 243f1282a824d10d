"""The notebook widget: a screen in the browser for a `ReviewSession` in the kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from wslabel.review.session import ReviewSession

_HERE = Path(__file__).parent
PARTS = ("dom.js", "stops.js", "edit.js", "spans.js", "panels.js", "main.js")
"""One module in several files: anywidget loads a single one, and nothing is built."""


class ReviewWidget(anywidget.AnyWidget):
    """Shows a queue record by record; every decision goes through the kernel into the log at once.

    Parameters
    ----------
    session
        The queue, and who reviews it.
    """

    _esm = "\n".join((_HERE / part).read_text(encoding="utf-8") for part in PARTS)
    _css = (_HERE / "review.css").read_text(encoding="utf-8")
    config = traitlets.Dict().tag(sync=True)

    def __init__(self, session: ReviewSession) -> None:
        super().__init__(config=session.config())
        self.session = session
        self.on_msg(self._heard)

    def _heard(self, _: Any, message: dict[str, Any], __: Any) -> None:
        self.send(self.session.answer(message))
