"""The review widget where spans are decided, in a real browser, with real keys and a real mouse."""

import base64

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lab import PATIENCE, chromium, jupyter_lab, open_notebook, restart_kernel, run_cells, show_session, write_notebook

import wslabel as ws
from wslabel.core.spans import SpanVote
from wslabel.errors import ReviewError
from wslabel.review import DecisionLog
from wslabel.review.span_edit import SpanEdit
from wslabel.review.stops import characters, words

TEXTS = [
    "\U0001f912 Aspirin-induced skin rash, and nausea",  # an emoji, which is two units of UTF-16
    "cafe\u0301 au lait spots \U0001f469\u200d\u2695\ufe0f after na\u0308ive ibuprofen",
    "\u0623\u0633\u0628\u0631\u064a\u0646 \u064a\u0633\u0628\u0628 \u0637\u0641\u062d\u0627 aspirin",
    "<b>rash</b> \u202eafter\u202c aspirin\r\nand again",
    "word " * 30_000 + "rash",
]
NAMES = ["Drug", "Effect"]
GIVEN = [[(2, 9, "Drug", 0.9), (23, 27, "Effect", 0.4)], [], [], [], [(149_998, 150_004, "Effect", 0.9)]]
PROPOSED = ["2-9 Drug", "no span", "no span", "no span", "149998-150004 Effect"]
MAKE = f"""
import wslabel as ws
texts, given, proposed = {TEXTS[:4]!r}, {GIVEN[:4]!r}, {PROPOSED[:4]!r}
ids = [f"r{{n}}" for n in range(len(texts))]
rows = [(i, *span) for i, some in zip(ids, given) for span in some]
labels = ws.SpanLabels(ids, [len(text) for text in texts], [list(one) for one in zip(*rows)], {NAMES!r})
said = enumerate(zip(ids, proposed))
issues = ws.Issues([ws.Issue(i, "low_confidence", n / 10, "", words) for n, (i, words) in said])
queue = ws.ReviewQueue(issues, [{{"id": i, "text": text}} for i, text in zip(ids, texts)], labels, log="review.db")
"""
SHOW = "queue.show('ana')"


def queue_of(folder, names=NAMES, texts=TEXTS):
    ids = [f"r{n}" for n in range(len(texts))]
    rows = [(i, *span) for i, some in zip(ids, GIVEN) for span in some]
    votes = ws.SpanVotes(ids, [*map(len, texts)], [SpanVote("r0", "nauseous", 33, 39, "Effect")], ["nauseous"], names)
    labels = ws.SpanLabels(ids, [*map(len, texts)], [list(one) for one in zip(*rows)], names)
    issues = [ws.Issue(i, "low_confidence", n / 10, "", words) for n, (i, words) in enumerate(zip(ids, PROPOSED))]
    records = [{"id": i, "text": text} for i, text in zip(ids, texts)]
    return ws.ReviewQueue(ws.Issues(issues), records, labels, votes, folder / "review.db")


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser):
    made = browser.new_page(viewport={"width": 1000, "height": 800})
    made.set_default_timeout(PATIENCE)
    yield made
    made.close()


def shown(page, record):
    page.wait_for_selector(f'.wslabel-review[data-id="{record}"]')


def saved(page):
    page.wait_for_function("document.querySelector('.wslabel-review .state').textContent === 'saved'")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def listed(root):
    return [one.inner_text().split("\n")[:2] for one in root.locator(".span-row:not(.left)").all()]


BOX = """([words, nth]) => {
  const area = document.querySelector('.wslabel-review .words');
  const walk = document.createTreeWalker(area, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walk.nextNode()) if (walk.currentNode.at !== undefined) nodes.push(walk.currentNode);
  const whole = nodes.map((node) => node.data).join('');
  let at = whole.indexOf(words);
  while (nth-- > 0) at = whole.indexOf(words, at + 1);
  const range = document.createRange();
  let before = 0;
  for (const node of nodes) {
    const [from, to] = [at - before, at + words.length - before];
    if (from >= 0 && from < node.length) range.setStart(node, from);
    if (to > 0 && to <= node.length) range.setEnd(node, to);
    before += node.length;
  }
  const box = range.getBoundingClientRect();
  return [box.left, box.right, (box.top + box.bottom) / 2];
}"""


def box_of(page, text, nth=0):
    """Return left, right and middle of a stretch of text on the page."""
    return page.evaluate(BOX, [text, nth])


def select(page, first, last):
    """Select with the mouse from within the first words to within the last ones."""
    left, _, top = box_of(page, first)
    _, right, bottom = box_of(page, last)
    page.mouse.move(left + 3, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2, steps=3)
    page.mouse.move(right - 3, bottom, steps=3)
    page.mouse.up()


def drag(page, grip, to):
    box = page.locator(f'.wslabel-review .grip[data-edge="{grip}"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*to, steps=4)
    page.mouse.up()


def click(page, words):
    left, right, middle = box_of(page, words)
    page.mouse.click((left + right) / 2, middle)


def test_spans_are_added_moved_relabeled_and_deleted_in_a_notebook(tmp_path, browser):
    write_notebook(tmp_path / "review.ipynb", MAKE, SHOW)
    with jupyter_lab(tmp_path) as address:
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        open_notebook(page, address, "review.ipynb")
        run_cells(page, 2)
        root = page.locator(".wslabel-review")
        shown(page, "r0")
        root.locator(".count").click()

        # by keyboard: what is suggested, a span more, its start one word to the left, another label and back
        press(page, "Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight")  # to "rash"
        press(page, "2")
        press(page, "Shift+ArrowLeft")
        press(page, "1", "2")
        assert listed(root) == [["Drug", "Aspirin"], ["Effect", "skin rash"]]
        press(page, "Enter")
        shown(page, "r1")
        saved(page)

        # by mouse, among marks that are characters of their own and emoji that are several
        select(page, "spots", "spots")
        root.locator("button.label", has_text="Effect").click()
        select(page, "na\u0308ive", "ibuprofen")
        page.keyboard.press("1")
        drag(page, "start", (box_of(page, "ibuprofen")[0] + 2, box_of(page, "ibuprofen")[2]))
        assert listed(root) == [["Effect", "spots"], ["Drug", "ibuprofen"]]
        page.keyboard.press("Enter")
        shown(page, "r2")
        saved(page)

        # from right to left
        left, right, middle = box_of(page, "\u0637\u0641\u062d\u0627")
        page.mouse.dblclick((left + right) / 2, middle)
        page.keyboard.press("2")
        page.keyboard.press("Enter")
        shown(page, "r3")
        saved(page)
        texts = [
            [TEXTS[int(one.id[1])][a:b] for a, b, _ in one.spans]
            for one in DecisionLog(tmp_path / "review.db").standing()
        ]
        assert texts == [["Aspirin", "skin rash"], ["spots", "ibuprofen"], ["\u0637\u0641\u062d\u0627"]]

        restart_kernel(page)
        run_cells(page, 2)
        shown(page, "r3")
        assert root.locator(".count b").inner_text() == "3 / 4"
        assert root.locator(".words").evaluate("node => node.querySelector('b') === null")
        root.locator(".count").click()

        # U takes the decision back and goes on with its spans
        press(page, "u")
        shown(page, "r2")
        page.wait_for_selector(".span-row")
        assert listed(root) == [["Effect", "\u0637\u0641\u062d\u0627"]]
        press(page, "Tab", "Delete", "Enter")
        shown(page, "r3")
        saved(page)
        click(page, "aspirin")
        press(page, "1", "Enter")
        page.wait_for_selector(".wslabel-review .end")
        saved(page)
        stand = {one.id: one for one in DecisionLog(tmp_path / "review.db").standing()}
        assert stand["r2"].spans == ()
        (span,) = stand["r3"].spans
        assert TEXTS[3][span[0] : span[1]] == "aspirin"
        assert page.locator(".jp-Notebook .jp-Cell").count() <= 3
        page.close()


def test_the_mouse_chooses_and_drags_and_the_keys_take_it_back(page, tmp_path):
    queue = queue_of(tmp_path)
    root = show_session(page, queue.session("ana"))
    click(page, "Aspirin")
    assert root.locator(".span-row.on").inner_text().startswith("Drug")
    drag(page, "end", (box_of(page, "duced skin")[1], box_of(page, "duced skin")[2]))
    assert listed(root) == [["Drug", "Aspirin-induced skin"]]
    page.keyboard.press("z")
    assert listed(root) == [["Drug", "Aspirin"]]
    click(page, "Aspirin")
    page.keyboard.press("2")
    assert listed(root) == [["Effect", "Aspirin"]]
    page.keyboard.press("Backspace")
    assert root.locator(".spans .aside").first.inner_text() == "No span."
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert listed(root) == [["Drug", "Aspirin"]]
    root.locator(".span-row.left", has_text="rash").click()  # given, and left out of what is suggested
    assert listed(root) == [["Drug", "Aspirin"], ["Effect", "rash"]]
    page.keyboard.press("Escape")
    click(page, "nausea")  # a labeling function marks it: one click picks it, one key marks it
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    shown(page, "r1")
    saved(page)
    assert queue.decisions()[0].spans == ((2, 9, "Drug"), (23, 27, "Effect"), (33, 39, "Effect"))


def test_spans_over_one_another_are_told_apart_and_moved_by_characters(page, tmp_path):
    queue = queue_of(tmp_path)
    root = show_session(page, queue.session("ana"))
    select(page, "skin", "rash")
    page.keyboard.press("2")
    select(page, "induced", "skin")
    page.keyboard.press("1")
    assert listed(root) == [["Drug", "Aspirin"], ["Drug", "induced skin"], ["Effect", "skin rash"]]
    both = root.locator('.words .span[data-places="1 2"]')
    assert both.text_content() == "skin"
    assert both.evaluate("node => getComputedStyle(node).backgroundImage.split('linear').length - 1") == 4
    press(page, "c", "ArrowLeft", "ArrowLeft", "Shift+ArrowRight", "Alt+ArrowRight")
    assert listed(root)[1] == ["Drug", "nduced skin"]
    click(page, "skin")
    assert root.locator(".span-row.on").inner_text().split("\n")[:2] == ["Effect", "skin rash"]
    click(page, "skin")
    assert root.locator(".span-row.on").inner_text().split("\n")[:2] == ["Drug", "nduced skin"]
    press(page, "r")  # as given, then as suggested
    assert listed(root) == [["Drug", "Aspirin"], ["Effect", "rash"]]
    press(page, "r")
    assert listed(root) == [["Drug", "Aspirin"]]


def test_words_are_picked_by_keyboard_and_tab_leaves_behind_the_last_span(page, tmp_path):
    queue = queue_of(tmp_path)
    root = show_session(page, queue.session("ana"))
    root.focus()
    press(page, "End", "ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft")
    assert root.locator(".words .picked").all_inner_texts() == [", and"]  # the space behind is picked by nobody
    assert root.locator("[aria-live]").inner_text() == ", and"
    press(page, "Shift+ArrowLeft", "Shift+ArrowRight", "2")
    assert listed(root)[-1] == ["Effect", ", and"]
    press(page, "Escape", "Tab")
    assert root.locator(".span-row.on").count() == 1
    assert "Drug: Aspirin" in root.locator("[aria-live]").inner_text()
    press(page, "Tab", "Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    assert root.locator(".span-row.on").count() == 0
    press(page, "Shift+Tab", "Shift+Tab")
    assert root.locator(".span-row.on").inner_text().split("\n")[:2] == ["Effect", ", and"]
    press(page, "?")
    assert "choose the next span" in root.locator(".help").inner_text()


def test_nothing_hidden_is_lost_and_long_texts_keep_their_place(page, tmp_path):
    queue = queue_of(tmp_path)
    queue.skip("r0", "ana")
    for record in ("r0", "r1", "r2", "r3"):
        queue.reject(record, "ana")
    root = show_session(page, queue.session("ana"))
    assert "50,004 more characters; 1 spans end there, and stay as they are" in root.inner_text()
    select(page, "word", "word")
    page.keyboard.press("1")
    root.locator(".words").evaluate("node => { node.scrollTop = 900; }")
    page.keyboard.press("c")
    assert root.locator(".words").evaluate("node => node.scrollTop") == 900
    page.keyboard.press("Enter")
    page.wait_for_selector(".wslabel-review .end")
    saved(page)
    assert queue.decisions()[-1].spans == ((0, 4, "Drug"), (149_998, 150_004, "Effect"))


def test_what_could_not_be_saved_is_there_again_with_its_edits(page, tmp_path):
    queue = queue_of(tmp_path)

    def full(message):
        raise ReviewError("review.db: the disk refuses to take more; nothing was saved.")

    root = show_session(page, queue.session("ana"))
    queue.log.append_all = full
    select(page, "nausea", "nausea")
    press(page, "2", "Enter")
    page.wait_for_selector(".wslabel-review .banner.bad")
    assert listed(root) == [["Drug", "Aspirin"], ["Effect", "nausea"]]
    del queue.log.append_all
    press(page, "Enter")
    shown(page, "r1")
    saved(page)
    assert queue.decisions()[0].said == "2-9 Drug, 33-39 Effect"


def test_more_labels_than_keys_are_found_by_their_names(page, tmp_path):
    names = [*NAMES, *(f"kind {n:02d}" for n in range(20))]
    queue = queue_of(tmp_path, names)
    root = show_session(page, queue.session("ana"), dark=True)
    select(page, "nausea", "nausea")
    press(page, "l")
    page.keyboard.type("17")
    page.keyboard.press("Enter")
    assert listed(root)[-1] == ["kind 17", "nausea"]
    assert root.get_attribute("data-theme") == "dark"


ODD = "ae\u0301\u0308\u00df 5_-,.\n\r\u200d\ufe0f\U0001f469\u2695\U0001f1e9\U0001f1ea\U0001f3fd\u4e2d "
ODD += "\u0645\u0631\u062d\u202e\x1c\x85\u3000"
STEPS = st.one_of(
    st.tuples(st.just("choose"), st.sampled_from([1, -1])),
    st.tuples(st.just("add"), st.integers(-1, 25), st.integers(-1, 25), st.sampled_from(NAMES)),
    st.tuples(st.just("delete")),
    st.tuples(st.just("relabel"), st.sampled_from(NAMES)),
    st.tuples(
        st.just("move"),
        st.sampled_from(["start", "end"]),
        st.sampled_from([1, -1]),
        st.sampled_from(["word", "character"]),
    ),
)
PLAY = """([text, steps]) => {
  let edit = window.own.edits.begin(text, []);
  const told = steps.map(([name, ...values]) => {
    edit = window.own.edits[name](edit, ...values);
    return [edit.spans, edit.at];
  });
  const points = Array.from(text);
  return [told, window.own.edits.saved(edit), window.own.characters(points), window.own.words(points)];
}"""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.text(st.sampled_from(ODD), max_size=24), st.lists(STEPS, max_size=20)), min_size=3, max_size=3
    )
)
def test_the_browser_edits_as_python_does(own, cases):
    for text, steps in cases:
        edit, wanted = SpanEdit(text), []
        for name, *values in steps:
            edit = getattr(edit, name)(*values)
            wanted.append([[list(span) for span in edit.spans], edit.at])
        found = own.evaluate(PLAY, [text, [list(step) for step in steps]])
        assert found[0] == wanted
        assert found[1] == [list(span) for span in edit.saved]
        assert found[2] == characters(text)
        assert found[3] == [list(word) for word in words(text)]


@pytest.fixture(scope="module")
def own(browser):
    """A page that holds the widget's own functions."""
    from wslabel.review.widget import ReviewWidget

    made = browser.new_page()
    code = base64.b64encode(ReviewWidget._esm.encode()).decode()
    made.evaluate(f"import('data:text/javascript;base64,{code}').then((own) => {{ window.own = own; }})")
    yield made
    made.close()


def test_grips_stand_at_the_ends_of_a_span_of_several_lines(tmp_path, page):
    words = "severe and lasting low potassium in the blood"
    text = f"It led to {words}, it seems."
    page.set_viewport_size({"width": 300, "height": 700})
    labels = ws.SpanLabels(["r0"], [len(text)], [["r0"], [10], [10 + len(words)], ["Effect"], [0.9]], NAMES)
    issues = ws.Issues([ws.Issue("r0", "low_confidence", 0.1, "", f"10-{10 + len(words)} Effect")])
    root = show_session(
        page, ws.ReviewQueue(issues, [{"id": "r0", "text": text}], labels, log=tmp_path / "review.db").session("ana")
    )
    shown(page, "r0")
    root.focus()
    press(page, "Tab")
    rects = "e => [...e.getClientRects()].map(r => [r.left, r.right, r.top])"
    first, *_, last = root.locator(".span").evaluate(rects)
    assert first[2] < last[2]
    start, end = (root.locator(f'.grip[data-edge="{edge}"]').bounding_box() for edge in ("start", "end"))
    assert abs(start["x"] + start["width"] - first[0]) < 4
    assert abs(start["y"] - first[2]) < 8
    assert abs(end["x"] - last[1]) < 4
    assert abs(end["y"] - last[2]) < 8
