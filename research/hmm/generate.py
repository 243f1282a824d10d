"""Generate span suites with their truth: what hyper-parameters of `hmm` are chosen on.

No real data set has a part in it. What span suites are known for is: dictionaries that know some terms and not others,
so that they are right or wrong wherever a term stands; terms that mean something else, or nothing, in some places; LFs
that see the head of a term, its first word, single words, or the words around; LFs that look as far as a window
reaches; LFs made of what others found; LFs that mostly hit things of another label; many texts with one span, or few
with many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wslabel.core.spans import SpanVotes

Random = np.random.Generator
NOTHING = -1


@dataclass(frozen=True)
class GeneratedSuite:
    """Votes, and the true spans as (record, start, end, label)."""

    votes: SpanVotes
    truth: set[tuple[int, int, int, int]]


@dataclass(frozen=True)
class Place:
    """A place where a term stands: the term, its tokens, the true span and label (`NOTHING`: there is none)."""

    record: int
    term: int
    begin: int
    end: int
    true_begin: int
    true_end: int
    label: int


@dataclass(frozen=True)
class World:
    """The terms (label that they look like, chance that they are of it, length) and the places where they stand."""

    look: np.ndarray
    sure: np.ndarray
    findable: np.ndarray
    places: list[Place]
    tokens: list[np.ndarray]
    cardinality: int


def generate_suite(random: Random) -> GeneratedSuite:
    """Return one suite: draws until people would go on with such votes."""
    while True:
        world = _world(random)
        rows = _votes(random, world)
        truth = {
            (p.record, *_offsets(world, p.record, p.true_begin, p.true_end), p.label)
            for p in world.places
            if p.label != NOTHING
        }
        if len(rows) < 40:
            continue
        spans = {(r, *_offsets(world, r, b, e), label) for r, _, b, e, label in rows}
        right = len(spans & truth) / len(spans)
        if random.random() > np.clip((right - 0.2) / 0.5, 0.02, 1.0):
            continue
        return GeneratedSuite(_span_votes(world, rows), truth)


def _offsets(world: World, record: int, begin: int, end: int) -> tuple[int, int]:
    edges = world.tokens[record]
    return int(edges[begin]), int(edges[end] - 1)


def _span_votes(world: World, rows: list[tuple[int, int, int, int, int]]) -> SpanVotes:
    lfs = sorted({lf for _, lf, _, _, _ in rows})
    names = [f"label_{k}" for k in range(world.cardinality)]
    columns = [[str(row[0]) for row in rows], [f"lf_{row[1]}" for row in rows]]
    offsets = [_offsets(world, r, b, e) for r, _, b, e, _ in rows]
    columns += [[a for a, _ in offsets], [b for _, b in offsets], [names[row[4]] for row in rows]]
    lengths = [int(edges[-1]) for edges in world.tokens]
    return SpanVotes.from_columns(
        list(map(str, range(len(lengths)))), lengths, columns, [f"lf_{j}" for j in lfs], names
    )


def _world(random: Random) -> World:
    cardinality = int(np.clip(np.round(np.exp(random.uniform(-0.3, 2.4))), 1, 10))
    places = int(np.exp(random.uniform(np.log(250), np.log(1600))))
    a_record = float(np.exp(random.uniform(np.log(0.7), np.log(25))))
    records = max(int(places / a_record), 8)
    balance = random.dirichlet(np.full(cardinality, random.uniform(0.8, 5)))
    size = int(np.exp(random.uniform(np.log(30), np.log(1200))))
    look = random.choice(cardinality, size=size, p=balance)
    ease = random.uniform(0.05, 1.0)
    decoys, ambiguous = random.uniform(0, 0.5) * ease, random.uniform(0, 0.35) * ease
    kind = random.random(size)
    clean = 1 - random.uniform(0, 0.15) * ease
    sure = np.where(kind < ambiguous, random.uniform(0.1, 0.9, size), clean)
    sure = np.where(kind > 1 - decoys, random.uniform(0, 0.12, size), sure)
    tail = random.uniform(0.8, 4, cardinality)
    length = 1 + np.minimum(random.poisson((tail[look] - 0.8).clip(0.05)), 6)
    short = random.uniform(0, 0.5)  # short terms mean several things more often
    sure = np.where((length == 1) & (random.random(size) < short * 0.3), sure * random.uniform(0.2, 1.0, size), sure)
    often = 1 / np.arange(1, size + 1) ** random.uniform(0.3, 1.2)
    often = random.permutation(often / often.sum())
    confuse = random.dirichlet(np.full(cardinality, 0.5), size=cardinality)
    to_label = random.beta(0.8, 1.2) if cardinality > 1 else 0.0  # what is not of its label is of another, or nothing
    widened = ease * random.beta(0.7, 4.0, cardinality)  # how often the true span has a word more than the term
    narrowed = ease * random.beta(0.5, 9.0, cardinality)
    side = random.beta(0.6, 0.6)
    made: list[Place] = []
    at = np.full(records, 3)
    crowded = random.choice([0.02, 0.3], p=[0.7, 0.3])
    for term, record in zip(random.choice(size, size=places, p=often), random.integers(records, size=places)):
        mine, n = int(look[term]), int(length[term])
        label = mine
        if random.random() > sure[term]:
            label = int(random.choice(cardinality, p=confuse[mine])) if random.random() < to_label else NOTHING
            label = NOTHING if label == mine else label
        gap = 1 if random.random() < crowded else int(random.integers(3, 9))
        begin = int(at[record]) + gap
        end = begin + n
        true_begin, true_end = begin, end
        if random.random() < widened[mine]:
            more = int(random.integers(1, 3))
            true_begin, true_end = (begin - min(more, gap - 1), end) if random.random() < side else (begin, end + more)
        elif n > 1 and random.random() < narrowed[mine]:
            true_begin, true_end = (begin + 1, end) if random.random() < side else (begin, end - 1)
        at[record] = max(end, true_end)
        made.append(Place(int(record), int(term), begin, end, true_begin, true_end, label))
    tokens = [np.cumsum(np.append(0, random.integers(2, 12, size=int(n) + 12) + 1)) for n in at]
    return World(look, sure, random.normal(size=size), made, tokens, cardinality)


Row = tuple[int, int, int, int, int]


def _votes(random: Random, world: World) -> list[Row]:
    most = np.exp(random.uniform(np.log(3), np.log(35)))
    m = max(int(most), 1 + world.cardinality // 2)
    rows: list[Row] = []
    taste = random.uniform(0, 0.9)
    typical = random.uniform(0.03, 0.6)
    base = np.bincount(world.look, minlength=world.cardinality) + 1.0
    clean = random.random() < 0.2
    trust = random.uniform(0.05, 0.8)
    true = {(p.record, p.true_begin): p for p in world.places if p.label != NOTHING}
    for lf in range(m):
        kind = random.random()
        if lf and kind < 0.2 and not clean:
            made = _derived(random, world, rows, lf)
        elif kind < 0.3 or clean:
            made = _by_chance(random, world, lf)
        else:
            label = int(random.choice(world.cardinality, p=base / base.sum()))
            made = _dictionary(random, world, lf, label, taste, typical, trust)
        if random.random() < _kept(made, true):
            rows += made
    return rows


def _kept(rows: list[Row], true: dict[tuple[int, int], Place]) -> float:
    """Return the chance that the author keeps an LF: the more of its votes are right, the greater."""
    right = sum((r, b) in true and true[r, b].true_end == e and true[r, b].label == k for r, _, b, e, k in rows)
    return float(np.clip(right / max(len(rows), 1) / 0.6, 0.15, 1.0)) ** 1.5


def _dictionary(
    random: Random, world: World, lf: int, label: int, taste: float, typical: float, trust: float
) -> list[Row]:
    """Return votes of an LF that knows some terms: mostly of its label; of others where it is bad."""
    size = len(world.look)
    recall = float(np.clip(np.exp(random.normal(np.log(typical), 0.9)), 0.003, 0.95))
    careful = random.beta(1.0, 1.0) * trust * 2.5  # how it avoids what is not of its label
    stray = random.choice([0.0, 0.02, 0.15], p=[0.55, 0.33, 0.12]) * random.random()
    worst = random.random() < 0.06
    score = np.sqrt(taste) * world.findable + np.sqrt(1 - taste) * random.normal(size=size)
    score = score + careful * 3 * (world.sure - 0.5)
    mine = world.look == label
    if worst:
        wanted = random.random(size) < np.where(mine, 0.02, random.uniform(0.02, 0.3))
    else:
        bound = np.quantile(score[mine], 1 - recall) if mine.any() else 0.0
        wanted = (mine & (score >= bound)) | (random.random(size) < stray * recall)
    seen = random.uniform(0.4, 1.0) if random.random() < 0.4 else 1.0
    shape = _Shape(random, size)
    in_context = random.random() < 0.12  # it looks at the context, so it knows when a term is not meant
    out: list[Row] = []
    for place in world.places:
        if wanted[place.term] and random.random() < seen:
            if in_context and place.label != label and random.random() < 0.85:
                continue
            out += [(place.record, lf, b, e, label) for b, e in shape.spans(place)]
    return out


class _Shape:
    """How an LF cuts what it finds: mostly the term; or its head, first word, words, a window, the true span."""

    def __init__(self, random: Random, size: int) -> None:
        kinds = ["term", "head", "first", "words", "wide", "window", "true", "mixed"]
        self.kind = str(random.choice(kinds, p=[0.48, 0.12, 0.06, 0.06, 0.03, 0.03, 0.1, 0.12]))
        self.some = random.random(size) < random.uniform(0.1, 1.0)
        self.side = random.integers(0, 3)
        self.width = int(random.integers(1, 4))
        self.mix = random.dirichlet(np.array([3.0, 0.8, 0.4, 0.3, 0.2, 0.1, 0.8]))
        self.kinds = kinds[:7]
        self.random = random
        self.of_term = random.choice(7, size=size, p=self.mix)

    def spans(self, place: Place) -> list[tuple[int, int]]:
        begin, end, kind = place.begin, place.end, self.kind
        if kind == "mixed":
            kind = self.kinds[self.of_term[place.term]]
        elif not self.some[place.term]:
            kind = "term"
        if kind == "head":
            return [(max(begin, end - self.width), end)]
        if kind == "first":
            return [(begin, min(end, begin + self.width))]
        if kind == "words":
            return [(at, at + 1) for at in range(begin, end) if self.random.random() < 0.8]
        if kind == "wide":
            left, right = self.side != 1, self.side != 0
            return [(begin - int(left), end + int(right))]
        if kind == "window":
            at = begin if self.side != 1 else max(begin - 1, 0)
            return [(at, at + self.width)]
        if kind == "true" and place.label != NOTHING:
            return [(place.true_begin, place.true_end)]
        return [(begin, end)]


def _derived(random: Random, world: World, rows: list[Row], lf: int) -> list[Row]:
    """Return votes of an LF that is made of what others found: their spans, widened, joined, or cut."""
    kept, way = (
        random.uniform(0.1, 1.0),
        random.choice(["same", "wide", "true", "cut", "join"], p=[0.35, 0.15, 0.2, 0.15, 0.15]),
    )
    lfs = {row[1] for row in rows}
    some = {j for j in lfs if random.random() < random.choice([0.3, 1.0])}
    bases = sorted({(r, b, e, label) for r, j, b, e, label in rows if j in some})
    true = {(p.record, p.begin): p for p in world.places}
    out: list[Row] = []
    last: tuple[int, int, int, int] | None = None
    side = random.integers(2)
    for r, b, e, label in bases:
        if random.random() > kept:
            continue
        if way == "wide" and random.random() < 0.4:
            b, e = (max(b - 1, 0), e) if side else (b, min(e + 1, len(world.tokens[r]) - 1))
        elif way == "true" and (r, b) in true and true[r, b].label == label:
            b, e = true[r, b].true_begin, true[r, b].true_end
        elif way == "cut" and e - b > 1:
            at = int(random.integers(b + 1, e))
            out.append((r, lf, b, at, label))
            b = at
        elif way == "join" and last and last[0] == r and last[3] == label and 0 <= b - last[2] <= 2:
            b = last[1]
        last = (r, b, e, label)
        out.append((r, lf, b, e, label))
    return sorted(set(out))


def _by_chance(random: Random, world: World, lf: int) -> list[Row]:
    """Return votes of an LF whose errors have no reason that others share."""
    recall = float(np.clip(np.exp(random.normal(np.log(0.4), 0.7)), 0.02, 0.97))
    right, cut = 1 - 0.5 * random.beta(1.0, 1.6), random.uniform(0, 1)
    false = recall * (1 - right) * random.uniform(0.2, 1.2)
    labels = range(world.cardinality) if random.random() < 0.4 else [int(random.integers(world.cardinality))]
    own = set(labels)
    turned = np.roll(np.arange(world.cardinality), 1)
    cyclic = random.random() < 0.4
    out: list[Row] = []
    for p in world.places:
        if p.label == NOTHING:
            if random.random() < false:
                out.append((p.record, lf, p.begin, p.end, int(random.choice(list(own)))))
        elif random.random() < recall:
            b, e, label = p.true_begin, p.true_end, p.label
            if random.random() > right:
                if random.random() < cut:
                    b, e = (b, e - 1) if e - b > 1 else (b, e + 1)
                else:
                    label = int(turned[label]) if cyclic else int(random.choice(list(own)))
            if label in own:
                out.append((p.record, lf, b, e, label))
    return out
