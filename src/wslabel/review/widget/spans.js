// The screen where spans are decided: the text with its marks, the mouse, and the keys that edit. `s.edit` is the edit,
// `s.pick` the two places (anchor and head) between which words are picked (or characters: `unit`), or the cursor where
// both are one.

const STEP = 4; // pixels between the lines under spans that overlap

const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

const whole = (share) => `${Math.round(100 * share)} %`;
const unitOf = (s, event) => (s.exact !== Boolean(event && event.altKey) ? "character" : "word");
const wordsAt = (s, [start, end]) => s.edit.points.slice(start, end).join("");

function picked(s) {
  return s.pick && s.pick.anchor !== s.pick.head ? edits.stretch(s.edit, s.pick.anchor, s.pick.head, s.pick.unit) : null;
}

function pickedOrWord(s) {
  if (!s.pick) return null;
  return picked(s) ?? edits.stretch(s.edit, s.pick.head, s.pick.head + 1, "word") ?? edits.stretch(s.edit, s.pick.head - 1, s.pick.head, "word");
}

// What a model or labeling functions mark, and the reviewer does not.
function ghostsOf(s, item) {
  const marked = new Set(s.edit.spans.map(([start, end, label]) => JSON.stringify([start, end, label])));
  const found = new Map();
  const note = (start, end, label, who) => {
    const key = JSON.stringify([start, end, label]);
    if (!marked.has(key)) found.set(key, { start, end, label, who: [...(found.get(key)?.who ?? []), who] });
  };
  for (const [start, end, label, share] of item.spans) note(start, end, label, `given ${whole(share)}`);
  for (const [start, end, label] of item.other) note(start, end, label, "a model that has not seen the record");
  for (const vote of item.votes) for (const [start, end] of vote.spans) note(start, end, vote.vote, vote.lf);
  return [...found.values()].filter((one) => one.end <= s.edit.points.length);
}

// For each span the line that it has among those it overlaps; longer ones are nearer to the words.
function levelsOf(spans) {
  const order = spans.map((_, place) => place).sort((a, b) => spans[a][0] - spans[b][0] || spans[b][1] - spans[a][1]);
  const levels = [];
  for (const [done, place] of order.entries()) {
    const taken = new Set(order.slice(0, done).filter((other) => spans[other][1] > spans[place][0]).map((other) => levels[other]));
    levels[place] = 0;
    while (taken.has(levels[place])) levels[place] += 1;
  }
  return levels;
}

// Text nodes and signs of invisible characters, each with the place (`at`) where it begins.
function leaves(points, from, to) {
  const parts = [];
  let plain = "";
  let begin = from;
  const close = (next) => {
    if (plain) parts.push(Object.assign(document.createTextNode(plain), { at: begin }));
    plain = "";
    begin = next;
  };
  for (let at = from; at < to; at += 1) {
    if (points[at] === "\r" && points[at + 1] === "\n") close(at + 1);
    else if (!UNSEEN.test(points[at])) plain += points[at];
    else { close(at + 1); parts.push(Object.assign(unseen(points[at]), { at })); }
  }
  close(to);
  return parts;
}

function spanText(s, item) {
  const { points, spans, at } = s.edit;
  const here = spans.map((span, place) => ({ span, place })).filter(({ span }) => span[0] < points.length);
  const ghosts = ghostsOf(s, item);
  const levels = levelsOf(spans);
  const range = at === null ? picked(s) : null;
  const cursor = at === null && s.pick && !range ? s.pick.head : -1;
  const looked = s.looked ? item.votes.filter((vote) => vote.lf === s.looked).flatMap((vote) => vote.spans) : [];
  const edges = [0, points.length, ...here.flatMap(({ span }) => [span[0], Math.min(span[1], points.length)])];
  const beside = (edge) => !here.some(({ span }) => span[0] < edge && edge < span[1]);
  edges.push(...ghosts.flatMap((one) => [one.start, one.end]).filter(beside), ...looked.flat(), ...(range ?? []), ...(cursor >= 0 ? [cursor] : []));
  const cuts = [...new Set(edges)].filter((edge) => edge <= points.length).sort((a, b) => a - b);
  const parts = [];
  const mixed = FROM_RIGHT.test(item.text); // then a name keeps to the side of its words, whatever follows
  for (let k = 0; k < cuts.length; k += 1) {
    const [from, to] = [cuts[k], cuts[k + 1]];
    if (from === cursor) parts.push(el("i", { class: "cursor" }));
    if (to === undefined) break;
    const over = here.filter(({ span }) => span[0] <= from && to <= span[1]);
    const ghost = over.length ? null : ghosts.find((one) => one.start <= from && to <= one.end);
    const within = ([start, end]) => start <= from && to <= end;
    const inside = gripped(points, from, to, at !== null && spans[at][0] === from, at !== null && spans[at][1] === to);
    const state = [range && within(range) && "picked", looked.some(within) && "looked"].filter(Boolean).join(" ");
    if (over.length) parts.push(el("span", { ...lined(s, over, levels, from, state), title: over.map(({ span }) => span[2]).join("\n") }, inside));
    else if (ghost) parts.push(el("span", { class: `ghost ${state}`, title: `${ghost.label}: ${ghost.who.join(", ")}`, "data-from": ghost.start, "data-to": ghost.end }, inside));
    else if (state) parts.push(el("span", { class: state }, inside));
    else parts.push(...inside);
    for (const { span, place } of here.filter((one) => one.span[1] === to)) {
      parts.push(el("sup", { class: `name ${place === at ? "chosen" : ""}`, "data-place": place, style: hue(s.names.indexOf(span[2])) }, shown(span[2])));
      if (mixed) parts.push(el("span", { class: "turn", "aria-hidden": "true" }, FROM_RIGHT.test(points[to - 1]) ? "\u200f" : "\u200e"));
    }
  }
  return parts;
}

// A grip holds on to one character: that lies in one line, where a span may lie in several.
function gripped(points, from, to, begins, ends) {
  const [first, last] = [begins ? from + 1 : from, ends ? Math.max(to - 1, begins ? from + 1 : from) : to];
  const edge = (a, b, grips) => el("span", { class: "edge" }, [...grips, ...leaves(points, a, b)]);
  const [start, end] = [begins ? [grip("start", points[from])] : [], ends ? [grip("end", points[to - 1])] : []];
  if (begins && first === to) return [edge(from, to, [...start, ...end])];
  return [...(begins ? [edge(from, first, start)] : []), ...leaves(points, first, last), ...(ends ? [edge(last, to, end)] : [])];
}

const grip = (edge, beside) => el("i", { class: "grip", "data-edge": edge, "data-side": (edge === "start") === FROM_RIGHT.test(beside) ? "right" : "left", title: `drag to move the ${edge}` });

function lined(s, over, levels, from, state) {
  const inner = over.reduce((best, one) => (one.span[1] - one.span[0] <= best.span[1] - best.span[0] ? one : best));
  const top = over.find((one) => one.place === s.edit.at) ?? inner;
  const colour = ({ span }, name) => `oklch(var(--${name}) ${hue(s.names.indexOf(span[2]))["--hue"]})`;
  const deepest = Math.max(...over.map(({ place }) => levels[place]));
  const layer = (paint, place, size) => `linear-gradient(${paint}, ${paint}) ${place} / ${size} no-repeat`;
  const lines = over.map((one) => layer(colour(one, "fill"), `0 calc(100% - ${(deepest - levels[one.place]) * STEP}px)`, "100% 3px"));
  const begins = over.filter(({ span }) => span[0] === from).map((one) => layer(colour(one, "fill"), FROM_RIGHT.test(s.edit.points[from]) ? "100% 100%" : "0 100%", "2px 100%"));
  const wash = layer(colour(top, top.place === s.edit.at ? "strong" : "wash"), "0 0", "100% 100%");
  return {
    class: `span ${top.place === s.edit.at ? "chosen" : ""} ${state}`, "data-places": over.map(({ place }) => place).join(" "),
    style: { background: [...lines, ...begins, wash].join(", "), "padding-bottom": `${3 + deepest * STEP}px` },
  };
}

// The code point at a place in the page. What has no place of its own (a name behind a span) stands before what follows.
function placeOf(s, area, node, offset) {
  if (node.nodeType === Node.TEXT_NODE && node.at !== undefined) return node.at + Array.from(node.data.slice(0, offset)).length;
  const point = document.createRange();
  point.setStart(node, offset);
  const walk = document.createTreeWalker(area, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let leaf = walk.nextNode(); leaf; leaf = walk.nextNode()) if (leaf.at !== undefined && point.comparePoint(leaf, 0) >= 0) return leaf.at;
  return s.edit.points.length;
}

function placeAtPoint(s, root, x, y) {
  const area = root.querySelector(".words");
  const home = root.getRootNode();
  let node = null;
  let offset = 0;
  if (document.caretPositionFromPoint) {
    const spot = document.caretPositionFromPoint(x, y, home instanceof ShadowRoot ? { shadowRoots: [home] } : {});
    if (spot) [node, offset] = [spot.offsetNode, spot.offset];
  } else {
    const spot = document.caretRangeFromPoint(x, y);
    if (spot) [node, offset] = [spot.startContainer, spot.startOffset];
  }
  return node && area && area.contains(node) ? placeOf(s, area, node, offset) : null;
}

function spanList(s, item) {
  const given = new Map(item.spans.map(([start, end, label, share]) => [JSON.stringify([start, end, label]), share]));
  const proposed = new Set(item.proposed.map((span) => JSON.stringify(span)));
  const row = (span, place) => {
    const key = JSON.stringify(span);
    const told = given.has(key) ? `given ${whole(given.get(key))}` : proposed.has(key) ? "suggested" : "yours";
    return el("li", {}, el("button", { class: `span-row ${place === s.edit.at ? "on" : ""}`, "aria-pressed": String(place === s.edit.at), on: { click: () => s.chooseSpan(place) } },
      spanName(s, span), el("span", { class: "aside" }, told)));
  };
  const left = item.spans.map(([start, end, label]) => [start, end, label]).filter((span) => span[1] <= s.edit.points.length && !s.edit.spans.some((one) => sameSpan(one, span)));
  const back = (span) => el("li", {}, el("button", { class: "span-row left", title: "put it back", on: { click: () => s.putBack(span) } },
    spanName(s, span), el("span", { class: "aside" }, `left out; given ${whole(given.get(JSON.stringify(span)))}`)));
  return el("section", { class: "spans", "aria-label": "spans" }, el("h4", {}, "Spans"),
    s.edit.spans.length ? null : el("p", { class: "aside" }, "No span."),
    el("ul", {}, s.edit.spans.map(row), left.map(back)));
}

function spanName(s, span) {
  const hidden = span[1] > s.edit.points.length;
  return [el("span", { class: "dot", style: hue(s.names.indexOf(span[2])) }), el("b", {}, word(span[2])), " ",
    el("bdi", { class: "quoted" }, hidden ? "in the part that is not shown" : shown(wordsAt(s, span)))];
}

function spanLabels(s) {
  const chosen = s.edit.at === null ? null : s.edit.spans[s.edit.at][2];
  return labelChoice(s, (place, number) => {
    const name = s.names[place];
    return el("button", { class: `label ${name === chosen ? "on" : ""}`, style: hue(place), title: s.meanings[place], on: { click: () => s.choose(name) } },
      el("kbd", {}, String(number)), el("span", { class: "dot" }), el("span", { class: "name" }, word(name)));
  });
}

function spanHint(s) {
  const unit = s.exact ? "character" : "word";
  const range = picked(s);
  const keys = (...names) => names.map((name) => [el("kbd", {}, name), " "]);
  const labels = s.names.length > 1 ? `1 – ${Math.min(9, s.names.length)}` : "1";
  const parts = s.edit.at !== null
    ? [[keys(labels), "relabel"], [keys("←", "→"), `end by a ${unit}`], [keys("Shift", "←", "→"), "start"], [keys("Del"), "delete"], [keys("Tab"), "next"], [keys("Esc"), "let go"]]
    : range
      ? [[keys(labels), "mark “", el("bdi", {}, shown(wordsAt(s, range).slice(0, 60))), "”"], [keys("Esc"), "let go"]]
      : [["Select words, or go with ", keys("←", "→"), "and ", keys("Shift"), `by ${unit}s, then `, keys(labels)], [keys("Tab"), "or a click chooses a span"]];
  return parts.map((part) => el("span", {}, part));
}

// What the keys and the mouse do; `host` draws, speaks and asks for the element.
function spanHands(s, host) {
  const change = (made, words = "") => {
    if (made.spans !== s.edit.spans) s.past.push(s.edit);
    s.edit = made;
    s.pick = null;
    told(words);
    host.draw();
    reveal();
  };
  const told = (words) => {
    const span = s.edit.at === null ? null : s.edit.spans[s.edit.at];
    host.say([words, span && `${span[2]}: ${wordsAt(s, span)}`].filter(Boolean).join(" ") || "No span chosen.");
  };
  const reveal = () => host.root.querySelector(".words :is(.chosen, .cursor, .picked)")?.scrollIntoView({ block: "nearest" });
  const choose = (made) => { s.edit = made; s.pick = null; told(""); host.draw(); reveal(); };
  const go = (head, event = {}) => {
    s.edit = { ...s.edit, at: null };
    s.pick = { anchor: event.shiftKey && s.pick ? s.pick.anchor : head, head, unit: unitOf(s, event) };
    const range = picked(s) ?? pickedOrWord(s);
    host.say(range ? wordsAt(s, range) : "end of the text");
    host.draw();
    reveal();
  };
  const cursor = () => (s.edit.at !== null ? s.edit.spans[s.edit.at][0] : s.pick ? s.pick.head : 0);

  function step(direction, event) {
    const unit = unitOf(s, event);
    if (s.edit.at !== null) return change(edits.move(s.edit, event.shiftKey ? "start" : "end", direction, unit));
    const { characters: places, starts, ends } = s.edit.stops;
    const head = cursor();
    if (!s.pick && !event.shiftKey) return go((direction > 0 ? starts[0] : starts[starts.length - 1]) ?? 0);
    const growing = event.shiftKey && (direction > 0 ? head >= s.pick?.anchor : head > s.pick?.anchor);
    return go(nextOf(head, direction, unit === "word" ? (growing ? ends : starts) : places), event);
  }

  function line(direction, event) {
    const mark = host.root.querySelector(".words :is(.cursor, .picked)");
    if (!mark) return go(0);
    const box = mark.getBoundingClientRect();
    const place = placeAtPoint(s, host.root, box.left, box.top + box.height / 2 + direction * 1.6 * box.height);
    return place === null ? undefined : go(place, event);
  }

  s.mark = (name) => {
    if (s.edit.at !== null) return change(edits.relabel(s.edit, name));
    const range = pickedOrWord(s);
    if (!range) { s.said = "Pick words first: with the mouse, or with the arrow keys and Shift."; return host.draw(); }
    return change(edits.add(s.edit, range[0], range[1], name), "Added.");
  };
  s.chooseSpan = (place) => { choose({ ...s.edit, at: place }); host.root.focus({ preventScroll: true }); };
  s.putBack = (span) => { change(edits.add(s.edit, ...span), "Put back."); host.root.focus({ preventScroll: true }); };

  const work = {
    Delete: () => s.edit.at !== null && change(edits.delete(s.edit), "Deleted."),
    ArrowLeft: (event) => step(-1, event), ArrowRight: (event) => step(1, event),
    ArrowUp: (event) => s.edit.at === null && line(-1, event), ArrowDown: (event) => s.edit.at === null && line(1, event),
    Home: (event) => s.edit.at === null && go(0, event), End: (event) => s.edit.at === null && go(s.edit.points.length, event),
    c: () => { s.exact = !s.exact; host.say(s.exact ? "By characters." : "By words."); host.draw(); },
    z: () => {
      if (!s.past.length) s.said = "No edit is left to take back. U takes back the last decision.";
      else { s.edit = { ...s.past.pop(), at: null }; s.pick = null; host.say("Edit taken back."); }
      host.draw();
    },
    r: () => {
      const given = edits.begin(s.item.text, s.item.spans);
      const back = JSON.stringify(given.spans) === JSON.stringify(s.edit.spans);
      change(back ? edits.begin(s.item.text, s.item.proposed) : given, back ? "As suggested." : "As given.");
      s.said = back ? "As suggested." : "As given.";
      host.draw();
    },
    Escape: () => { s.pick = s.edit.at === null ? null : { anchor: cursor(), head: cursor(), unit: "word" }; s.edit = { ...s.edit, at: null }; s.said = ""; s.mode = ""; host.draw(); },
  };
  work.Backspace = work.Delete;

  // Tell whether the key was one for spans. Beyond the last span Tab leaves, as it does elsewhere.
  function key(event) {
    if (event.key === "Tab") {
      if (event.target !== host.root || event.ctrlKey || event.metaKey || event.altKey) return false;
      const made = edits.choose(s.edit, event.shiftKey ? -1 : 1);
      choose(made);
      return made.at !== null;
    }
    if (event.altKey && !event.key.startsWith("Arrow")) return false;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() !== "z") return false;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!work[name] || (event.repeat && !name.startsWith("Arrow"))) return false;
    work[name](event);
    return true;
  }

  let drag = null;
  function down(event) {
    const area = event.target.closest?.(".words");
    if (!area || event.button !== 0) return;
    const edge = event.target.closest(".grip")?.dataset.edge;
    drag = { edge, before: s.edit };
    s.busy = true;
    if (edge) event.preventDefault();
  }

  function moved(event) {
    if (!drag || !drag.edge) return;
    const place = placeAtPoint(s, host.root, event.clientX, event.clientY);
    if (place === null) return;
    const made = edits.drag(s.edit, drag.edge, place, unitOf(s, event));
    if (JSON.stringify(made.spans) === JSON.stringify(s.edit.spans)) return;
    s.edit = made;
    host.draw(true);
  }

  function up(event) {
    if (!drag) return;
    const { edge, before } = drag;
    drag = null;
    s.busy = false;
    if (edge) {
      if (before.spans !== s.edit.spans) s.past.push(before);
      told("");
      host.draw();
    } else pickUp(event);
    host.root.focus({ preventScroll: true });
  }

  function pickUp(event) {
    const area = host.root.querySelector(".words");
    const home = host.root.getRootNode();
    const native = (home.getSelection ? home : document).getSelection();
    if (area && native && !native.isCollapsed && area.contains(native.anchorNode)) {
      const before = area.compareDocumentPosition(native.focusNode) & Node.DOCUMENT_POSITION_PRECEDING;
      const beyond = before ? 0 : s.edit.points.length;
      const end = area.contains(native.focusNode) ? placeOf(s, area, native.focusNode, native.focusOffset) : beyond;
      const range = edits.stretch(s.edit, placeOf(s, area, native.anchorNode, native.anchorOffset), end, unitOf(s, event));
      native.removeAllRanges();
      if (range) { s.edit = { ...s.edit, at: null }; s.pick = { anchor: range[0], head: range[1], unit: unitOf(s, event) }; host.say(wordsAt(s, range)); return host.draw(); }
    }
    const named = event.target.closest?.("[data-place]");
    const span = event.target.closest?.("[data-places]");
    const ghost = event.target.closest?.(".ghost");
    if (named) return choose({ ...s.edit, at: Number(named.dataset.place) });
    if (span) return choose({ ...s.edit, at: innerFirst(span.dataset.places.split(" ").map(Number)) });
    if (ghost) {
      s.edit = { ...s.edit, at: null };
      s.pick = { anchor: Number(ghost.dataset.from), head: Number(ghost.dataset.to), unit: "character" };
      return host.draw();
    }
    const place = placeAtPoint(s, host.root, event.clientX, event.clientY);
    return place === null ? host.draw() : go(place, event);
  }

  // Of spans over one another the shortest; where it is chosen already, the next longer one.
  function innerFirst(places) {
    const length = (place) => s.edit.spans[place][1] - s.edit.spans[place][0];
    const sorted = places.sort((a, b) => length(a) - length(b));
    return sorted[(sorted.indexOf(s.edit.at) + 1) % sorted.length];
  }

  host.root.addEventListener("pointerdown", down);
  document.addEventListener("pointermove", moved);
  document.addEventListener("pointerup", up);
  document.addEventListener("pointercancel", up);
  const leave = () => { for (const [name, hand] of [["pointermove", moved], ["pointerup", up], ["pointercancel", up]]) document.removeEventListener(name, hand); };
  return { key, leave };
}
