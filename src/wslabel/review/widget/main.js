// The state of one view, its keys, and its talk with the kernel.

const PATIENCE = 6000; // milliseconds until an unanswered decision is called not saved
const AHEAD = 4; // decisions that may wait for the kernel before the next one must

function render({ model, el: place }) {
  const config = model.get("config");
  const s = {
    names: config.labels.map((label) => label.name), meanings: config.labels.map((label) => label.meaning),
    many: config.kind === "multilabel", spans: config.kind === "spans", guide: config.guide, guideOpen: false, lfs: config.lfs, kinds: config.kinds,
    items: [], item: null, progress: { decided: 0, total: config.total, pace: null }, turn: 0, unsaved: new Map(),
    failed: "", lost: false, said: "", note: "", noted: false, mode: "", find: "", chosen: new Set(), listed: [], looked: "", near: null,
    edit: null, past: [], pick: null, exact: false, busy: false, drafts: new Map(),
    filter: {}, filtered: "", bulk: null, since: performance.now(), hidden: 0, ready: false,
  };
  const root = el("div", {
    class: "wslabel-review", tabindex: 0, role: "application", "data-lm-suppress-shortcuts": "true",
    "aria-label": "Review of labels. Question mark shows the keys.",
  });
  const live = el("div", { class: "for-readers", "aria-live": "polite" });
  const body = el("div", { class: "body" });
  root.append(live, body);
  place.append(root);

  const send = (message) => model.send(message);
  const say = (words) => { live.textContent = words; };
  const seconds = () => Math.round((performance.now() - s.since - s.hidden) / 10) / 100;

  function draw(always) {
    if (s.busy && always !== true) return; // words are being selected: they must stay where they are
    const focus = focusOf(root);
    const scrolled = root.querySelector(".words")?.scrollTop ?? 0;
    const item = s.item;
    const parts = [header(s)];
    if (s.failed) parts.push(el("p", { class: "banner bad", role: "alert" }, shown(s.failed)));
    else if (s.said) parts.push(el("p", { class: "banner" }, shown(s.said)));
    if (s.mode === "help") parts.push(helpPanel(s));
    if (s.mode === "filter") parts.push(filterPanel(s));
    if (s.bulk) parts.push(bulkPanel(s));
    if (!s.ready) parts.push(el("p", { class: "end" }, "Waiting for the kernel."));
    else if (!item) parts.push(endPanel());
    else parts.push(el("div", { class: "columns" },
      el("div", { class: "record" }, textPanel(s, item), reasons(s, item), noteLine(s)),
      el("div", { class: "side" }, labelPanel(s, item), actionPanel(s), s.spans ? spanList(s, item) : null, votePanel(s, item)),
      el("div", { class: "more" }, nearPanel(s), guidePanel(s))));
    body.replaceChildren(...parts);
    if (item && s.drawn === item.id) root.querySelector(".words").scrollTop = scrolled;
    s.drawn = item ? item.id : "";
    refocus(root, focus);
  }

  function endPanel() {
    const later = s.progress.later;
    const words = s.unsaved.size ? "Saving the last decisions." : s.filtered ? "No open record fits the filter." : "Every record is decided.";
    return el("p", { class: "end" }, words, later ? ` ${later} were skipped or left unsure; run the cell again to see them once more.` : "");
  }

  function next() {
    if (s.spans && s.item && s.past.length) s.drafts.set(s.item.id, s.edit.spans);
    s.item = s.items[0] || null;
    if (s.spans) begin();
    s.note = ""; s.find = ""; s.looked = ""; s.near = null; s.bulk = null; s.mode = s.mode === "help" ? "" : s.mode;
    s.chosen = new Set(s.item ? s.item.chosen : []);
    s.since = performance.now(); s.hidden = 0;
    root.dataset.id = s.item ? s.item.id : "";
    if (!s.item) return;
    const suggested = s.spans ? s.edit.spans.map((span) => `${span[2]}: ${wordsAt(s, span)}`).join("; ") || "no span" : s.item.suggested;
    say(`${s.said ? `${s.said} ` : ""}${s.item.text.slice(0, 400)}. Suggested: ${suggested}.`);
    if (config.near) send({ do: "near", id: s.item.id });
  }

  // What was edited and not saved is kept, and so are the spans of a decision that was taken back.
  function begin() {
    s.past = []; s.pick = null;
    if (!s.item) return;
    s.edit = edits.begin(s.item.text, s.drafts.get(s.item.id) ?? s.item.mine ?? s.item.proposed);
  }

  function accept() {
    if (!s.item) return;
    if (s.spans) { s.drafts.set(s.item.id, s.edit.spans); s.past = []; decide("spans", { spans: edits.saved(s.edit) }); }
    else if (s.many) decide("label", { label: s.names.filter((name) => s.chosen.has(name)) });
    else decide("label", { label: s.item.suggested });
  }

  function decide(action, value = {}) {
    if (!s.item || s.lost || waiting(AHEAD)) return;
    s.failed = "";
    s.turn += 1;
    const message = { do: "decide", turn: s.turn, id: s.item.id, action, note: s.note, seconds: seconds(), ...value };
    s.unsaved.set(s.turn, message);
    s.said = "";
    s.items.shift();
    send(message);
    watch(s.turn);
    next();
    draw();
  }

  // No key is dropped in silence while the kernel is slow.
  function waiting(most) {
    if (s.unsaved.size < most) return false;
    s.said = "The kernel is still saving; press the key again.";
    draw();
    return true;
  }

  function watch(turn) {
    setTimeout(() => {
      if (!s.unsaved.has(turn)) return;
      const lost = [...s.unsaved.values()].map((one) => one.id).join(", ");
      s.lost = true;
      s.failed = `The kernel does not answer. Not saved: the decision on ${lost}. Run the cell again to go on; all that was saved is kept.`;
      draw();
    }, PATIENCE);
  }

  const heard = {
    state(message) {
      s.ready = true; s.lost = false; s.failed = ""; s.unsaved.clear();
      s.items = message.items; s.progress = message.progress; s.filtered = message.filtered; s.said = message.said || "";
      next();
    },
    saved(message) {
      s.drafts.delete(s.unsaved.get(message.turn)?.id);
      s.unsaved.delete(message.turn);
      s.said = "";
      s.progress = message.progress;
      take(message.items);
    },
    failed(message) {
      s.failed = message.message;
      s.unsaved.clear();
      s.items = message.items;
      next();
    },
    refused(message) { s.said = message.message; s.bulk = null; },
    near(message) { if (s.item && s.item.id === message.id) s.near = message.near; },
    bulk(message) { if (s.item && s.item.id === message.id) s.bulk = { ...message, label: "" }; },
  };

  function take(items) {
    const waiting = new Set([...s.unsaved.values()].map((one) => one.id));
    const before = s.item && s.item.id;
    s.items = items.filter((item) => !waiting.has(item.id));
    const at = s.items.findIndex((item) => item.id === before);
    if (at > 0) s.items.unshift(...s.items.splice(at, 1));
    if (!before || at < 0) next();
  }

  model.on("msg:custom", (message) => { if (heard[message.type]) { heard[message.type](message); draw(); } });

  s.choose = (name) => {
    if (s.bulk) { s.bulk.label = name; s.bulk.action = "label"; return draw(); }
    if (s.spans) return s.item && s.mark(name);
    if (s.many) { s.chosen.has(name) ? s.chosen.delete(name) : s.chosen.add(name); return draw(); }
    return decide("label", { label: name });
  };
  s.look = (lf) => {
    s.looked = lf;
    if (s.spans) return draw();
    for (const mark of root.querySelectorAll("mark")) mark.classList.toggle("strong", JSON.parse(mark.dataset.who).includes(lf));
  };
  s.search = (words) => { s.find = words; draw(); };
  s.press = (key) => { if (!(s.spans && s.item && hands.key({ key, target: root }))) press(key); root.focus({ preventScroll: true }); };
  s.inFind = (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { s.find = ""; draw(); root.focus({ preventScroll: true }); }
    if (event.key === "Enter" && s.listed.length) { event.preventDefault(); root.focus({ preventScroll: true }); s.choose(s.names[s.listed[0]]); }
  };
  s.inNote = (event) => {
    event.stopPropagation();
    if (event.key === "Escape" || (event.key === "Enter" && !event.shiftKey)) { event.preventDefault(); s.mode = ""; draw(); root.focus({ preventScroll: true }); }
  };
  s.inFilter = (event) => { event.stopPropagation(); if (event.key === "Escape") { s.mode = ""; draw(); root.focus({ preventScroll: true }); } };
  s.keepFilter = (event) => { s.filter = Object.fromEntries(new FormData(event.currentTarget).entries()); };
  s.applyFilter = (event) => {
    event.preventDefault();
    s.keepFilter(event);
    s.mode = "";
    send({ do: "filter", ...s.filter });
    root.focus({ preventScroll: true });
  };
  s.clearFilter = () => { s.filter = {}; s.mode = ""; send({ do: "filter" }); root.focus({ preventScroll: true }); };

  function press(key) {
    if (s.bulk && (key === "y" || key === "Escape" || key === "x")) return bulkKey(key);
    const number = Number(key);
    if (key >= "1" && key <= "9" && key.length === 1) { if (s.item && s.listed[number - 1] !== undefined) s.choose(s.names[s.listed[number - 1]]); return true; }
    if (s.bulk) return false;
    const work = {
      Enter: () => accept(),
      x: () => decide("reject"), s: () => decide("skip"), 0: () => decide("unsure"),
      u: () => { if (!waiting(1)) send({ do: "undo" }); },
      n: () => { s.mode = "note"; draw(); root.querySelector("textarea")?.focus(); },
      l: () => root.querySelector(".find")?.focus(),
      b: () => s.item && s.item.pattern > 1 && send({ do: "bulk", id: s.item.id }),
      "/": () => { s.mode = s.mode === "filter" ? "" : "filter"; draw(); root.querySelector(".filter input")?.focus(); },
      "?": () => { s.mode = s.mode === "help" ? "" : "help"; draw(); },
      Escape: () => { s.mode = ""; s.said = ""; draw(); },
    }[key];
    if (work) work();
    return Boolean(work);
  }

  function bulkKey(key) {
    if (key === "x") { s.bulk.label = "reject"; s.bulk.action = "reject"; draw(); return true; }
    if (key === "y" && s.bulk.label) send({ do: "decide_all", id: s.item.id, action: s.bulk.action, label: s.bulk.action === "label" ? s.bulk.label : null, count: s.bulk.count, note: s.note });
    s.bulk = null;
    draw();
    return true;
  }

  root.addEventListener("keydown", (event) => {
    if (["INPUT", "TEXTAREA", "SELECT"].includes(event.target.tagName)) return;
    if (s.spans && s.item && hands.key(event)) { event.preventDefault(); event.stopPropagation(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && ["BUTTON", "SUMMARY"].includes(event.target.tagName)) { event.stopPropagation(); return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.repeat && key !== "Escape") { event.preventDefault(); event.stopPropagation(); return; }
    if (press(key)) { event.preventDefault(); event.stopPropagation(); }
  });

  const hands = s.spans ? spanHands(s, { root, draw, say }) : null;
  let left = 0;
  const seen = () => { if (document.hidden) left = performance.now(); else if (left) { s.hidden += performance.now() - left; left = 0; } };
  const theme = () => { root.dataset.theme = isDark(root) ? "dark" : "light"; };
  const watcher = new MutationObserver(theme);
  watcher.observe(document.body, { attributes: true });
  watcher.observe(document.documentElement, { attributes: true });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", theme);
  document.addEventListener("visibilitychange", seen);
  requestAnimationFrame(theme);
  draw();
  send({ do: "open" });
  return () => { hands?.leave(); watcher.disconnect(); scheme.removeEventListener("change", theme); document.removeEventListener("visibilitychange", seen); };
}

function focusOf(root) {
  const at = document.activeElement;
  if (!at || !root.contains(at) || at === root) return null;
  if (at.tagName === "INPUT" || at.tagName === "TEXTAREA") return { find: `${at.tagName}${at.name ? `[name=${at.name}]` : ""}`, start: at.selectionStart, end: at.selectionEnd };
  return { find: "" };
}

function refocus(root, focus) {
  if (!focus) return;
  const again = focus.find && root.querySelector(focus.find);
  (again || root).focus({ preventScroll: true });
  if (again && again.setSelectionRange) again.setSelectionRange(focus.start, focus.end);
}

function isDark(node) {
  for (let at = node; at; at = at.parentElement) {
    const numbers = getComputedStyle(at).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [];
    if (numbers.length >= 3 && (numbers[3] ?? 1) > 0.5) return (numbers[0] * 299 + numbers[1] * 587 + numbers[2] * 114) / 1000 < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

export default { render };
export { characters, edits, words };
