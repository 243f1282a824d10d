"""A JupyterLab of its own on loopback, and a browser in it, for tests."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 30_000  # milliseconds: a kernel on a busy machine takes its time
_IS_READY = """() => {
  const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
  const kernel = context?.session?.kernel;
  return context?.isReady && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
_HAS_RUN = "n => /\\[\\d+\\]/.test(document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')[n].textContent)"
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}


def browser_path() -> str:
    """Return the browser's path, or skip the test."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    return found


@contextmanager
def chromium() -> Iterator[Any]:
    """Yield a browser without a window."""
    path = browser_path()
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def jupyter_lab(folder: Path) -> Iterator[str]:
    """Yield the address, token included, of a JupyterLab that serves the folder."""
    pytest.importorskip("jupyterlab")
    pytest.importorskip("anywidget")
    token, port = secrets.token_hex(8), _free_port()
    own = folder / ".jupyter"
    settings = own / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(NO_NEWS))
    places = {f"JUPYTER_{name}_DIR": str(own / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings_dir = {"JUPYTERLAB_SETTINGS_DIR": str(own / "settings"), "IPYTHONDIR": str(own / "ipython")}
    options = [f"--port={port}", "--ip=127.0.0.1", "--no-browser", "--allow-root", "--expose-app-in-browser"]
    options += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}", "--ServerApp.port_retries=0"]
    with (folder / ".jupyter.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options],
            env={**os.environ, **places, **settings_dir},
            stdout=log,
            stderr=log,
        )
        try:
            _wait(f"http://127.0.0.1:{port}/api?token={token}", server, folder)
            yield f"http://127.0.0.1:{port}/lab/tree/NAME?token={token}"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def write_notebook(path: Path, *cells: str) -> None:
    """Write a notebook of code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, path)


def open_notebook(page: Any, address: str, name: str) -> None:
    """Open a notebook and wait for its kernel."""
    page.set_default_timeout(PATIENCE)
    page.goto(address.replace("NAME", name))
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell")
    page.wait_for_function(_IS_READY)


def run_cells(page: Any, count: int) -> None:
    """Run the first cells of the open notebook from top to bottom, as a person does."""
    cells = page.locator(".jp-Notebook .jp-CodeCell")
    cells.nth(count - 1).wait_for()  # cells are drawn one by one
    for place in range(count):
        cells.nth(place).locator(".jp-Editor, .cm-content").first.click()
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(_HAS_RUN, arg=place)


def restart_kernel(page: Any) -> None:
    """Restart the kernel of the open notebook, through its dialog."""
    page.evaluate("void window.jupyterapp.commands.execute('notebook:restart-kernel')")
    page.click(".jp-Dialog button.jp-mod-accept")
    page.wait_for_selector(".jp-Dialog", state="detached")
    page.wait_for_function(_IS_READY)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(address: str, server: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{(folder / '.jupyter.log').read_text()[-3000:]}")


HOST = """
import widget from 'data:text/javascript;base64,CODE';
const heard = [];
const model = {
  get: () => window.config,
  on: (name, work) => { if (name === 'msg:custom') heard.push(work); },
  send: async message => {
    const answer = await window.kernel(JSON.stringify(message));
    if (answer) heard.forEach(work => work(JSON.parse(answer)));
  },
};
widget.render({model, el: document.body});
"""


def show_session(page: Any, session: Any, answer: Any = None, dark: bool = False) -> Any:
    """Show the widget in an empty page that plays the notebook, and return its root; `answer` stands for the kernel."""
    from wslabel.review.widget import ReviewWidget

    given = answer or session.answer
    page.expose_function("kernel", lambda message: json.dumps(given(json.loads(message))))
    colours = "background:#111;color:#ddd" if dark else "background:white;color:black"
    code = base64.b64encode(ReviewWidget._esm.encode()).decode()
    page.set_content(f"<style>{ReviewWidget._css}</style><body style='margin:8px;{colours}'></body>")
    page.evaluate("config => { window.config = config; }", session.config())
    page.add_script_tag(content=HOST.replace("CODE", code), type="module")
    page.wait_for_selector(".wslabel-review[data-theme] .words")
    return page.locator(".wslabel-review")
