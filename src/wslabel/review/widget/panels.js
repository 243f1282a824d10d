// The parts of the screen: each is a function of the state that returns elements.

const KEYS = [
  ["1 – 9", "choose this label", "several labels: switch it on or off"],
  ["Enter", "accept the label that is marked as suggested", "several labels: accept the set"],
  ["X", "reject: the record has no place in the data"],
  ["S", "skip for now"],
  ["0", "unsure: a person looked and cannot tell"],
  ["U", "undo the last decision"],
  ["N", "write a note"],
  ["L", "find a label by its name"],
  ["B", "decide for all records with the same votes"],
  ["/", "filter the queue"],
  ["?", "show or hide this help"],
  ["Esc", "leave a field"],
];

const SPAN_KEYS = [
  ["Enter", "save the spans as they stand; at first, those that are suggested"],
  ["mouse", "select words, then a label; click a span to choose it, or a dotted place to pick its words; drag the ends of a chosen span"],
  ["1 – 9", "mark the picked words with this label, or give it to the chosen span"],
  ["← →", "no span chosen: go on by words; with Shift pick words on the way; ↑ ↓ Home End go further"],
  ["← →", "a span chosen: move its end; with Shift its start"],
  ["C", "move by characters in place of words, and back; Alt with an arrow or the mouse does it once"],
  ["Tab", "choose the next span, with Shift the one before; beyond the last one Tab leaves the text"],
  ["Del", "delete the chosen span"],
  ["Z", "take back an edit (Ctrl+Z, too)"],
  ["R", "reset: as given, then as suggested"],
  ["Esc", "let the chosen span or the picked words go; leave a field"],
  ["U", "undo the last decision, and go on with its spans"],
];
const SHARED = new Set(["X", "S", "0", "N", "L", "/", "?"]);
const keysOf = (s) => (s.spans ? [...SPAN_KEYS, ...KEYS.filter(([key]) => SHARED.has(key))] : KEYS);

function header(s) {
  const { decided, total, pace } = s.progress;
  const left = Math.max(0, total - decided);
  const bar = el("div", { class: "track", role: "progressbar", "aria-label": "decided", "aria-valuemin": 0, "aria-valuemax": total, "aria-valuenow": decided },
    el("i", { style: { width: `${total ? (100 * decided) / total : 100}%` } }));
  const words = [el("b", {}, `${decided.toLocaleString("en")} / ${total.toLocaleString("en")}`)];
  if (pace && left) words.push(` · ${duration(pace)} each · about ${duration(pace * left)} left`);
  const state = s.failed ? "not saved" : s.unsaved.size ? "saving" : "saved";
  return el("header", {}, bar, el("div", { class: "bar" },
    el("span", { class: "count" }, words),
    s.filtered ? el("span", { class: "tag" }, "filter: ", word(s.filtered)) : null,
    el("span", { class: `state ${s.failed ? "bad" : ""}` }, state),
    el("span", { class: "tools" }, tool(s, "u", "undo", "U"), tool(s, "/", "filter", "/"), tool(s, "?", "keys", "?"))));
}

function tool(s, key, name, sign) {
  return el("button", { class: "tool", on: { click: () => s.press(key) } }, `${name} `, el("kbd", {}, sign));
}

function reasons(s, item) {
  return el("ul", { class: "reasons" }, item.issues.map((issue) => el("li", {},
    el("span", { class: "tag kind" }, word(issue.kind.replaceAll("_", " "))),
    el("span", { class: "n" }, ` ${issue.score.toFixed(2)} `),
    el("span", { class: "why" }, shown(issue.reason)))));
}

function textPanel(s, item) {
  const hidden = s.spans ? s.edit.spans.filter((span) => span[1] > s.edit.points.length).length : 0;
  const cut = item.cut ? `${item.cut.toLocaleString("en")} more characters${hidden ? `; ${hidden} spans end there, and stay as they are` : ""}` : "";
  return el("section", { class: "text", "aria-label": "text" },
    el("div", { class: `words ${s.spans ? "of-spans" : ""}`, dir: "auto", tabindex: s.spans ? -1 : 0 }, s.spans ? spanText(s, item) : marked(item.text, marksOf(s, item), s.names)),
    cut ? el("p", { class: "aside" }, cut) : null,
    s.spans ? el("p", { class: "hint" }, spanHint(s)) : null,
    el("p", { class: "aside id" }, word(item.id)));
}

const marksOf = (s, item) => item.votes.flatMap((vote) => vote.spans.map(([start, end]) =>
  ({ start, end, label: vote.vote, who: vote.lf, sign: vote.sign, strong: s.looked === vote.lf })));

const labelPanel = (s, item) => (s.spans ? spanLabels(s) : labelChoice(s, (place, number) => labelRow(s, item, place, number), (place) => rank(s, item, place)));

// The labels with their keys; where there are more than keys, the first ones by rank, and a field to find others.
function labelChoice(s, row, rankOf = (place) => -place) {
  const wanted = s.find.toLowerCase();
  const places = s.names.map((_, place) => place)
    .filter((place) => !wanted || s.names[place].toLowerCase().includes(wanted));
  if (s.names.length > 9 && !wanted) places.sort((a, b) => rankOf(b) - rankOf(a));
  s.listed = places.slice(0, 9);
  const rest = places.length - s.listed.length;
  const find = s.names.length > 9 ? el("input", {
    class: "find", type: "search", placeholder: `find one of ${s.names.length} labels (L)`, value: s.find, "aria-label": "find a label",
    on: { input: (event) => s.search(event.target.value), keydown: (event) => s.inFind(event) },
  }) : null;
  return el("section", { class: "labels", "aria-label": "labels" }, find, el("div", { class: "rows" }, s.listed.map((place, number) => row(place, number + 1))),
    rest > 0 ? el("p", { class: "aside" }, `${rest} more: type to find them`) : null);
}

const rank = (s, item, place) => (s.names[place] === item.suggested ? 2 : 0) + (s.names[place] === item.given ? 1 : 0) + item.probs[place];

function labelRow(s, item, place, number) {
  const name = s.names[place];
  const share = item.probs[place];
  const on = s.many ? s.chosen.has(name) : s.find ? number === 1 : name === item.suggested;
  const tags = [];
  if (name === item.given && !s.many) tags.push(el("span", { class: "tag" }, "given"));
  if (name === item.suggested && name !== item.given && !s.many) tags.push(el("span", { class: "tag suggested" }, "suggested"));
  return el("button", {
    class: `label ${on ? "on" : ""}`, style: hue(place), "aria-pressed": s.many ? String(on) : null,
    title: s.meanings[place], on: { click: () => s.choose(name) },
  }, el("kbd", {}, String(number)), el("span", { class: "name" }, word(name)), ...tags,
    el("span", { class: "n" }, percent(share)), el("span", { class: "track" }, el("i", { style: { width: `${100 * share}%` } })));
}

function actionPanel(s) {
  const accept = s.spans ? "save" : s.many ? "accept set" : "accept";
  const keys = [["Enter", accept, "Enter"], ["x", "reject", "X"], ["s", "skip", "S"], ["0", "unsure", "0"], ["n", "note", "N"]];
  const more = s.spans ? [["Delete", "delete", "Del"], ["z", "undo edit", "Z"], ["r", "reset", "R"], ["c", s.exact ? "by characters" : "by words", "C"]] : [];
  return el("div", { class: "actions" }, [...keys, ...more].map(([key, name, sign]) => tool(s, key, name, sign)),
    s.item.pattern > 1 ? tool(s, "b", `all ${s.item.pattern.toLocaleString("en")} alike`, "B") : null);
}

function votePanel(s, item) {
  if (!item.votes.length) return el("section", { class: "votes" }, el("h4", {}, "Votes"), el("p", { class: "aside" }, "No labeling function votes on this record."));
  const most = Math.max(1e-9, ...item.votes.map((vote) => Math.abs(vote.weight ?? 0)));
  const rows = item.votes.map((vote) => el("tr", {
    class: s.looked === vote.lf ? "looked" : "", title: vote.doc || null,
    on: { mouseenter: () => s.look(vote.lf), mouseleave: () => s.look("") },
  }, s.spans ? null : el("td", { class: "sign" }, vote.spans.length ? vote.sign : ""), el("td", { class: "lf" }, breakable(vote.lf)),
    el("td", { class: `vote ${s.spans || vote.vote === item.given ? "" : "against"}` },
      el("span", { class: "pair" }, el("span", { class: "dot", style: hue(s.names.indexOf(vote.vote)) }), word(vote.vote))),
    s.spans ? el("td", { class: "found" }, vote.spans.map((one, place) => [place ? ", " : "", el("bdi", {}, shown(wordsAt(s, one)))])) : null,
    vote.weight === null ? null : el("td", { class: "n weight" }, el("span", { class: "track" },
      el("i", { style: { width: `${(100 * Math.abs(vote.weight)) / most}%` } })), `${vote.weight < 0 ? "−" : "+"}${Math.abs(vote.weight).toFixed(2)}`)));
  const head = el("tr", {}, [...(s.spans ? [] : [""]), "labeling function", "vote", ...(s.spans ? ["words"] : item.votes[0].weight === null ? [] : ["weight"])].map((name) => el("th", { scope: "col" }, name)));
  return el("section", { class: "votes" }, el("h4", {}, "Votes"), el("table", {}, el("thead", {}, head), el("tbody", {}, rows)));
}

function nearPanel(s) {
  if (!s.near || !s.near.length) return null;
  return el("section", { class: "near" }, el("h4", {}, "Look-alikes"), s.near.map((one) => el("div", { class: "one" },
    el("div", { class: "aside" }, s.spans ? null : el("span", { class: "dot", style: hue(s.names.indexOf(one.label)) }), word(one.label),
      one.decided ? " (reviewed)" : "", el("span", { class: "n" }, ` ${percent(one.likeness)} alike`)),
    el("div", { class: "quote", dir: "auto" }, shown(one.text)))));
}

function guidePanel(s) {
  if (!s.guide && !s.meanings.some(Boolean)) return null;
  return el("details", { class: "guide", open: s.guideOpen, on: { toggle: (event) => { s.guideOpen = event.target.open; } } },
    el("summary", {}, "Guidelines"), s.guide ? el("p", {}, shown(s.guide)) : null,
    el("dl", {}, s.names.flatMap((name, place) => s.meanings[place]
      ? [el("dt", {}, el("span", { class: "dot", style: hue(place) }), word(name)), el("dd", { dir: "auto" }, shown(s.meanings[place]))] : [])));
}

function helpPanel(s) {
  return el("section", { class: "help", role: "dialog", "aria-label": "keys" }, el("h4", {}, "Keys"),
    el("dl", {}, keysOf(s).flatMap(([key, what, more]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, s.many && more ? more.replace("several labels: ", "") : what)])));
}

function notePanel(s) {
  return el("section", { class: "field" }, el("label", {}, "Note, kept with the decision (Enter closes, Shift+Enter begins a line)",
    el("textarea", { rows: 2, dir: "auto", on: { keydown: (event) => s.inNote(event), input: (event) => { s.note = event.target.value; } } }, s.note)));
}

function noteLine(s) {
  if (s.mode === "note") return notePanel(s);
  return s.note ? el("p", { class: "aside" }, "Note: ", shown(s.note)) : null;
}

function filterPanel(s) {
  const choice = (name, all, options, value) => el("select", { name, "aria-label": name },
    el("option", { value: "" }, all), options.map((one) => el("option", { value: one, selected: one === value }, one)));
  return el("form", { class: "field filter", on: { submit: (event) => s.applyFilter(event), keydown: (event) => s.inFilter(event), input: (event) => s.keepFilter(event) } },
    el("input", { name: "text", type: "search", placeholder: "words in the text", value: s.filter.text || "", "aria-label": "words in the text", dir: "auto" }),
    choice("label", "any label", s.names, s.filter.label), choice("lf", "any labeling function", s.lfs, s.filter.lf),
    choice("kind", "any issue", s.kinds, s.filter.kind),
    el("button", { class: "tool" }, "apply ", el("kbd", {}, "Enter")),
    el("button", { class: "tool", type: "button", on: { click: () => s.clearFilter() } }, "show all"));
}

function bulkPanel(s) {
  const { count, label, examples, settled } = s.bulk;
  return el("section", { class: "field bulk", role: "dialog", "aria-label": "decide for all alike" },
    el("p", {}, el("b", {}, `${count.toLocaleString("en")} open records have the same votes. `),
      label ? ["Label them all ", word(label), "? One undo takes all of it back."] : "Choose a label for all of them: 1–9, or X to reject them."),
    settled.length ? el("p", { class: "aside" }, "Decided before among records with these votes: ", settled.map(([name, n]) => [word(name), ` ${n} `])) : null,
    el("ul", {}, examples.map((text) => el("li", { class: "quote", dir: "auto" }, shown(text)))),
    el("div", { class: "actions" }, label ? tool(s, "y", `yes, ${count.toLocaleString("en")} records`, "Y") : null, tool(s, "Escape", "no", "Esc")));
}
