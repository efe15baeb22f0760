"""Text: sentences end where a reader would end them, offsets are exact, nothing is lost."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sovereign.text import counted, escape_markdown, fold, locate, normal_title, sentences
from tests.conftest import ROOT

# "|" stands where one sentence ends and the next begins.
SENTENCES = [
    "It works.|It works well.",
    "We follow Smith et al. (2020) here.|It is fine.",
    "As Smith et al. say, it works.|So do we.",
    "This was shown by Smith et al.|The effect is large.",
    "See Fig. 3 and Figs. 4–5 for more.|See Eq. (2), Eqs. 3 and 4, Sec. 2.1, Tab. 1 and Ref. [5].",
    "See Table 2.|Figure 3 shows more.",
    "It is small, i.e. below 5, e.g. 3, cf. Jones, vs. Smith, resp. others, viz. three.",
    "It was approx. 5 and ca. 3, no. 4, vol. 2, pp. 3–5.",
    "The answer was no.|We asked again.",
    "Dr. Smith and Prof. A. B. Jones met Mr. X. Y. Zed.|They talked.",
    "J. K. Author wrote it.|B. Other did not.",
    "We used vitamin C.|The effect was large.",
    "The U.S. is big.|The E.U. study agrees.|It was run in the U.K. by us.",
    "The value is 3.5.|The error is 0.05 %.|It rose to 1.2e-3.",
    "It reached 92.5% [12].|It then fell [3, 4].|So it was.",
    "It ends with a mark.[3]|Another begins.",
    "It ends with marks. [4, 5]|Another begins.",
    "Is it?|Yes!|No?!|Well... it may be.",
    "He said “It works.”|She left.",
    "(It works.)|It does.",
    "It works (see Fig. 2).|It does.",
    "It fell until January 2022(Fig. 5A).|Then it rose [cf. Tab. 2].|It stayed(see Sec. 3) there.",
    "Adam was used.|mBERT was used too.|iPhone users agree.",
    "It was version 2.0 of the tool.|GPT-3.5 was used, and Python 3.11.",
    "At 5 p.m. it ended.|It began at 6 a.m.|The sun rose.",
    "Companies such as Acme Inc. sell it.|They sell it at Acme Inc.|The price is low.",
    "1. First item of a list.|2. Second item.",
    "a) First item.|It goes on.",
    "It holds w.r.t. time and i.i.d. samples.|It is so.",
    "Visit https://example.org/a.b/c.html for more.|Or mail a.b@example.org today.",
    "The std. dev. is 2.|The max. value is 5.",
    "Jan. 5 and Dec. 7 were cold.|It was a max.|Then it fell.",
    "No full stop at the end",
    "它有效。|它很好！|是吗？",
    "Ph.D. students took part.|They had a Ph.D. and more.",
    "We train on 8 GPUs.|A single run takes 3.5 days.",
    "The proof is in App. B and Thm. 3.|It is short.",
]


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    """Shortenings, initials, numbers and citations end nothing; marks before a capital do."""
    parts = marked.split("|")
    text = (" " if marked.isascii() or "“" in marked or "–" in marked else "").join(parts)

    assert [text[start:end] for start, end in sentences(text)] == parts


def test_a_blank_line_parts_sentences() -> None:
    """Two paragraphs never share a sentence, whatever the first one ends with."""
    text = "First half\n\nsecond half.\n \n Third"

    assert [text[start:end] for start, end in sentences(text)] == ["First half", "second half.", "Third"]


words = st.text(alphabet=st.sampled_from("abcDE .,!?()[]\n\t0123456789“”’é。-"), max_size=300)


@given(st.one_of(words, st.text(max_size=200)))
@example("a. b. C. d.")
@example(" . ")
def test_sentences_tile_the_text(text: str) -> None:
    """Spans are in order, do not overlap, have no white space at their ends, and hold every letter."""
    spans = sentences(text)

    assert all(start < end for start, end in spans)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert all(first[1] <= second[0] for first, second in pairwise(spans))
    assert "".join("".join(text[start:end].split()) for start, end in spans) == "".join(text.split())


@given(
    st.lists(
        st.integers(0, 9999).flatmap(lambda n: st.sampled_from([f"{n}", f"{n}.{n}", f"{n},{n:03}", f"0.{n}", f"{n}.{n}.{n}"])), max_size=9
    )
)
def test_numbers_are_never_parted(numbers: list[str]) -> None:
    """No sentence ends inside a number."""
    text = "We got " + " and ".join(numbers) + " of them."

    assert [text[start:end] for start, end in sentences(text)] == [text]


def test_long_texts_take_time_in_proportion() -> None:
    """Ten times the text takes about ten times as long, even when it is one paragraph of full stops."""
    spent = []
    for size in (4_000, 40_000):
        text = "A. b. et al. Fig. 3. " * (size // 21)
        begin = time.perf_counter()
        sentences(text)
        spent.append(time.perf_counter() - begin)

    assert spent[1] < 60 * spent[0] + 0.5


pieces = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(before=pieces, quote=pieces.filter(lambda piece: bool(piece.strip())), after=pieces)
def test_a_quote_is_found_where_it_stands(before: str, quote: str, after: str) -> None:
    """What is cut out of a text is found in it, at its place or an earlier equal one, white space aside."""
    text = before + quote + after
    found = locate(quote, text)

    assert found is not None
    assert text[found[0] : found[1]].split() == quote.split()
    assert found[0] <= len(before) + len(quote) - len(quote.lstrip())


@given(quote=pieces, text=pieces)
def test_what_is_located_is_the_quote(quote: str, text: str) -> None:
    """Nothing but the quote's own letters is ever taken for it."""
    found = locate(quote, text)

    assert found is None or "".join(text[found[0] : found[1]].split()) == "".join(quote.split())


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        pytest.param("b c", "a b\n c d", (2, 6), id="white space aside"),
        pytest.param("B c", "a b c", None, id="case matters"),
        pytest.param("соst", "cost", None, id="look-alike letters differ"),
        pytest.param("ﬁt", "fit", None, id="ligatures differ"),
        pytest.param("", "text", None, id="nothing is nowhere"),
        pytest.param("a.c", "abc a.c", (4, 7), id="no pattern"),
        pytest.param("a a", "a a a", (0, 3), id="the first"),
    ],
)
def test_locate(quote: str, text: str, span: tuple[int, int] | None) -> None:
    """A quote is found by its letters alone."""
    assert locate(quote, text) == span


@given(st.text(max_size=100))
def test_fold_is_settled(text: str) -> None:
    """Folding twice changes nothing, and leaves no white space but single spaces."""
    once = fold(text)

    assert fold(once) == once
    assert not re.search(r"\s\s|^\s|\s$", once)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Attention Is All You Need", "attention is all you need.", id="case and stop"),
        pytest.param("Über die Größe", "Uber die Grosse", id="accents"),
        pytest.param("A  Title:\nwith a Break", "A title - with a break", id="signs"),
    ],
)
def test_normal_titles_are_equal(one: str, other: str) -> None:
    """The same title typed twice has one normal form."""
    assert normal_title(one) == normal_title(other)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a *b* _c_ `d`", r"a \*b\* \_c\_ \`d\`", id="styles"),
        pytest.param("<script>&amp;</script>", "&lt;script&gt;&amp;amp;&lt;/script&gt;", id="HTML"),
        pytest.param("a\n# b\n| c |", r"a \# b \| c \|", id="one line"),
        pytest.param("[x](http://y) {z} $m$ ~~s~~ ^t", r"\[x\](http://y) \{z\} \$m\$ \~\~s\~\~ \^t", id="links and maths"),
    ],
)
def test_escape_markdown(text: str, shown: str) -> None:
    """Foreign text shows as it is, and does nothing."""
    assert escape_markdown(text) == shown


def test_real_abstracts_are_parted_well(shared_data: Path) -> None:
    """In real abstracts hardly any sentence begins in lower case or is a stray word."""
    import gzip
    import json

    with gzip.open(shared_data / "arxiv" / "arxiv-15k.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [fold(json.loads(line)["abstract"]) for _, line in zip(range(1500), lines, strict=False)]
    found = [text[start:end] for text in texts for start, end in sentences(text)]
    odd = [sentence for sentence in found if re.match(r"[a-z]{2}", sentence) or len(sentence.split()) < 3]

    assert 8 < len(found) / len(texts) * 1.2 < 14
    assert len(odd) < 0.01 * len(found), odd[:20]


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        pytest.param(0, ("paper",), "0 papers", id="none"),
        pytest.param(1, ("paper",), "1 paper", id="one"),
        pytest.param(2, ("refuted claim",), "2 refuted claims", id="two words"),
        pytest.param(1, ("search", "searches"), "1 search", id="one of another plural"),
        pytest.param(1200, ("search", "searches"), "1,200 searches", id="many of another plural"),
    ],
)
def test_a_count_with_its_noun(number: int, words: tuple[str, ...], told: str) -> None:
    """One is one, and the rest are many."""
    assert counted(number, *words) == told


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "sovereign").rglob("*.py")), *sorted((ROOT / "sovereign" / "templates").rglob("*.*"))], ids=str
)
def test_nobody_writes_a_plural_in_brackets(path: Path) -> None:
    """No page, message or pull request says "claim(s)", or counts with a plural that stands whatever the number is."""
    if path.suffix in {".woff2", ".png", ".ico"}:
        return
    text = path.read_text(encoding="utf-8")

    assert not re.findall(r"\} (?:[a-z]+ )*[a-z]+\((?:s|es)\)", text)
    if path.suffix == ".py":
        assert not re.findall(r"\{len\([^{}]*\)\} (?:papers|claims|findings|gaps|goals|searches|queries|sentences|passages|files)\b", text)
