"""The answer in a terminal: complete, folded, in words, and no paper's words steer the terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from sovereign.exports import glossary
from sovereign.exports.terminal import MIN_WIDTH_CHARS, answer_lines
from sovereign.model import AnswerKind, Fate, Gap, GapKind, KeyFinding, Stage
from sovereign.steps import policy
from standins import answers, reports


def test_the_answer_comes_first() -> None:
    """Question, answer, strength, findings with quote and place, doubts, why it waits, and what to do next."""
    lines = answer_lines(answers.report(AnswerKind.EFFECT), 100)
    told = "\n".join(lines)

    assert lines[0] == "How does wax change the time that paper boats stay afloat, in wind and in salt water?"
    assert lines[2] == "  It lengthens it: by 31 minutes in wind of 4 m/s, by 12 minutes in salt water."
    assert lines[3] == "  It rests on three papers, and one paper says otherwise. 2 of 4 findings are confirmed by a second"
    assert "    Quill et al. 2021 [1], 4.2 Lakes in wind, page 5: C1, corroborated ✓" in lines
    assert "    Ostrow et al. 2024 [4], 5 Discussion: C4, disputed" in lines
    assert "  - nothing was found on: varnish" in lines
    assert "It waits for its owner, because\n  - another paper says otherwise about a finding (2 claim" in told
    assert lines[-1].startswith("next: sovereign new ")


@pytest.mark.parametrize("kind", AnswerKind)
@pytest.mark.parametrize("width", [10, 40, 80, 300])
def test_any_answer_fits_any_terminal(kind: AnswerKind, width: int) -> None:
    """No line is longer than the terminal (but the command, which is copied whole), and no word of the quotes is lost."""
    report = answers.report(kind)
    lines = answer_lines(report, width, next_step="sovereign site serve")

    assert max(len(line) for line in lines) <= max(MIN_WIDTH_CHARS, min(width, 100))
    assert report.draft.answer.headline in " ".join(" ".join(lines).split())
    for key in report.draft.answer.findings:
        quote = next(claim.quote.text for claim in report.draft.claims if claim.id == key.claims[0])
        assert quote in " ".join(" ".join(lines).split())
    assert lines[-1] == "next: sovereign site serve"


def test_where_nothing_answers_it_says_so() -> None:
    """An answer that is none is told as that, with the parts that nothing was found for."""
    told = " ".join(answer_lines(answers.report(AnswerKind.NOT_ANSWERED), 100))

    assert "The papers read here do not answer the question." in told
    assert "nothing was found on: a year; varnish" in told
    assert "What the papers say" not in told


def test_what_comes_nearest_is_no_answer() -> None:
    """Where the papers do not answer, what they do say is told as that."""
    base = answers.report(AnswerKind.NOT_ANSWERED)
    near = replace(base.draft.answer, findings=answers.answer(AnswerKind.LIST).findings)
    told = " ".join(answer_lines(replace(base, draft=replace(base.draft, answer=near)), 100))

    assert "What the papers say that comes nearest" in told
    assert "agree" not in told
    assert "rests on" not in told


def test_foreign_words_are_words() -> None:
    """Escape sequences of a paper, a question or a rule are written out, never sent."""
    bad = "\x1b[2J\x1b]0;owned\x07 \u202ereversed\nline"
    report = answers.report()
    claims = (replace(report.draft.claims[0], text=bad, quote=replace(report.draft.claims[0].quote, text=bad, end=1000 + len(bad))),)
    answer = replace(report.draft.answer, headline=bad, claims=(), facets=(), findings=(KeyFinding(bad, (claims[0].id,)),))
    evidence = (replace(report.draft.evidence[0], claim=claims[0].id, witnesses=()),)
    draft = replace(report.draft, abstract=(), findings=(), claims=claims, evidence=evidence, contradictions=(), answer=answer)
    lines = answer_lines(replace(report, draft=draft, goal=replace(report.goal, question=bad)), 80)

    assert not [line for line in lines if re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line)]


def test_an_approved_report_waits_for_nobody() -> None:
    """What every rule let through says so, and names no reason."""
    told = " ".join(answer_lines(reports.approved_report(), 100))

    assert "Every rule of this desk held" in told
    assert "waits" not in told


def test_every_rule_has_words_for_people() -> None:
    """No rule of the policy reaches a reader by its name alone, whether it held or not."""
    names = {rule.__name__.replace("_", "-") for rule in policy.RULES}

    assert names <= set(glossary.WAITS)
    assert names <= set(glossary.HOLDS)
    assert not [words for words in (*glossary.WAITS.values(), *glossary.HOLDS.values()) if "_" in words or words[0].isupper()]


def test_what_could_not_be_read_is_told() -> None:
    """A damaged file is named, once, though two steps met it; a long list is cut with its count; nobody has to look for a missing file."""
    base = answers.report()
    gaps = [Gap("search", "boats/torn.pdf", "it cannot be opened", GapKind.UNREADABLE)]
    gaps += [Gap("read", "file:1", "its pdf form could not be read", GapKind.UNREADABLE), Gap("read", "file:2", "no year", GapKind.MISSING)]
    gaps += [Gap("read", f"file:{n}", "the paper is a scan", GapKind.UNREADABLE) for n in range(3, 11)]
    fates = (*base.fates, Fate("file:1", "boats/torn", Stage.NOT_RETRIEVED, "r"), Fate("file:3", "Old boats", Stage.NOT_RETRIEVED, "r"))
    lines = answer_lines(replace(base, gaps=tuple(gaps), fates=fates), 100)
    told = lines[lines.index("What could not be read") :]

    assert told[1] == "  - boats/torn.pdf: it cannot be opened"
    assert told[2] == "  - “Old boats”: the paper is a scan"
    assert told[7] == "  - and 3 more, which the report tells under Uncertainties"
    assert not [line for line in told if "file:1" in line.split(":")[0] or "no year" in line]
    assert "What could not be read" not in answer_lines(base, 100)
