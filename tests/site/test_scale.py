"""Many claims, many reports: the explorer stays quick, the data files stay small, and both sides agree on words."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from sovereign.site import build, index
from sovereign.site.desk import Desk
from standins import desk
from tests.site.conftest import serve, watch


@pytest.mark.slow
def test_fifteen_thousand_claims_answer_within_a_second(chromium: Browser, tmp_path: Path) -> None:
    """From an open explorer, the first result of a search stands within a second; the page itself asks for little."""
    root = desk.write_many(tmp_path / "lab", 150, claims_each=100)
    out = build.build(root, tmp_path / "out" / "lab")
    url, end = serve(out.parent)
    page = chromium.new_page()
    faults: list[str] = []
    weights: list[int] = []
    watch(page, url, faults)
    page.on("response", lambda answer: weights.append(int(answer.headers.get("content-length", 0))) if "/data/" in answer.url else None)
    try:
        page.goto(f"{url}lab/claims/")
        page.locator(".desk-filters:not([hidden])").wait_for()
        assert "15,000 claims" in page.get_by_role("status").inner_text()
        # The page's own clock: from the last key to the first marked row.
        page.evaluate("""() => {
          const list = document.querySelector('[data-list]');
          const note = () => { if (list.querySelector('mark')) window.shownAt ??= performance.now(); };
          new MutationObserver(note).observe(list, { childList: true });
          document.querySelector('[name=words]').addEventListener('input', () => { window.askedAt = performance.now(); });
        }""")
        page.get_by_label("Words").fill("lake acidity 47.9")
        page.locator(".desk-claim mark").first.wait_for()
        took_ms = page.evaluate("window.shownAt - window.askedAt")
    finally:
        page.close()
        end()

    assert took_ms < 1000
    assert sum(weights) < 700_000
    assert faults == []


@pytest.fixture(scope="module")
def listed() -> Any:
    """Give a desk of 3,000 claims without building a site."""
    texts = [f"Claim {number} says that lake {number % 17} rises by {number}.{number % 10} %" for number in range(3000)]
    claims = [
        SimpleNamespace(id=f"c{at:010x}", text=text, grade="verified", confidence=0.5, paper="p", warning="")
        for at, text in enumerate(texts)
    ]
    version = SimpleNamespace(question="Q?", folder="reports/q/v1", date="2026-01-01", claims=claims, is_draft=False, papers={"p": "Paper"})
    return SimpleNamespace(versions=(version,), standing=(version,), tags=())


def test_each_word_leads_to_its_claims(listed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the files, as the script reads them: every claim that holds a word is found, and no other."""
    monkeypatch.setattr(index, "GRADE_LETTERS", {"verified": "v"})
    monkeypatch.setattr(index, "_report", lambda _: [])
    files = dict(index.shards(cast("Desk", listed), per_shard=500))
    columns = json.loads(files["data/claims.json"])
    held = json.loads(files[f"data/words/{index.word_file('rises', columns['word_files'])}.json"])["rises"]
    assert len(held) == columns["total"] == 3000
    number = json.loads(files[f"data/words/{index.word_file('17.7', columns['word_files'])}.json"])["17.7"]
    assert number == [17]
    assert json.loads(files["data/claims/0.json"])[17][1] == listed.versions[0].claims[17].text
    assert max(len(text) for text in files.values()) < 60_000


def many(count: int) -> Any:
    """Give a desk of so many claims, a hundred in each report, whose words are spread as those of papers are."""
    versions = []
    for start in range(0, count, 100):
        texts = [
            f"Claim {n} says that lake {n * 7919 % 900} rises by {n * 104_729 % 10_000 / 10} % under treatment {n * 31 % 97}"
            for n in range(start, start + 100)
        ]
        claims = [
            SimpleNamespace(id=f"c{start + at:010x}", text=text, grade="verified", confidence=0.5, paper="p", warning="")
            for at, text in enumerate(texts)
        ]
        folder = f"reports/q{start}/v1"
        versions.append(
            SimpleNamespace(question="Q?", folder=folder, date="2026-01-01", claims=claims, is_draft=False, papers={"p": "Paper"})
        )
    return SimpleNamespace(versions=tuple(versions), standing=tuple(versions), tags=())


def test_fifty_thousand_claims_stay_in_small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a reader fetches first and for a word stays small, and the time of writing grows with the claims and not with their square."""
    monkeypatch.setattr(index, "GRADE_LETTERS", {"verified": "v"})
    monkeypatch.setattr(index, "_report", lambda _: [])
    took = []
    for count in (10_000, 50_000):
        desk_ = many(count)
        begun = time.process_time()
        files = dict(index.shards(cast("Desk", desk_), per_shard=500))
        took.append(time.process_time() - begun)

    assert len(files["data/claims.json"]) < 400_000
    assert max(len(text) for name, text in files.items() if name != "data/claims.json") < 200_000
    assert took[1] < 5 * 2.0 * took[0] + 1.0


@given(st.text(max_size=60))
def test_words_are_folded_alike_on_both_sides(text: str) -> None:
    """What a word is does not depend on case or composition of its letters, so a query can find it."""
    found = index.words(text)
    assert found == index.words(unicodedata.normalize("NFD", text))
    assert all(
        word and not any(unicodedata.category(letter).startswith("M") for letter in unicodedata.normalize("NFKD", word)) for word in found
    )


@given(st.text(min_size=1, max_size=10), st.sampled_from([1, 2, 64, 128]))
def test_a_beginning_is_in_the_same_file(word: str, files: int) -> None:
    """A word and its beginning of two letters or more are kept in one file."""
    assert 0 <= index.word_file(word, files) < files
    assert index.word_file(word, files) == index.word_file(word[:2], files)


def texts() -> Iterator[str]:
    """Yield texts of many scripts for the comparison of both sides."""
    yield from (
        "Café ÜBER naïve",
        "68.9 % of 1,000",
        "在四个数据集上,稀疏模型",
        "모델의 정확도",
        "Ψηλός Αλέξανδρος",
        "ما مدى كفاءة",
        "ﬁne ligature",
        "x² ½ Ⅳ",
        "ΣΊΣΥΦΟΣ",
        "İstanbul",
        "a_b c-d",
        "हिन्दी भाषा",
    )


def test_the_script_cuts_words_as_the_builder_does(chromium: Browser) -> None:
    """The page's words() gives the very words that the builder wrote, whatever the script."""
    source = (Path(index.__file__).parent.parent / "templates/site/theme/assets/desk/claims.js").read_text(encoding="utf-8")
    start = source.index("  const WIDE =")
    functions = source[start : source.index("  /* How many of the words")]
    page = chromium.new_page()
    try:
        for text in texts():
            cut = page.evaluate(
                f"(text) => {{ const data = {{ word_files: 128 }}; {functions}; return words(text).map((w) => [w, wordFile(w)]); }}",
                text,
            )
            assert dict(cut) == {word: index.word_file(word, 128) for word in index.words(text)}, text
    finally:
        page.close()
