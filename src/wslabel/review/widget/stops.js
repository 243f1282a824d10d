// Where a border of a span may come to stand: the rules of wslabel.review.stops, on a text as an array of code points.

const GOES_ON = /^[\p{M}\u200d\u{1f3fb}-\u{1f3ff}]$/u;
const FLAG = /^[\u{1f1e6}-\u{1f1ff}]$/u;
const OF_WORD = /^[\p{L}\p{N}\p{M}_]$/u;
// As Python's str.isspace, not as \s.
const OF_SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;

function characters(points) {
  const places = [0];
  let flags = 0;
  for (let at = 1; at < points.length; at += 1) {
    flags = FLAG.test(points[at - 1]) ? flags + 1 : 0;
    const inFlag = flags % 2 === 1 && FLAG.test(points[at]);
    const inLine = points[at - 1] === "\r" && points[at] === "\n";
    if (!inFlag && !inLine && !GOES_ON.test(points[at]) && points[at - 1] !== "\u200d") places.push(at);
  }
  if (points.length) places.push(points.length);
  return places;
}

function words(points) {
  const places = characters(points);
  const found = [];
  let before = "space";
  for (let k = 0; k + 1 < places.length; k += 1) {
    const one = points[places[k]];
    const kind = OF_WORD.test(one) ? "word" : OF_SPACE.test(one) ? "space" : "mark";
    if (kind === "word" && before === "word") found[found.length - 1][1] = places[k + 1];
    else if (kind !== "space") found.push([places[k], places[k + 1]]);
    before = kind;
  }
  return found;
}
