"""The review widget in JupyterLab, in a real browser, with real keys."""

import sqlite3

import pytest
from lab import chromium, jupyter_lab, open_notebook, restart_kernel, run_cells, write_notebook

from wslabel.review import DecisionLog

MAKE = """
import numpy as np
import wslabel as ws
from wslabel.core.task import Label, Task

class Mood(Label):
    '''How the writer feels.'''
    BAD = "bad", "It reads as bad news."
    GOOD = "good", "It reads as good news."

EVIL = "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script> \\u202eevil\\u202c end"
texts = [EVIL, "glad but sad", *[f"happy text {n}" for n in range(12)], "\\u0645\\u0631\\u062d\\u0628\\u0627 glad"]
records = ws.read_records([{"id": f"r{n}", "text": text} for n, text in enumerate(texts)])
suite = [ws.keywords("glad", votes="good", any_of=["glad", "happy"]), ws.keywords("sad", votes="bad", any_of=["sad"])]
task = Task("demo.mood", Mood)
votes = ws.apply(suite, records, task=task)
model = ws.label_model("majority").fit(votes)
labels = model.predict(votes)
issues = ws.Issues([ws.Issue(f"r{n}", "conflict", n / 100, "good", "bad", ("sad",)) for n in range(len(texts))])
queue = ws.ReviewQueue(issues, records, labels, votes=votes, task=task, model=model,
    evidence=lambda row: ws.explain(suite, row, task), log="review.db")
"""
SHOW = "queue.show('ana')"
PRESSED = """key => new Promise(done => {
  const root = document.querySelector('.wslabel-review'), before = root.dataset.id, begin = performance.now();
  const watch = new MutationObserver(() => {
    if (root.dataset.id === before || !root.querySelector('.words, .end')) return;
    watch.disconnect();
    requestAnimationFrame(() => done(performance.now() - begin));
  });
  watch.observe(root, {attributes: true, childList: true, subtree: true});
  root.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
})"""


@pytest.fixture
def lab(tmp_path):
    write_notebook(tmp_path / "review.ipynb", MAKE, SHOW)
    with chromium() as browser, jupyter_lab(tmp_path) as address:
        yield tmp_path, address, browser


def shown(page, record):
    page.wait_for_selector(f'.wslabel-review[data-id="{record}"]')


def saved(page):
    page.wait_for_function("document.querySelector('.wslabel-review .state').textContent === 'saved'")


def logged(folder):
    return [(one.id, one.action, one.label) for one in DecisionLog(folder / "review.db").all()]


def test_keys_decide_undo_and_survive_a_restart(lab):
    folder, address, browser = lab
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    open_notebook(page, address, "review.ipynb")
    run_cells(page, 2)
    root = page.locator(".wslabel-review")
    shown(page, "r0")

    # hostile text is text
    assert root.locator("img, script").count() == 0
    assert "<img src=x" in root.locator(".words").inner_text()
    assert root.locator(".unseen").all_inner_texts() == ["U+202E", "U+202C"]
    assert page.evaluate("window.hacked") is None
    assert root.locator(".words").get_attribute("dir") == "auto"

    # a label by its number, the suggested one by Enter, the others by letters
    root.locator(".count").click()
    for key, record in [("2", "r1"), ("Enter", "r2"), ("x", "r3"), ("s", "r4"), ("0", "r5")]:
        page.keyboard.press(key)
        shown(page, record)
    saved(page)
    assert logged(folder) == [
        ("r0", "label", "good"),
        ("r1", "label", "bad"),
        ("r2", "reject", None),
        ("r3", "skip", None),
        ("r4", "unsure", None),
    ]

    # undo shows the record again, and can be repeated
    page.keyboard.press("u")
    shown(page, "r4")
    page.keyboard.press("u")
    shown(page, "r3")
    assert "Taken back: skip on r3" in root.inner_text()

    # a note is typed, not understood as keys
    page.keyboard.press("n")
    page.keyboard.type("x1su: why?")
    page.keyboard.press("Enter")
    page.keyboard.press("1")
    shown(page, "r4")
    saved(page)
    last = DecisionLog(folder / "review.db").all()[-1]
    assert (last.id, last.label, last.note, last.reviewer) == ("r3", "bad", "x1su: why?", "ana")
    assert last.seconds > 0
    assert last.text_hash
    assert '"suggested": "bad"' in last.shown

    # the cells of the notebook took none of the keys
    assert page.locator(".jp-Notebook .jp-Cell").count() <= 3

    restart_kernel(page)
    run_cells(page, 2)
    shown(page, "r4")
    assert root.locator(".count b").inner_text() == "4 / 15"
    with sqlite3.connect(folder / "review.db") as connection:
        (rows,) = connection.execute("SELECT count(*) FROM decisions WHERE reviewer = 'ana'").fetchone()
    assert rows == len(logged(folder)) == 8

    # the next record is there at once, whatever the kernel does
    root.locator(".count").click()
    times = []
    for _ in range(4):
        times.append(page.evaluate(PRESSED, "1"))
        saved(page)
    assert sorted(times)[2] < 50, times

    # one decision for all records with the same votes, confirmed, and one undo
    before = len(logged(folder))
    page.keyboard.press("b")
    page.wait_for_selector(".wslabel-review .bulk")
    count = int(root.locator(".bulk b").inner_text().split()[0])
    assert count >= 2
    page.keyboard.press("2")
    page.keyboard.press("y")
    page.wait_for_function("document.querySelector('.wslabel-review .banner')?.textContent.includes('takes all')")
    assert len(logged(folder)) == before + count
    page.keyboard.press("u")
    page.wait_for_function("document.querySelector('.wslabel-review .banner')?.textContent.includes('Taken back')")
    assert [action for _, action, _ in logged(folder)[-count:]] == ["undo"] * count

    # filter, and its end
    page.keyboard.press("/")
    page.keyboard.type("\u0645\u0631\u062d")
    page.keyboard.press("Enter")
    shown(page, "r14")
    page.keyboard.press("/")
    root.locator("text=show all").click()
    page.wait_for_function("document.querySelector('.wslabel-review').dataset.id !== 'r14'")
    page.close()


def test_a_kernel_that_died_is_told_and_nothing_is_called_saved(lab):
    folder, address, browser = lab
    page = browser.new_page()
    open_notebook(page, address, "review.ipynb")
    run_cells(page, 2)
    shown(page, "r0")
    page.evaluate("void window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()")
    page.locator(".wslabel-review .count").click()
    page.keyboard.press("1")
    page.wait_for_selector(".wslabel-review .banner.bad")
    told = page.locator(".wslabel-review .banner.bad").inner_text()
    assert "The kernel does not answer. Not saved: the decision on r0" in told
    assert page.locator(".wslabel-review .state").inner_text() == "not saved"
    assert not (folder / "review.db").exists()
    page.close()
