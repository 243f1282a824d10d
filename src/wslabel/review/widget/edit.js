// Spans as they are edited: the rules of wslabel.review.span_edit. An edit is never changed; each step returns another.
// Spans are [start, end, label] in code points; `at` is the place of the chosen one, or null.

const inOrder = (a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
const sameSpan = (a, b) => a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

const edits = {
  begin(text, spans) {
    const points = Array.from(text);
    const found = words(points);
    const stops = { characters: characters(points), words: found, starts: found.map((one) => one[0]), ends: found.map((one) => one[1]) };
    return { points, stops, spans: spans.map(([start, end, label]) => [start, end, label]).sort(inOrder), at: null };
  },
  saved: (edit) => edit.spans.filter((span, place) => !place || !sameSpan(span, edit.spans[place - 1])),
  choose(edit, step) {
    const count = edit.spans.length + 1;
    const stop = ((edit.at === null ? 0 : edit.at + 1) + step + count) % count;
    return { ...edit, at: stop ? stop - 1 : null };
  },
  add(edit, start, end, label) {
    if (!(start >= 0 && start < end && end <= edit.points.length)) return edit;
    const place = edit.spans.findIndex((span) => sameSpan(span, [start, end, label]));
    return place >= 0 ? { ...edit, at: place } : withSpan(edit, edit.spans, [start, end, label]);
  },
  delete: (edit) => (edit.at === null ? edit : { ...edit, spans: others(edit), at: null }),
  relabel: (edit, label) => (edit.at === null ? edit : withSpan(edit, others(edit), [edit.spans[edit.at][0], edit.spans[edit.at][1], label])),
  move(edit, edge, step, unit) {
    if (edit.at === null) return edit;
    const [start, end, label] = edit.spans[edit.at];
    const { characters: places, starts, ends } = edit.stops;
    const made = edge === "start"
      ? [nextOf(start, step, unit === "word" ? starts : places), end, label]
      : [start, nextOf(end, step, unit === "word" ? ends : places), label];
    return made[0] < made[1] ? withSpan(edit, others(edit), made) : edit;
  },
  // The border goes to the place nearest to where the mouse is.
  drag(edit, edge, place, unit) {
    if (edit.at === null) return edit;
    const [start, end, label] = edit.spans[edit.at];
    const { characters: places, starts, ends } = edit.stops;
    const among = unit === "word" ? (edge === "start" ? starts : ends) : places;
    const allowed = among.filter((one) => (edge === "start" ? one < end : one > start));
    if (!allowed.length) return edit;
    const nearest = allowed.reduce((best, one) => (Math.abs(one - place) < Math.abs(best - place) ? one : best));
    return withSpan(edit, others(edit), edge === "start" ? [nearest, end, label] : [start, nearest, label]);
  },
  // Two places, in any order, as the stretch between them: whole words, or whole characters; null where there is none.
  stretch(edit, one, other, unit) {
    const [from, to] = one < other ? [one, other] : [other, one];
    const places = edit.stops.characters;
    const pieces = unit === "word" ? edit.stops.words : places.slice(0, -1).map((place, k) => [place, places[k + 1]]);
    const inside = pieces.filter(([start, end]) => start < to && end > from);
    return inside.length ? [inside[0][0], inside[inside.length - 1][1]] : null;
  },
};

const others = (edit) => edit.spans.filter((_, place) => place !== edit.at);

function withSpan(edit, spans, span) {
  const sorted = [...spans, span].sort(inOrder);
  return { ...edit, spans: sorted, at: sorted.findIndex((one) => sameSpan(one, span)) };
}

function nextOf(place, step, places) {
  if (step > 0) return places.find((one) => one > place) ?? place;
  return places.findLast((one) => one < place) ?? place;
}
