"""A desk full of reports for the site's tests: at least twelve kinds, made by the real composer from invented papers.

Run as a program it writes the desk into a folder: `python -m standins.desk FOLDER [N]`, N for a desk of N equal reports.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from sovereign.exports.pages import compose
from sovereign.model import (
    AnswerKind,
    CitedSentence,
    Claim,
    Contradiction,
    Decision,
    Draft,
    Engine,
    Evidence,
    Finding,
    Goal,
    JudgeRole,
    Outcome,
    Paper,
    Passage,
    Probabilities,
    Report,
    Review,
    Role,
    Ruling,
    Stance,
    Tribunal,
    Verdict,
    Witness,
)
from sovereign.site.facts import Approval, Way
from standins import answers
from standins import reports as fakes

MKDOCS = """\
site_name: Test desk
site_url: https://desk.example/lab/
site_description: Invented reports for the site's tests.
repo_url: https://github.com/example/lab
docs_dir: site
site_dir: _site
strict: true
theme:
  name: material
plugins:
  - search
  - sovereign
"""

DRAFTS = ("sparse-experts", "rejected", "abstained", "nothing-found", "hostile-text", "waxed-boats", "boats-not-answered")
_VERDICTS = (
    (Verdict.SUPPORTED, (0.93, 0.05, 0.02)),
    (Verdict.SUPPORTED, (0.88, 0.08, 0.04)),
    (Verdict.INSUFFICIENT, (0.4, 0.5, 0.1)),
    (Verdict.SUPPORTED, (0.85, 0.1, 0.05)),
    (Verdict.REFUTED, (0.05, 0.15, 0.8)),
)
_SUBJECTS = (
    "soil moisture",
    "sleep loss",
    "expert routing",
    "bridge fatigue",
    "lake acidity",
    "vaccine uptake",
    "speech rate",
    "grain yield",
)
_EFFECTS = ("rises by", "falls by", "varies within", "stays within", "doubles after", "halves after")


def claims(number: int, papers: Sequence[Paper], *, seed: int = 0) -> Iterator[tuple[Claim, Evidence]]:
    """Yield so many invented claims with their evidence, spread over the papers."""
    for at in range(number):
        paper = papers[at % len(papers)]
        subject, effect = _SUBJECTS[(at + seed) % len(_SUBJECTS)], _EFFECTS[(at * 5 + seed) % len(_EFFECTS)]
        words = f"In trial {seed}-{at}, {subject} {effect} {3 + (at * 7 + seed) % 90}.{at % 10}% over {2 + at % 30} weeks of measured use."
        quote = Passage(paper.id, 400 * at + 11, 400 * at + 11 + len(words), words, section="4 Results", role=Role.RESULTS)
        verdict, odds = _VERDICTS[(at + seed) % len(_VERDICTS)]
        stance = Stance.REFUTES if verdict is Verdict.REFUTED else Stance.SUPPORTS if verdict is Verdict.SUPPORTED else Stance.SILENT
        claim = Claim(words, quote, "a" * 64, relevance=0.6)
        probabilities = Probabilities(*odds)
        witness = Witness(quote, stance, probabilities, own=True)
        yield claim, Evidence(claim.id, verdict, odds[0], probabilities, (witness,), (), 0.31, "cascade/1")


def report(
    slug: str,
    question: str,
    day: date,
    *,
    number: int = 12,
    seed: int = 0,
    papers: Sequence[Paper] = fakes.PAPERS[:1],
    tags: tuple[str, ...] = (),
) -> Report:
    """Give a report with so many claims."""
    pairs = list(claims(number, papers, seed=seed))
    borne = [claim for claim, evidence in pairs if evidence.verdict is Verdict.SUPPORTED]
    draft = Draft(
        abstract=tuple(CitedSentence(f"{claim.text[:-1]}, as one paper reports.", (claim.id,)) for claim in borne[:2]),
        findings=(Finding("What was measured", tuple(CitedSentence(claim.text, (claim.id,)) for claim in borne)),),
        claims=tuple(claim for claim, _ in pairs),
        evidence=tuple(evidence for _, evidence in pairs),
    )
    base = fakes.approved_report()
    return replace(
        base,
        goal=Goal(slug=slug, question=question, tags=tags),
        date=day,
        draft=draft,
        papers=tuple(papers),
        sources=tuple(source for source in fakes.rich_report().sources if source.paper in {paper.id for paper in papers}),
        fates=tuple(fate for fate in fakes.FATES if fate.paper in {paper.id for paper in papers}),
    )


def _renamed(report: Report, slug: str, question: str, day: date, *, tags: tuple[str, ...] = (), engine: Engine | None = None) -> Report:
    return replace(report, goal=replace(report.goal, slug=slug, question=question, tags=tags), date=day, engine=engine or report.engine)


def kinds() -> Iterator[tuple[Report, ...]]:
    """Yield the versions of each report of the demo desk: one kind each."""
    rich, small = fakes.rich_report(), fakes.approved_report()
    yield (_renamed(rich, "sparse-experts", rich.goal.question, date(2026, 1, 15), tags=("efficiency", "mixture of experts")),)
    yield (
        _renamed(small, "routing-accuracy", "Does sparse routing keep accuracy at lower compute?", date(2026, 2, 3), tags=("efficiency",)),
        _renamed(
            fakes.second_report(),
            "routing-accuracy",
            "Does sparse routing keep accuracy at lower compute?",
            date(2026, 6, 1),
            tags=("efficiency",),
        ),
    )
    yield (_renamed(fakes.bare_report(), "nothing-found", "Is there anything here?", date(2026, 1, 20)),)
    yield (report("sleep-and-memory", "How much sleep loss does memory bear?", date(2026, 5, 5), number=20, seed=1, tags=("sleep",)),)
    yield (
        report(
            "huge",
            "What follows when a question has very many claims?",
            date(2025, 11, 2),
            number=90,
            seed=2,
            papers=(fakes.PAPERS[0], fakes.PAPERS[3]),
            tags=("scale",),
        ),
    )
    yield (report("one-claim", "Is one claim enough?", date(2024, 3, 9), number=1, seed=0, tags=("scale", "édition/spéciale")),)
    word = "Pneumonoultramicroscopicsilicovolcanoconiosis" * 4
    yield (report("long-words", f"What is known of {word} in {word}?", date(2026, 4, 1), number=3, seed=3),)
    yield (
        report(
            "cjk-question", "稀疏专家模型在推理时的效率如何?", date(2026, 4, 2), number=4, seed=4, papers=(fakes.PAPERS[3],), tags=("效率",)
        ),
    )
    yield (report("arabic-question", "ما مدى كفاءة نماذج الخبراء المتفرقة؟", date(2026, 4, 3), number=4, seed=5),)
    yield (
        report(
            "maths-question",
            "Is $O(n \\log n)$ attainable when $k \\le \\sqrt{n}$ and a licence costs $5 or $10?",
            date(2026, 4, 4),
            number=4,
            seed=6,
            tags=("theory",),
        ),
    )
    yield (_renamed(rich, "hostile-text", fakes.HOSTILE, date(2026, 4, 5), tags=("<script>alert(2)</script>",)),)
    yield (
        replace(
            report("rejected", "Does lake acidity follow grain yield?", date(2026, 3, 3), number=6, seed=7),
            tribunal=Tribunal(fakes.rich_report().tribunal.hearings[:1], Outcome.REJECT, "rubric"),
            decision=Decision((Ruling("tribunal approves", passed=False, detail="5.1 of 10"),)),
        ),
    )
    yield (
        replace(
            report("abstained", "What when no judge answers?", date(2026, 3, 4), number=5, seed=8),
            tribunal=_silent_tribunal(),
            decision=Decision((Ruling("tribunal approves", passed=False, detail="no role answered"),)),
        ),
    )
    yield (
        replace(
            report(
                "with-contradiction", "Do papers disagree on bridge fatigue?", date(2026, 3, 5), number=6, seed=9, papers=fakes.PAPERS[:2]
            )
        ),
    )
    yield (replace(report("example-report", "What does a report look like?", date(2026, 3, 6), number=6, seed=10), is_example=True),)
    yield (answers.report(AnswerKind.EFFECT),)
    yield (answers.report(AnswerKind.YES, slug="boats-yes"),)
    yield (answers.report(AnswerKind.NOT_ANSWERED, slug="boats-not-answered"),)


def _silent_tribunal() -> Tribunal:
    hearing = replace(
        fakes.ROUND_1, round=0, reviews=tuple(Review(role, None, None, (), "no answer") for role in JudgeRole), consensus=None, spread=None
    )
    return Tribunal((hearing,), Outcome.REJECT, "a language model")


def _contradicted(made: Report) -> Report:
    against = Witness(
        Passage(made.papers[1].id, 7, 46, "The bridges showed no fatigue whatsoever"[:39]),
        Stance.REFUTES,
        Probabilities(0.02, 0.08, 0.9),
        own=False,
    )
    return replace(made, draft=replace(made.draft, contradictions=(Contradiction(made.draft.claims[0].id, against),)))


def write(
    root: Path,
    *,
    with_pdf: bool = False,
    drafts: Sequence[str] = (
        "sparse-experts",
        "rejected",
        "abstained",
        "nothing-found",
        "hostile-text",
        "waxed-boats",
        "boats-not-answered",
    ),
) -> Path:
    """Write the demo desk with its Git history: the drafts are left untracked, everything else is merged."""
    _start(root)
    waiting: list[Report] = []
    for versions in kinds():
        made = tuple(_contradicted(item) if item.goal.slug == "with-contradiction" else item for item in versions)
        if made[0].goal.slug in drafts:
            waiting.append(made[0])
            continue
        for at, item in enumerate(made, 1):
            _publish(root, item, at, made[: at - 1], with_pdf=with_pdf)
            _merge(root, item, at)
    _withdraw(root, "one-claim", "The paper it rests on was retracted.")
    for item in waiting:
        _publish(root, item, 1, (), with_pdf=with_pdf)
    return root


def write_many(root: Path, number: int, *, claims_each: int = 20) -> Path:
    """Write a desk of so many reports of equal size, all approved by policy, without Git."""
    _start(root, git=False)
    for at in range(number):
        slug, day = f"report-{at:05d}", date(2026, 6, 1) - timedelta(days=at)
        made = report(
            slug, f"How does {_SUBJECTS[at % 8]} depend on condition {at}?", day, number=claims_each, seed=at, tags=(f"topic-{at % 12}",)
        )
        _publish(root, made, 1, (), with_pdf=False)
    return root


def _start(root: Path, *, git: bool = True) -> None:
    (root / "site").mkdir(parents=True)
    (root / "goals").mkdir()
    (root / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    (root / "goals" / "next-question.yaml").write_text("question: What comes next?\ntags: [future]\n", encoding="utf-8")
    (root / "goals" / "broken.yaml").write_text("questoin: What?\n", encoding="utf-8")
    if git:
        _git(root, "init", "-q", "-b", "main")
        _git(root, "add", "mkdocs.yml", "goals")
        _git(root, "commit", "-q", "-m", "Start the desk")


def _publish(root: Path, item: Report, version: int, earlier: Sequence[Report], *, with_pdf: bool) -> None:
    for page in compose(item, version=version, earlier=earlier, with_pdf=with_pdf):
        path = root / "site" / "reports" / item.goal.slug / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(page.content)
    if not with_pdf:
        # The composer's pages link to it; a real one is made where the PDF itself is under test.
        (root / "site" / "reports" / item.goal.slug / f"v{version}" / "report.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")


def _merge(root: Path, item: Report, version: int) -> None:
    """Merge a report as GitHub does: a branch, and a merge commit that names the pull request."""
    branch = f"report/{item.goal.slug}"
    _git(root, "checkout", "-q", "-B", branch)
    _git(root, "add", f"site/reports/{item.goal.slug}")
    _git(root, "commit", "-q", "-m", f"Report {item.goal.slug} v{version}")
    _git(root, "checkout", "-q", "main")
    _git(
        root,
        "merge",
        "-q",
        "--no-ff",
        branch,
        "-m",
        f"Merge pull request #{len(item.goal.slug) + version} from example/{branch}",
        author="Ada Owner",
    )


def _withdraw(root: Path, slug: str, why: str) -> None:
    """Withdraw a report as its owner does: a notice beside its versions, which stay."""
    notice = f"# Withdrawn: {slug}\n\n{why}\n\nThe claim stood in no other paper.\n"
    (root / "site" / "reports" / slug / "withdrawn.md").write_text(notice, encoding="utf-8")
    _git(root, "add", f"site/reports/{slug}")
    _git(root, "commit", "-q", "-m", f"Withdraw {slug}", author="Ada Owner")


def _git(root: Path, *words: str, author: str = "sovereign bot") -> None:
    who = {
        "GIT_AUTHOR_NAME": author,
        "GIT_AUTHOR_EMAIL": "owner@desk.example",
        "GIT_COMMITTER_NAME": author,
        "GIT_COMMITTER_EMAIL": "owner@desk.example",
    }
    when = {"GIT_AUTHOR_DATE": "2026-06-02T10:00:00Z", "GIT_COMMITTER_DATE": "2026-06-02T10:00:00Z"}
    environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1", **who, **when}
    subprocess.run(["git", "-C", str(root), *words], check=True, env=environment, capture_output=True)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(write_many(folder, int(sys.argv[2])) if len(sys.argv) > 2 else write(folder, with_pdf=True))  # noqa: T201 - a program's answer


def forge(root: Path) -> Callable[[str], Approval | None]:
    """Give a forge that knows the demo desk's pull requests: its subjects are true, since nobody else wrote them."""

    def ask(commit: str) -> Approval | None:
        words = ["git", "-C", str(root), "show", "-s", "--format=%an%x00%cs%x00%s", commit]
        name, day, subject = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip().split("\0")
        found = re.search(r"#(\d+)", subject)
        return Approval(Way.MERGE, name, date.fromisoformat(day), found[1]) if found else None

    return ask
