"""Papers are asked for, merged, ranked and chosen without losing one: whatever is not read has a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sovereign.errors import SourceError
from sovereign.model import Event, Gap, GapKind, Goal, Hit, Paper, PaperStatus, Query, Stage
from sovereign.ports import Found, PaperSource, Tell, Vectors, tell_nobody
from sovereign.steps import search


class Shelf:
    """A source that gives the same to every query, or fails."""

    def __init__(self, name: str, found: Found | SourceError) -> None:
        self.name = name
        self._found = found

    def search(self, queries: Sequence[Query], *, limit: int, tell: Tell = tell_nobody) -> tuple[Found, ...]:
        """Give the same answer to each query."""
        tell(Event("search", self.name))
        if isinstance(self._found, SourceError):
            raise self._found
        return tuple(self._found for _ in queries)


class Letters:
    """An embedder that counts letters; enough to tell texts apart, the same everywhere."""

    name = "letters"
    dimension = 26

    def embed(self, texts: Sequence[str], *, kind: Literal["query", "passage"]) -> Vectors:
        """Count letters."""
        rows = np.array([[text.casefold().count(chr(97 + at)) for at in range(26)] for text in texts], dtype=np.float32).reshape(-1, 26)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), dtype=np.float32)


QUERY = Query("q1", raw="x")


def paper(number: str = "2401.00001v1", **changes: Any) -> Paper:
    """Make a paper; every field but the given ones is plain."""
    made = Paper(f"arxiv:{number}", "Routing tokens to experts", ("Ada Lovelace",), "We route tokens.", arxiv_id=number)
    return replace(made, **changes)


def sources(*shelves: Shelf) -> Mapping[str, PaperSource]:
    """Give sources by name."""
    return {shelf.name: shelf for shelf in shelves}


# --- gather


def test_answers_come_by_source_then_query() -> None:
    """The order does not depend on which source answers first."""
    one, two = Found((paper("2401.00001v1"),)), Found((paper("2402.00002v1"),))

    found = search.gather((QUERY, Query("q2", raw="y")), sources(Shelf("arxiv", one), Shelf("openalex", two)), limit=5)

    assert found == (one, one, two, two)


def test_one_source_down_is_a_gap() -> None:
    """Another source's papers are used, and the reader is told."""
    good = Found((paper(),))

    found = search.gather((QUERY,), sources(Shelf("arxiv", SourceError("no route")), Shelf("openalex", good)), limit=5)

    assert found == (Found(gaps=(Gap("search", "arxiv", "no route", GapKind.REFUSED),)), good)


@pytest.mark.parametrize("kind", [GapKind.TIMED_OUT, GapKind.REFUSED, GapKind.MISSING, GapKind.UNREADABLE, GapKind.LIMIT])
def test_silence_is_not_absence(kind: GapKind) -> None:
    """Too many requests, a refused key or an outage must never read as "no papers"."""
    failed = Found(gaps=(Gap("search", "q1", "HTTP 429", kind),))

    with pytest.raises(SourceError, match="HTTP 429"):
        search.gather((QUERY,), sources(Shelf("arxiv", failed), Shelf("openalex", Found())), limit=5)


def test_nothing_found_is_no_error() -> None:
    """Where every source answered and none knows a paper, that is the answer."""
    assert search.gather((QUERY,), sources(Shelf("arxiv", Found())), limit=5) == (Found(),)


# --- fuse


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(paper("2401.00001v1"), paper("2401.00001v3"), id="versions"),
        pytest.param(paper(), Paper("doi:10.48550/arxiv.2401.00001", "Other title", doi="10.48550/arxiv.2401.00001"), id="arXiv's own DOI"),
        pytest.param(paper(doi="10.1000/x"), Paper("doi:10.1000/X", "Other title", doi="10.1000/X"), id="DOI"),
        pytest.param(paper(), Paper("openalex:W1", "Routing Tokens, to Experts!", ("A. Lovelace",)), id="title and surname"),
        pytest.param(paper(), Paper("openalex:W1", "Routing tokens to experts", ("Lovelace, Ada",)), id="surname first"),
    ],
)
def test_one_work_is_one_paper(one: Paper, two: Paper) -> None:
    """Found twice under different names, it is counted once and the other record has a fate."""
    one, two = replace(one, hits=(Hit("arxiv", "q1", 1),)), replace(two, hits=(Hit("openalex", "q1", 4),))

    fused = search.fuse((Found((one,)), Found((two,))))

    assert [p.hits for p in fused.papers] == [(Hit("arxiv", "q1", 1), Hit("openalex", "q1", 4))]
    assert [(f.paper, f.stage) for f in fused.fates] == [(two.id if fused.papers[0].id == one.id else one.id, Stage.DUPLICATE)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(paper(), paper("2401.00002v1", authors=("Bo Other",)), id="same title, other author"),
        pytest.param(Paper("file:1", "Appendix"), Paper("file:2", "Appendix"), id="a title that says nothing"),
        pytest.param(Paper("file:1", ""), Paper("file:2", ""), id="no title"),
    ],
)
def test_different_works_stay_apart(one: Paper, two: Paper) -> None:
    """Merging two works would hide one of them."""
    assert len(search.fuse((Found((one, two)),)).papers) == 2


def test_merging_keeps_the_best_of_each() -> None:
    """Newest version, earliest date, missing fields from the other record, and a retraction wherever it was seen."""
    old = paper("2401.00001v1", published=date(2024, 1, 2), updated=date(2024, 1, 2), venue="ICLR 2024")
    new = paper("2401.00001v2", published=date(2024, 1, 2), updated=date(2024, 5, 5), abstract="")
    index = Paper(
        "openalex:W1",
        "Routing tokens to experts",
        ("Ada Lovelace", "Bo Second"),
        published=date(2024, 3, 1),
        doi="10.1/a",
        arxiv_id="2401.00001",
        status=PaperStatus.RETRACTED,
        status_note="OpenAlex marks it as retracted",
    )

    (merged,) = search.fuse((Found((old,)), Found((index,)), Found((new,)))).papers

    assert (merged.arxiv_id, merged.doi, merged.venue, merged.abstract) == ("2401.00001v2", "10.1/a", "ICLR 2024", "We route tokens.")
    assert (merged.published, merged.updated) == (date(2024, 1, 2), date(2024, 5, 5))
    assert merged.status is PaperStatus.RETRACTED


def test_chains_of_sameness_are_one_work() -> None:
    """A is B by DOI and B is C by arXiv number: one work, whatever the order."""
    a = Paper("doi:10.1/a", "Alpha beta gamma delta", doi="10.1/a")
    b = Paper("openalex:W2", "Something else entirely", doi="10.1/a", arxiv_id="2401.00001")
    c = paper("2401.00001v1")

    for order in ((a, b, c), (a, c, b), (c, a, b)):
        assert len(search.fuse((Found(order),)).papers) == 1


def test_agreement_between_searches_goes_first() -> None:
    """Second in two searches beats first in one; Cormack et al. 2009."""
    top, both = paper("2401.00001v1", title="On top of one list only"), paper("2401.00002v1", title="In the middle of both lists")
    first = Found((replace(top, hits=(Hit("arxiv", "q1", 1),)), replace(both, hits=(Hit("arxiv", "q1", 2),))))
    second = Found((replace(both, hits=(Hit("arxiv", "q2", 2),)),))

    assert [p.id for p in search.fuse((first, second)).papers] == [both.id, top.id]


NUMBERS = st.sampled_from([f"24{month:02d}.{n:05d}v{v}" for month in (1, 2) for n in (1, 2, 3) for v in (1, 2)])
RECORDS = st.lists(
    st.builds(
        lambda number, doi, rank: paper(number, title=f"Title of number {number[:10]}", doi=doi, hits=(Hit("arxiv", "q1", rank),)),
        NUMBERS,
        st.sampled_from(["", "10.1/a", "10.1/b"]),
        st.integers(1, 50),
    ),
    max_size=12,
)


@given(RECORDS)
@settings(max_examples=60, deadline=None)
def test_no_record_is_lost(records: list[Paper]) -> None:
    """Papers and fates together are as many as the records, every hit is kept, and fusing again changes nothing."""
    fused = search.fuse((Found(tuple(records)),))

    assert len(fused.papers) + len(fused.fates) == len(records)
    assert {hit for p in fused.papers for hit in p.hits} == {hit for p in records for hit in p.hits}
    assert search.fuse((Found(fused.papers),)).papers == fused.papers


# --- rank


QUESTION = "Do sparse mixture-of-experts models route visual tokens better?"


def test_the_paper_about_the_question_goes_first() -> None:
    """Wording in the title counts, synonyms and abbreviations count, and another field's paper goes last."""
    about = paper("2401.00001v1", title="MoE routing of image tokens", abstract="Sparse MoE layers route visual tokens.")
    near = paper("2401.00002v1", title="A vision transformer", abstract="Visual tokens are attended to.")
    far = paper("2401.00003v1", title="Soil moisture in the Alps", abstract="We measured wet ground.")

    ranked = search.rank(QUESTION, (far, near, about), Letters())

    assert [p.id for p, _ in ranked] == [about.id, near.id, far.id]
    assert all(0 <= score <= 1 for _, score in ranked)


def test_abbreviation_finds_the_long_form() -> None:
    """A question about RLHF finds the paper that writes it out."""
    long = ("Reinforcement learning from human feedback, revisited", "")
    other = ("Reinforcement of concrete beams", "")

    scores = search.lexical("Does RLHF work?", [other, long])

    assert scores[1] > 2 * scores[0]


def test_score_does_not_depend_on_company() -> None:
    """A lone paper is ranked by the background's rarity of words, not to zero."""
    alone = search.lexical(QUESTION, [("Mixture of experts for visual tokens", "")])

    assert alone[0] > 0.2


@pytest.mark.parametrize("question", ["", "the of and", "???"])
def test_a_question_without_words_ranks_nothing_up(question: str) -> None:
    """No division by zero, no score out of nothing."""
    assert search.lexical(question, [("A title", "An abstract.")]).tolist() == [0.0]


def test_equals_keep_their_order() -> None:
    """Ties go to the better fused rank, so that reruns agree."""
    twins = tuple(paper(f"2401.0000{n}v1") for n in range(1, 5))

    assert [p for p, _ in search.rank(QUESTION, twins, Letters())] == list(twins)
    assert search.rank(QUESTION, (), Letters()) == ()


# --- screen


@pytest.mark.parametrize(
    ("changes", "score", "stage", "reason"),
    [
        pytest.param(
            {"status": PaperStatus.WITHDRAWN, "status_note": "withdrawn by the authors"},
            0.9,
            Stage.EXCLUDED,
            "withdrawn by",
            id="withdrawn",
        ),
        pytest.param({"status": PaperStatus.RETRACTED}, 0.9, Stage.EXCLUDED, "retracted", id="retracted"),
        pytest.param({"published": date(2022, 12, 31)}, 0.9, Stage.SCREENED_OUT, "before 2023-01-01", id="too old"),
        pytest.param({"published": date(2026, 1, 1)}, 0.9, Stage.SCREENED_OUT, "after 2025-12-31", id="too new"),
        pytest.param({"categories": ("math.AG",)}, 0.9, Stage.SCREENED_OUT, "none of the categories", id="other field"),
        pytest.param({}, 0.01, Stage.SCREENED_OUT, "under", id="beside the point"),
    ],
)
def test_reasons_against(changes: dict[str, Any], score: float, stage: Stage, reason: str) -> None:
    """Each bound of the goal names itself."""
    goal = Goal("a", QUESTION, categories=("cs",), since=date(2023, 1, 1), until=date(2025, 12, 31))

    screened = search.screen(goal, ((paper(**changes), score),))

    assert not screened.chosen
    assert [(fate.stage, reason in fate.reason, fate.score) for fate in screened.fates] == [(stage, True, score)]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"published": date(2023, 1, 1)}, id="first day"),
        pytest.param({"published": date(2025, 12, 31)}, id="last day"),
        pytest.param({"published": None}, id="no date"),
        pytest.param({"categories": ("math.AG", "cs.CV")}, id="second category"),
        pytest.param({"categories": ()}, id="no category"),
    ],
)
def test_bounds_are_inclusive_and_unknown_is_kept(changes: dict[str, Any]) -> None:
    """A paper is left out for what is known of it, not for what is unknown."""
    goal = Goal("a", QUESTION, categories=("cs",), since=date(2023, 1, 1), until=date(2025, 12, 31))

    assert search.screen(goal, ((paper(**changes), 0.9),)).chosen


def test_a_given_paper_is_read_whatever_its_score() -> None:
    """Somebody put it into the folder; only the limit on papers can keep it out."""
    assert search.screen(Goal("a", QUESTION), ((paper(location="a.pdf"), 0.0),)).chosen


def test_the_limit_leaves_spares() -> None:
    """What only the limit kept out may be read in a revision; a withdrawn paper may not."""
    ranked = [(paper(f"2401.0000{n}v1"), 1 - n / 10) for n in range(1, 5)]
    ranked[2] = (replace(ranked[2][0], status=PaperStatus.WITHDRAWN), ranked[2][1])

    screened = search.screen(Goal("a", QUESTION, max_papers=1), ranked)

    assert [p.arxiv_id for p in screened.chosen] == ["2401.00001v1"]
    assert [p.arxiv_id for p in screened.spare] == ["2401.00002v1", "2401.00004v1"]
    assert len(screened.fates) == 3


@pytest.mark.parametrize("limit", [1, 3, 12])
def test_everyone_has_a_place(limit: int) -> None:
    """Chosen and fates together are all that was ranked."""
    ranked = [(paper(f"2401.0000{n}v1"), n / 10) for n in range(9)]

    screened = search.screen(Goal("a", QUESTION, max_papers=limit), ranked)

    assert len(screened.chosen) + len(screened.fates) == len(ranked)
