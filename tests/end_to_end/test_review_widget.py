"""The review widget in JupyterLab, in a real browser, with real keys."""

import sqlite3

import pytest
from lab import PATIENCE, chromium, jupyter_lab, open_notebook, restart_kernel, run_cells, show_session, write_notebook

from wslabel import Issue, Issues, Labels, MultiLabels, ReviewQueue
from wslabel.errors import ReviewError
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


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture
def lab(tmp_path, browser):
    write_notebook(tmp_path / "review.ipynb", MAKE, SHOW)
    with jupyter_lab(tmp_path) as address:
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
        saved(page)  # a busy machine may take longer to save than four keys
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


@pytest.fixture
def page(browser):
    made = browser.new_page(viewport={"width": 900, "height": 700})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


MANY = [f"label {n:02d}" for n in range(30)]
WORDS = ["card lost <b>today</b>", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645", "word " * 5000, "plain"]


def queue_of(tmp_path, labels, texts=WORDS, **options):
    ids = [f"r{n}" for n in range(len(texts))]
    if labels is None:
        probs = [[[0.2, 0.8]] * len(ids), [[0.6, 0.4]] * len(ids)]
        made = MultiLabels(("late", "damaged"), tuple(Labels(ids, one, ["absent", "present"]) for one in probs))
    else:
        made = Labels(ids, [[1 / len(labels)] * len(labels)] * len(ids), labels)
    hard = made.hard()
    suggested = made.labels[-1]
    issues = Issues([Issue(i, "low_confidence", n / 10, str(hard[n]), suggested) for n, i in enumerate(ids)])
    records = [{"id": i, "text": text} for i, text in zip(ids, texts)]
    return ReviewQueue(issues, records, made, log=tmp_path / "review.db", **options)


def wait_for(page, record):
    page.wait_for_selector(f'.wslabel-review[data-id="{record}"]')


def test_more_labels_than_keys_are_found_by_their_names(page, tmp_path):
    queue = queue_of(tmp_path, MANY)
    root = show_session(page, queue.session("ana"))
    assert root.locator("button.label").count() == 9
    assert "21 more: type to find them" in root.inner_text()
    root.locator(".count").click()
    page.keyboard.press("l")
    page.keyboard.type("17")
    assert root.locator("button.label .name").all_inner_texts() == ["label 17"]
    page.keyboard.press("Enter")
    wait_for(page, "r1")
    assert root.locator(".words").evaluate("node => getComputedStyle(node).direction") == "rtl"
    page.keyboard.press("Enter")
    wait_for(page, "r2")
    words = root.locator(".words")
    assert words.evaluate("node => node.scrollHeight > node.clientHeight")  # a long text scrolls in its own place
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.wait_for_function("document.querySelector('.state').textContent === 'saved'")
    assert [one.label for one in queue.decisions()] == ["label 17", "label 29"]


def test_several_labels_are_switched_and_accepted(page, tmp_path):
    queue = queue_of(tmp_path, None)
    root = show_session(page, queue.session("ana"), dark=True)
    assert root.get_attribute("data-theme") == "dark"
    pressed = root.locator("button.label")
    assert [one.get_attribute("aria-pressed") for one in pressed.all()] == ["true", "false"]
    root.locator(".count").click()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    wait_for(page, "r1")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    wait_for(page, "r2")
    page.wait_for_function("document.querySelector('.state').textContent === 'saved'")
    assert [one.label for one in queue.decisions()] == ["late|damaged", "(none)"]


def test_what_cannot_be_saved_comes_back_with_a_message(page, tmp_path):
    queue = queue_of(tmp_path, ["ham", "spam"])
    session = queue.session("ana")

    def full(message):
        raise ReviewError("review.db: the disk refuses to take more; nothing was saved.")

    root = show_session(page, session)
    queue.log.append_all = full
    root.locator(".count").click()
    page.keyboard.press("1")
    page.wait_for_selector(".wslabel-review .banner.bad")
    assert "the disk refuses to take more" in root.locator(".banner.bad").inner_text()
    assert root.get_attribute("data-id") == "r0"
    assert root.locator(".state").inner_text() == "not saved"
    del queue.log.append_all
    page.keyboard.press("1")
    wait_for(page, "r1")
    page.wait_for_function("document.querySelector('.state').textContent === 'saved'")
    assert [one.id for one in queue.decisions()] == ["r0"]


def test_a_screen_reader_is_told(page, tmp_path):
    root = show_session(page, queue_of(tmp_path, ["ham", "spam"]).session("ana"))
    assert root.get_attribute("role") == "application"
    assert "Question mark shows the keys" in root.get_attribute("aria-label")
    live = root.locator("[aria-live]")
    assert "card lost" in live.inner_text()
    assert "Suggested: spam" in live.inner_text()
    named = root.locator("[role=progressbar]")
    assert (named.get_attribute("aria-valuenow"), named.get_attribute("aria-valuemax")) == ("0", "4")
    for _ in range(12):  # every control can be reached by Tab, and shows that it has the focus
        page.keyboard.press("Tab")
    assert root.evaluate("node => node.contains(document.activeElement) || document.activeElement === document.body")
