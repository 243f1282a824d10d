// Elements and texts. Words of records reach the page as text nodes only, never as markup.

function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") for (const [event, work] of Object.entries(value)) node.addEventListener(event, work);
    else if (name === "style") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

// Controls, terminal escapes, marks of direction and half characters: they draw nothing, but change what is around them.
const UNSEEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;

function shown(text) {
  const parts = [];
  let plain = "";
  for (const one of String(text).replaceAll("\r\n", "\n")) {
    if (!UNSEEN.test(one)) { plain += one; continue; }
    if (plain) parts.push(plain);
    plain = "";
    parts.push(unseen(one));
  }
  if (plain) parts.push(plain);
  return parts;
}

function unseen(one) {
  const name = `U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return el("span", { class: "unseen", title: `an invisible character, ${name}` }, name);
}

const word = (text) => el("bdi", {}, shown(text));
// A name whose lines may break behind its underscores.
const breakable = (name) => el("bdi", {}, name.split("_").flatMap((part, place) => (place ? ["_", el("wbr"), ...shown(part)] : shown(part))));
const percent = (share) => `${(100 * share).toFixed(share > 0.0995 && share < 0.9995 ? 0 : 1)} %`;
const hue = (index) => ({ "--hue": String(Math.round((25 + index * 137.5) % 360)) });

// Offsets count characters as Python does (code points), so the text is cut by these.
function marked(text, spans, labels) {
  const points = Array.from(text);
  const edges = [...new Set([0, points.length, ...spans.flatMap((span) => [span.start, span.end])])];
  edges.sort((a, b) => a - b);
  const parts = [];
  for (let k = 0; k + 1 < edges.length; k += 1) {
    const piece = shown(points.slice(edges[k], edges[k + 1]).join(""));
    const over = spans.filter((span) => span.start <= edges[k] && edges[k + 1] <= span.end);
    if (!over.length) { parts.push(...piece); continue; }
    const ends = over.filter((span) => span.end === edges[k + 1]);
    const names = over.map((span) => `${span.who}: ${span.label}`).join("\n");
    const mark = el("mark", { style: hue(labels.indexOf(over[0].label)), title: names, class: over.some((span) => span.strong) ? "strong" : null }, piece);
    mark.dataset.who = JSON.stringify(over.map((span) => span.who));
    if (ends.length) mark.append(el("sup", { "aria-label": ends.map((span) => span.who).join(", ") }, ends.map((span) => span.sign).join("")));
    parts.push(mark);
  }
  return parts;
}

function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
