import functools

import pytest

from wslabel import Label, LabelingFunction, gazetteer, keywords, labeling_function, lexicon, preprocessor, regex, table
from wslabel.errors import LabelingFunctionError


class Mood(Label):
    BAD = "bad"
    GOOD = "good"


async def later(text):
    return "a"


def test_a_decorated_function_is_still_the_plain_function():
    @labeling_function(votes=Mood.GOOD, fires=["glad"])
    def is_glad(text: str):
        """Gladness."""
        return Mood.GOOD if "glad" in text else None

    assert isinstance(is_glad, LabelingFunction)
    assert is_glad("glad") is Mood.GOOD
    assert is_glad("sad") is None
    assert (is_glad.name, is_glad.votes, is_glad.columns, is_glad.doc) == ("is_glad", ("good",), ("text",), "Gladness.")
    assert is_glad.place.file == __file__


def test_examples_may_be_records_and_name_their_label():
    @labeling_function(votes=[Mood.GOOD, Mood.BAD], fires={Mood.BAD: [{"text": "x", "stars": 1}], "good": ["y"]})
    def stars_given(text, stars=3):
        return None

    assert [(dict(case.record), case.expected) for case in stars_given.fires] == [
        ({"text": "x", "stars": 1}, "bad"),
        ({"text": "y"}, "good"),
    ]
    assert stars_given.optional == ("stars",)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: labeling_function(votes=[])(lambda text: None), "a name is letters"),
        (lambda: labeling_function(votes=[], name="f")(lambda text: None), "votes is empty"),
        (lambda: labeling_function(votes=1, name="f")(lambda text: None), "not iterable|no label"),
        (lambda: labeling_function(votes="a", name="f")(lambda: None), "no parameter"),
        (lambda: labeling_function(votes="a", name="f")(lambda *text: None), "is no column"),
        (lambda: labeling_function(votes="a", name="f")(lambda gold: None), "reads gold"),
        (lambda: labeling_function(votes="a", name="f")(functools.partial(len)), "is no plain function"),
        (lambda: labeling_function(votes="a", name="f")(later), r"later \(.*\) is async or a generator"),
        (lambda: labeling_function(votes="a", name="id")(lambda text: None), "a name is"),
        (lambda: labeling_function(votes="a", name="f", fires="text")(lambda text: None), "put brackets"),
        (lambda: keywords("f", votes="a"), "nothing to look for"),
        (lambda: keywords("f", votes="a", any_of=[""]), "non-empty string"),
        (lambda: keywords("f", votes="a", any_of="missing.txt"), "there is no word list"),
        (lambda: keywords("f", votes=["a", "b"], any_of=["x"]), "votes one label"),
        (lambda: regex("f", votes="a", pattern="(open"), r"the pattern '\(open' is wrong"),
    ],
)
def test_wrong_declarations_say_where(make, message):
    with pytest.raises((LabelingFunctionError, TypeError), match=message):
        make()


@pytest.mark.parametrize(
    ("phrases", "text", "spans"),
    [
        (["job cuts"], "More JOB CUTS.", [(5, 13)]),
        (["cut"], "cuts cut uncut", [(5, 8)]),
        (["C++"], "in C++, not C", [(3, 6)]),
        (["sad"], "“sad” and _sad_", [(1, 4)]),
        (["straße"], "die STRASSE, die Straße", [(17, 23)]),
        (["kelvin"], "\u212aelvin", [(0, 6)]),
        (["istanbul"], "İstanbul", [(0, 8)]),
        (["s"], "ſ", [(0, 1)]),
        (["a", "a b"], "a b", [(0, 3)]),
    ],
)
def test_phrases_match_whole_words_as_re_does(phrases, text, spans):
    assert keywords("f", votes="x", any_of=phrases).spans(text) == spans


def test_all_of_and_none_of():
    lf = keywords("f", votes="x", any_of=["a", "b"], all_of=["c", "d"], none_of=["e"])
    assert lf("a c d") == "x"
    assert lf("a c") is None
    assert lf("c d") is None
    assert lf("a c d e") is None


def test_case_may_count():
    lf = keywords("f", votes="x", any_of=["US"], ignore_case=False)
    assert lf("the US") == "x"
    assert lf("let us") is None


def test_word_lists_and_tables_lie_beside_the_caller(tmp_path, monkeypatch):
    (tmp_path / "words.txt").write_text("# comment\none\n\ntwo words # why\none\n", encoding="utf-8-sig")
    (tmp_path / "items.csv").write_text("alias,id,type\nprofit,i1,good\nloss,i2,bad\n")
    module = compile(
        "from wslabel import gazetteer, keywords, lexicon, table\n"
        "words = lexicon('words.txt')\nrows = table('items.csv')\n"
        "lf = gazetteer('f', votes='x', source='items.csv', types=['bad'])\n"
        "kw = keywords('g', votes='x', any_of='words.txt')\n",
        str(tmp_path / "module.py"),
        "exec",
    )
    scope = {}
    exec(module, scope)
    assert scope["words"] == ("one", "two words")
    assert scope["rows"][1] == {"alias": "loss", "id": "i2", "type": "bad"}
    assert scope["lf"]("A LOSS") == "x"
    assert scope["lf"]("A profit") is None
    assert scope["kw"]("two words") == "x"


def test_broken_word_lists_and_tables(tmp_path):
    (tmp_path / "empty.txt").write_text("# nothing\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    (tmp_path / "ragged.csv").write_text("alias,type\na,b\nc\n")
    for path, message in [("empty.txt", "is empty"), ("latin.txt", "not valid UTF-8"), ("none.txt", "cannot be read")]:
        with pytest.raises(LabelingFunctionError, match=message):
            lexicon(tmp_path / path)
    with pytest.raises(LabelingFunctionError, match=r"ragged.csv, line 3: 1 fields; the header has 2"):
        table(tmp_path / "ragged.csv")
    with pytest.raises(LabelingFunctionError, match="no column 'alias'"):
        (tmp_path / "no_alias.csv").write_text("name\na\n")
        gazetteer("f", votes="x", source=tmp_path / "no_alias.csv")


def test_a_preprocessor_may_not_take_a_columns_name():
    def text(doc):
        return ""

    with pytest.raises(LabelingFunctionError, match="is the name of a column"):
        preprocessor(text)


def lf_from(source, scope=None):
    """Make the LF `f` of source text that inspect can find again."""
    import linecache

    name = f"<lf {hash(source)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    scope = {"labeling_function": labeling_function, "__name__": "__main__", **(scope or {})}
    exec(compile(source, name, "exec"), scope)
    return scope["f"]


BASE = '''
LIMIT = 3
def helper(text):
    return len(text) > LIMIT
@labeling_function(votes="a", fires=["long"])
def f(text):
    """Why."""
    return "a" if helper(text) else None
'''


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Why."""', '"""Because."""'),
        ("return len(text) > LIMIT", "return len(text) > LIMIT  # a comment"),
        ("return len(text) > LIMIT", "return (len(text)\n        > LIMIT)"),
        ('fires=["long"]', 'fires=["longer"]'),
    ],
)
def test_fingerprint_leaves_out_what_changes_no_vote(before, after):
    assert lf_from(BASE).fingerprint == lf_from(BASE.replace(before, after)).fingerprint


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("LIMIT = 3", "LIMIT = 4"),
        ("len(text) > LIMIT", "len(text) >= LIMIT"),
        ('"a" if helper', '"a" if not helper'),
        ('votes="a"', 'votes=["a", "b"]'),
        ("def f(", "def f(*, "),
        ("LIMIT = 3", "LIMIT = (3)\ndef len(x): return 9"),
    ],
)
def test_fingerprint_covers_all_that_changes_votes(before, after):
    assert lf_from(BASE).fingerprint != lf_from(BASE.replace(before, after)).fingerprint


def test_fingerprint_of_matchers_follows_the_phrases():
    one, same = (keywords("f", votes="x", any_of=["a", "b"], doc=doc).fingerprint for doc in ("", "why"))
    assert one == same
    assert keywords("f", votes="x", any_of=["a"]).fingerprint != one
    assert keywords("f", votes="y", any_of=["a", "b"]).fingerprint != one


def test_a_decorator_without_votes_says_what_is_missing():
    with pytest.raises(LabelingFunctionError, match="write @labeling_function\\(votes=…\\)"):

        @labeling_function
        def spam(text):
            return None


def test_a_method_is_no_labeling_function():
    with pytest.raises(LabelingFunctionError, match="is a method"):

        class Rules:
            @labeling_function(votes="spam")
            def spam(self, text):
                return None


def test_a_phrase_stands_in_brackets():
    with pytest.raises(LabelingFunctionError, match="a phrase stands in brackets: \\['apple'\\]"):
        keywords("fruit", votes="spam", any_of="apple")
