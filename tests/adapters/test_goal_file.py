"""Goal files: what is read, what is refused and where, and that editors are told the same."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sovereign.adapters import goal_file
from sovereign.adapters.goal_file.keys import GoalKeys
from sovereign.errors import GoalError
from sovereign.model import Engine, Goal, Policy

ROOT = Path(__file__).resolve().parents[2]
Q = "question: Does it work at all?\n"


def problems(text: str | bytes, name: str = "goals/a-goal.yaml") -> list[tuple[int, int, str]]:
    """Give line, column and key of every problem; none for a good file."""
    data = text.encode() if isinstance(text, str) else text
    try:
        goal_file.parse(name, data)
    except GoalError as error:
        return [(problem.line, problem.column, problem.key) for problem in error.problems]
    return []


def test_every_key_is_read() -> None:
    """A file that uses every key becomes the goal that it says."""
    text = Q + (
        "queries: ['all:moe']\nkeywords: [mixture of experts]\nsources: [arxiv, folder]\ncategories: [cs.CV, quant-ph, physics.soc-ph]\n"
        "since: 2024-01-31\nuntil: '2025-01-31'\nmax_papers: 30\nengine: local\n"
        "model: nim/llama-3.1\npolicy: {min_claims: 5, min_verified: 1}\n"
        "reviewers: [octo-cat]\ntags: [vision]\n"
    )
    expected = Goal(
        slug="a-goal",
        question="Does it work at all?",
        queries=("all:moe",),
        keywords=("mixture of experts",),
        sources=("arxiv", "folder"),
        categories=("cs.CV", "quant-ph", "physics.soc-ph"),
        since=date(2024, 1, 31),
        until=date(2025, 1, 31),
        max_papers=30,
        engine=Engine.LOCAL,
        model="nim/llama-3.1",
        policy=Policy(min_claims=5, min_verified=1),
        reviewers=("octo-cat",),
        tags=("vision",),
    )

    assert goal_file.parse("goals/a-goal.yaml", text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [(1, 1, "question")], id="empty file"),
        pytest.param("# only a comment\n", [(1, 1, "question")], id="only a comment"),
        pytest.param("question:\n", [(1, 10, "question")], id="no value"),
        pytest.param("question: ''\n", [(1, 11, "question")], id="empty text"),
        pytest.param("question: 2024\n", [(1, 11, "question")], id="a number for a text"),
        pytest.param("question: true\n", [(1, 11, "question")], id="a truth value for a text"),
        pytest.param("question: [a question in a list]\n", [(1, 11, "question")], id="a list for a text"),
        pytest.param(f"question: {'x' * 1001}\n", [(1, 11, "question")], id="over-long text"),
        pytest.param(f"question: {'x' * 10_000}\n", [(1, 11, "question")], id="ten thousand characters"),
        pytest.param('question: "Does it \\e[31mwork?"\n', [(1, 11, "question")], id="terminal escape"),
        pytest.param('question: "Does it \\u202Ework?"\n', [(1, 11, "question")], id="bidirectional override"),
        pytest.param('question: "Does it \\u200Bwork?"\n', [(1, 11, "question")], id="zero-width space"),
        pytest.param(Q + "qeries: []\n", [(2, 1, "'qeries'")], id="unknown key"),
        pytest.param(Q + "? [a, b]\n: c\n", [(2, 3, "''")], id="a list as a key"),
        pytest.param(Q + Q, [(2, 1, "question")], id="duplicate key"),
        pytest.param(Q + "keywords: [ab, cd, ab]\n", [(2, 20, "keywords[2]")], id="duplicate item"),
        pytest.param(Q + "keywords: moe\n", [(2, 11, "keywords")], id="a text for a list"),
        pytest.param(Q + f"queries: [{', '.join(f'q{i}' for i in range(11))}]\n", [(2, 10, "queries")], id="too many items"),
        pytest.param(Q + "sources: []\n", [(2, 10, "sources")], id="no source"),
        pytest.param(Q + "sources: [arxiw]\n", [(2, 11, "sources[0]")], id="unknown source"),
        pytest.param(Q + "categories: [CS.cv]\n", [(2, 14, "categories[0]")], id="no category"),
        pytest.param(Q + "since: 2024-02-30\n", [(2, 8, "since")], id="no such day"),
        pytest.param(Q + "since: yesterday\n", [(2, 8, "since")], id="no date"),
        pytest.param(Q + "since: 2024-01-02\nuntil: 2024-01-01\n", [(3, 8, "until")], id="ends before it begins"),
        pytest.param(Q + "max_papers: 0\n", [(2, 13, "max_papers")], id="too few papers"),
        pytest.param(Q + "max_papers: 101\n", [(2, 13, "max_papers")], id="too many papers"),
        pytest.param(Q + "max_papers: 1.5\n", [(2, 13, "max_papers")], id="no whole number"),
        pytest.param(Q + "max_papers: '5'\n", [(2, 13, "max_papers")], id="a quoted number"),
        pytest.param(Q + f"max_papers: {'9' * 6000}\n", [(2, 13, "max_papers")], id="a number of 6,000 digits"),
        pytest.param(Q + "policy: {min_score: .nan}\n", [(2, 21, "policy.min_score")], id="not a number"),
        pytest.param(Q + "policy: {min_score: 1e99}\n", [(2, 21, "policy.min_score")], id="out of range"),
        pytest.param(Q + "policy: {allow_rubric_approval: yes}\n", [(2, 33, "policy.allow_rubric_approval")], id="yes is a word"),
        pytest.param(Q + "policy: strict\n", [(2, 9, "policy")], id="a text for keys"),
        pytest.param(Q + "reviewers: ['@octocat', a--b]\n", [(2, 13, "reviewers[0]"), (2, 25, "reviewers[1]")], id="no handles"),
        pytest.param(Q + "tags: [Vision]\n", [(2, 8, "tags[0]")], id="no tag"),
        pytest.param(Q + "engine: lokal\nmodel: '../x'\n", [(2, 9, "engine"), (3, 8, "model")], id="two at once"),
        pytest.param("- question\n", [(1, 1, "")], id="a list as the file"),
        pytest.param("question: a: b\n", [(1, 12, "")], id="no YAML"),
        pytest.param(Q + "\tx: y\n", [(2, 1, "")], id="a tab"),
        pytest.param("--- {}\n--- {}\n", [(2, 1, "")], id="two documents"),
        pytest.param("question: &a What is it now?\n", [(1, 11, "")], id="anchor"),
        pytest.param("question: *a\n", [(1, 11, "")], id="alias"),
        pytest.param("question: !!python/object/apply:os.system [id]\n", [(1, 11, "")], id="tag"),
        pytest.param("question: " + "[" * 60_000, [(1, 14, "")], id="60,000 levels"),
        pytest.param("question: " + "{a: " * 10_000, [(1, 20, "")], id="10,000 mappings"),
        pytest.param("question: |\n" + " x\n" * 40_000, [(1, 1, "")], id="over 64 kB"),
        pytest.param(b"question: \xff\xfe\n", [(1, 11, "")], id="not UTF-8"),
        pytest.param(b"question: x\0y\n", [(1, 1, "")], id="a zero byte"),
        pytest.param(bytes(range(256)), [(2, 118, "")], id="binary"),
        pytest.param('question: "\\ud800 is half a letter"\n', [(1, 14, "")], id="surrogate"),
    ],
)
def test_problem_is_found_at_its_place(text: str | bytes, expected: list[tuple[int, int, str]]) -> None:
    """Each fault is told with its line, column and key, and no other with it."""
    assert problems(text) == expected


def test_alias_bomb_is_refused_before_it_grows() -> None:
    """Ten levels of ten aliases each would be ten thousand million texts."""
    levels = "".join(f"a{n}: &a{n} [{', '.join(f'*a{n - 1}' for _ in range(10)) if n else 'x'}]\n" for n in range(10))

    assert problems(levels) == [(1, 5, "")]


@pytest.mark.parametrize(
    "name",
    [
        "A.yaml",
        "a_b.yaml",
        "a--b.yaml",
        "-a.yaml",
        "$(touch x).yaml",
        "a.yml",
        "a b.yaml",
        "a" * 81 + ".yaml",
        "a\n.yaml",
        ".yaml",
        "à.yaml",
    ],
)
def test_bad_name_is_a_problem(name: str) -> None:
    """A file's name is the report's address, so it must be a slug; the content is judged all the same."""
    assert problems(Q + "max_papers: 0\n", name) == [(1, 1, "file name"), (2, 13, "max_papers")]


def test_line_breaks_in_a_question_are_folded() -> None:
    """A question is one line whatever its author wrote, so it can be no workflow command and no heading."""
    goal = goal_file.parse("a.yaml", b'question: "Does it\\n::set-output name=x::y\\r\\nwork?"')

    assert goal.question == "Does it ::set-output name=x::y work?"


def test_messages_name_the_remedy() -> None:
    """A near miss is answered with the word that was meant."""
    with pytest.raises(GoalError, match="unknown key; did you mean queries") as caught:
        goal_file.parse("a.yaml", (Q + "qeries: []\nsources: [arxiw]\n").encode())

    assert "did you mean arxiv?" in str(caught.value)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("max_papers: 0", "expected a whole number 1..100, got 0"),
        ("max_papers:", "expected a whole number 1..100, got nothing"),
        ("policy: {min_verified: high}", "expected a number 0..1, got high"),
        ("policy: strict", "expected keys with values, got strict"),
        ("policy: {allow_rubric_approval: yes}", "expected true or false, got yes"),
        ("since: 2024-02-30", "expected a date such as 2024-01-31, got 2024-02-30: day is out of range for month"),
        ("since: yesterday", "expected a date such as 2024-01-31, got yesterday"),
        ("keywords: moe", "expected a list of at most 30, each a phrase, got moe"),
        ("sources: []", "expected a list of 1 to 4, each arxiv or openalex or crossref or folder, got 0 items"),
        ("tags: [12]", "expected a tag of small letters, digits and hyphens, got 12; put it in quotes if it is meant as a text"),
        (f"keywords: [{'1, ' * 9_000}]", "expected a list of at most 30, each a phrase, got 9,000 items"),
        ("keywords: [x]", "expected 2 to 100 characters, got 1"),
        ("keywords: [ab, 'ab ']", "'ab ' stands here twice"),
        ('model: "a\\u200Bb"', "expected readable characters, got U+200B (ZERO WIDTH SPACE)"),
    ],
)
def test_a_fault_says_what_was_expected_and_what_came(line: str, said: str) -> None:
    """Every kind of value is told in words; what an editor underlines has the same bounds."""
    with pytest.raises(GoalError) as caught:
        goal_file.parse("a.yaml", f"{Q}{line}\n".encode())

    assert [problem.message for problem in caught.value.problems] == [said]


def test_load_refuses_what_is_no_file(tmp_path: Path) -> None:
    """A folder, a link, a pipe and nothing at all are told apart, and a link is not followed."""
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "link.yaml").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.yaml")
    words = {"folder": "got a folder", "link": "got a link", "pipe": "got a device", "missing": "cannot be read"}

    for name, word in words.items():
        with pytest.raises(GoalError, match=word):
            goal_file.load(tmp_path / f"{name}.yaml")


def test_load_reads_no_more_than_the_bound(tmp_path: Path) -> None:
    """A file of 100 MB costs no more than 64 kB."""
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(100_000_000)

    with pytest.raises(GoalError, match="at most 65,536 bytes"):
        goal_file.load(path)


def test_our_goals_are_sound() -> None:
    """The five goals of this desk pass their own check, and their schema."""
    judge = jsonschema.Draft202012Validator(goal_file.schema())
    paths = goal_file.goal_paths(ROOT / "goals")

    assert len(paths) >= 5
    for path in paths:
        assert goal_file.load(path).slug == path.stem
        judge.validate(yaml.safe_load(path.read_text(encoding="utf-8")))


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp"]), min_size=10, max_size=60
).filter(lambda text: len(" ".join(text.split())) >= 10)
GOALS = st.builds(
    Goal,
    slug=st.just("a-goal"),
    question=TEXTS.map(lambda text: " ".join(text.split())),
    keywords=st.lists(
        st.sampled_from(["12", "true", "null", "~", "a: b", "- x", "#no", "'q'", "MoE ↔ x"]).filter(lambda w: len(w) > 1), unique=True
    ).map(tuple),
    since=st.none() | st.dates(date(1991, 1, 1), date(2020, 1, 1)),
    until=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    max_papers=st.integers(1, 100),
    engine=st.none() | st.sampled_from(Engine),
    policy=st.builds(Policy, min_verified=st.floats(0, 1).map(lambda share: round(share, 3)), allow_rubric_approval=st.booleans()),
)


@given(GOALS)
def test_dump_and_parse_are_inverse(goal: Goal) -> None:
    """What is written is read back the same, its hash included."""
    again = goal_file.parse("goals/a-goal.yaml", goal_file.dump(goal).encode())

    assert again == goal
    assert again.sha256 == goal.sha256
    assert replace(again, tags=("x",), reviewers=("y",)).sha256 == goal.sha256


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 200)
    | st.floats(-1, 20, allow_nan=False).map(lambda x: round(x, 3))
    | st.sampled_from(["local", "arxiv", "cs.CV", "word", "", "2024-01-01", "A question of some length?", "x" * 1001, "a--b", "Ä"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["min_score", "min_claims", "other"]), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from([*GoalKeys.__annotations__, "polcy"]), VALUES, max_size=5))
def test_schema_and_checker_agree(data: dict[str, object]) -> None:
    """Whatever the checker refuses an editor underlines, and the other way round (written as JSON, which is YAML)."""
    by_schema = [error.json_path for error in jsonschema.Draft202012Validator(goal_file.schema()).iter_errors(data)]
    by_checker = [key for _, _, key in problems(json.dumps(data, ensure_ascii=False))]

    assert bool(by_schema) == bool(by_checker), (by_schema, by_checker)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_a_goal_or_problems(data: bytes) -> None:
    """No content of a file is a bug of ours."""
    found = problems(data)

    assert all(line >= 1 and column >= 1 for line, column, _ in found)
