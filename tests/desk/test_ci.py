"""The desk's steps against a real Git repository and a loopback GitHub: what is planned, what lands where, what is never touched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.desk.lab import Lab, approved, escalated, git


def test_new_goal_is_published(lab: Lab) -> None:
    """A goal whose report the policy trusts ends on the main branch, and the run after it finds nothing to do."""
    goal = lab.ask()

    code, told = lab.land(approved(goal))

    assert (code, told["published"]) == (0, "true")
    assert "site/reports/sparse-experts/v1/record.json" in lab.files()
    assert "site/reports/sparse-experts/index.md" in lab.files()
    assert lab.plan() == []
    assert not lab.hub.pulls


def test_doubtful_report_goes_before_its_owner(lab: Lab) -> None:
    """What the policy does not trust waits on a branch of its own, in one pull request with labels and reviewers."""
    goal = lab.ask(reviewers=("second", "nobody"))
    lab.hub.strangers = {"nobody"}

    code, told = lab.land(escalated(goal))
    pull = lab.hub.pulls[1]

    assert (code, told["published"]) == (0, "false")
    assert "site/reports/sparse-experts/v1/record.json" in lab.files("report/sparse-experts")
    assert lab.files() == ["README.md", "goals/sparse-experts.yaml"]
    assert pull["title"] == f"Report: {goal.question}"
    assert pull["labels"] == ["report", "needs-review"]
    assert pull["reviewers"] == ["second"]
    assert lab.plan() == []


def test_merged_report_is_done(lab: Lab) -> None:
    """After the merge the goal has its report."""
    lab.land(escalated(lab.ask()))

    lab.hub.merge(1)

    assert "site/reports/sparse-experts/v1/record.json" in lab.files()
    assert lab.plan() == []


def test_same_results_twice_change_nothing(lab: Lab) -> None:
    """A job that is run again pushes nothing and opens nothing."""
    goal = lab.ask()
    lab.land(escalated(goal))
    tip = git(lab.bare, "rev-parse", "report/sparse-experts")

    code, _ = lab.ci(
        "commit", "--results", str(lab.hand_over(escalated(goal))), SOVEREIGN_PLAN=lab.plans["last"] if lab.plans["last"] != "[]" else ""
    )

    assert code == 0
    assert git(lab.bare, "rev-parse", "report/sparse-experts") == tip
    assert len(lab.hub.pulls) == 1
    assert 1 not in lab.hub.comments


def test_goal_changed_while_its_pull_request_is_open(lab: Lab) -> None:
    """The draft is renewed on the same branch, in the same pull request, and the owner is told."""
    lab.land(escalated(lab.ask()))
    changed = lab.ask(question="How efficient are sparse experts on short texts?")

    assert [job["why"] for job in lab.plan()] == ["the goal changed since its report"]
    lab.land(escalated(changed))

    assert lab.hub.pulls[1]["title"].endswith("on short texts?")
    assert len(lab.hub.pulls) == 1
    assert [comment["body"].split(":")[0] for comment in lab.hub.comments[1]] == ["A new draft is on this branch"]
    assert lab.plan() == []


def test_owners_commits_are_never_overwritten(lab: Lab) -> None:
    """Where the owner pushed to the branch, a new draft stays away, says so once, and is not made again daily."""
    lab.land(escalated(lab.ask()))
    mine = lab.push({"site/reports/sparse-experts/v1/index.md": "My own words.\n"}, branch="report/sparse-experts")
    changed = lab.ask(question="How efficient are sparse experts on short texts?")

    lab.land(escalated(changed))

    assert git(lab.bare, "rev-parse", "report/sparse-experts") == mine
    assert "never overwritten" in lab.hub.comments[1][0]["body"]
    assert lab.plan() == []


def test_update_branch_button_is_no_edit(lab: Lab) -> None:
    """Merging the main branch into the draft's changes no report, so the desk may still renew it."""
    lab.land(escalated(lab.ask()))
    lab.push({"notes.md": "x\n"})
    git(lab.home, "checkout", "-q", "-B", "report/sparse-experts", "origin/report/sparse-experts")
    git(lab.home, "merge", "-q", "--no-ff", "-m", "Merge branch 'main'", "origin/main")
    git(lab.home, "push", "-q", "origin", "report/sparse-experts")

    lab.land(escalated(lab.ask(question="How efficient are sparse experts on short texts?")))

    assert lab.hub.pulls[1]["title"].endswith("on short texts?")


def test_refused_goal_rests_until_it_changes(lab: Lab) -> None:
    """Closing without merging is a refusal, remembered for what the goal asks, and forgotten when it asks something else."""
    lab.land(escalated(lab.ask()))
    lab.hub.close(1)

    assert lab.plan() == []
    assert [job["why"] for job in lab.plan(SOVEREIGN_GOAL="sparse-experts", SOVEREIGN_FORCE="true")] == ["asked for by hand"]
    lab.land(escalated(lab.ask(question="How efficient are sparse experts on short texts?")))
    assert [pull["state"] for pull in lab.hub.pulls.values()] == ["closed", "open"]


def test_refusal_during_the_run_holds(lab: Lab) -> None:
    """A draft that its owner refuses while its successor is being made is not opened again."""
    goal = lab.ask()
    lab.land(escalated(goal))
    lab.hub.say(1, "owner", "/revise look at memory")
    revised = replace(goal, guidance="look at memory")
    lab.plan()
    lab.hub.close(1)

    code, _ = lab.ci("commit", "--results", str(lab.hand_over(escalated(revised))), SOVEREIGN_PLAN=lab.plans["last"])

    assert code == 0
    assert len(lab.hub.pulls) == 1


def test_revise_runs_again_with_the_owners_words(lab: Lab) -> None:
    """`/revise` of somebody who may write is followed once; a stranger's is not."""
    goal = lab.ask()
    lab.land(escalated(goal))
    lab.hub.say(1, "stranger", "/revise say that it is wonderful")
    assert lab.plan() == []
    lab.hub.say(1, "owner", "/revise look at\nmemory too")

    (job,) = lab.plan()
    lab.land(escalated(replace(goal, guidance="look at memory too")))

    assert (job["guidance"], job["why"]) == ("look at memory too", "its owner asked for a revision")
    assert "Revised as asked: look at memory too" in lab.hub.pulls[1]["body"]
    assert lab.plan() == []


def test_two_goals_and_one_fails(lab: Lab) -> None:
    """One failure stops no other goal; its owner is told once, not daily, and the issue is closed when it heals."""
    good, bad = lab.ask("good"), lab.ask("bad")

    code, told = lab.land(approved(good))
    lab.land()
    first = len(lab.hub.issues), len(lab.hub.comments)
    lab.land(approved(bad))

    assert (code, told["published"]) == (0, "true")
    assert first == (1, 0)
    assert lab.hub.open_issues() == []
    assert "site/reports/bad/v1/record.json" in lab.files()


def test_failure_with_an_open_draft_is_a_comment(lab: Lab) -> None:
    """Where the goal has a pull request the failure is told there, once."""
    lab.land(escalated(lab.ask()))
    lab.ask(question="How efficient are sparse experts on short texts?")

    lab.land()
    lab.land()

    assert not lab.hub.issues
    assert len(lab.hub.comments[1]) == 1


def test_main_moved_during_the_run(lab: Lab) -> None:
    """A report that was begun before somebody else's push lands on top of it."""
    goal = lab.ask()
    lab.plan()
    other = lab.push({"notes.md": "pushed meanwhile\n"})

    lab.ci("commit", "--results", str(lab.hand_over(approved(goal))), SOVEREIGN_PLAN=lab.plans["last"])

    assert git(lab.bare, "merge-base", "--is-ancestor", other, "main") == ""
    assert "site/reports/sparse-experts/v1/record.json" in lab.files()


def test_goal_changed_during_the_run(lab: Lab) -> None:
    """A report on what the goal no longer asks is not written; the next run makes the right one."""
    goal = lab.ask()
    lab.plan()
    lab.ask(question="How efficient are sparse experts on short texts?")

    _, told = lab.ci("commit", "--results", str(lab.hand_over(approved(goal))), SOVEREIGN_PLAN=lab.plans["last"])

    assert told["published"] == "false"
    assert "overtaken" not in lab.files()
    assert len(lab.plan()) == 1


def test_fork_cannot_pass_for_the_desk(lab: Lab) -> None:
    """A pull request from a fork whose branch is called like a draft's changes nothing about the plan."""
    goal = lab.ask()
    body = f'<!-- sovereign:draft {{"goal": "{goal.asked_sha256}", "revision": 0, "slug": "sparse-experts", "version": 1}} -->'
    fork = lab.hub.add_pull("report/sparse-experts", "x", body, fork="stranger/desk", user="stranger")

    assert [job["slug"] for job in lab.plan()] == ["sparse-experts"]
    fork["state"] = "closed"
    assert [job["slug"] for job in lab.plan()] == ["sparse-experts"]


def test_second_version_says_what_changed(lab: Lab) -> None:
    """A changed goal's report is version 2; version 1 stays as it was, byte for byte."""
    lab.land(approved(lab.ask()))
    first = git(lab.bare, "rev-parse", "main:site/reports/sparse-experts/v1")
    changed = lab.ask(question="How efficient are sparse experts on short texts?")

    lab.land(escalated(changed))

    assert git(lab.bare, "rev-parse", "report/sparse-experts:site/reports/sparse-experts/v1") == first
    assert "## What changed since version 1" in lab.hub.pulls[1]["body"]


def test_setting_that_is_off_is_named(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """Where GitHub Actions may not open pull requests, the message says what to tick, and the branch is there already."""
    lab.hub.may_open_pulls = False

    code, _ = lab.land(escalated(lab.ask()))

    assert code == 4
    assert "Allow GitHub Actions to create and approve pull requests" in capsys.readouterr().err
    assert "site/reports/sparse-experts/v1/record.json" in lab.files("report/sparse-experts")


def test_check_of_a_pull_request(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    """Every problem, what would run after the merge, and which goals ask nearly the same; nothing is asked of GitHub."""
    lab.land(approved(lab.ask("done")))
    lab.ask("one", "Do sparse experts save memory in vision models?")
    lab.ask("two", "Do sparse experts save memory in language models?")
    lab.push({f"goals/bad-{number}.yaml": "".join(f"k{n}: 1\n" for n in range(4)) for number in range(4)})
    asked = len(lab.hub.asked)
    capsys.readouterr()

    code, told = lab.ci("check")

    lines = capsys.readouterr().out.splitlines()
    assert code == 2
    assert len([line for line in lines if line.startswith("::error ")]) == 10
    assert [line for line in lines if line.startswith("::warning::")] == [
        "::warning::goals one and two share 78%25 of their words: is one of them enough?"
    ]
    assert told["summary"].count("unknown key") == 16
    assert "- `one`: Do sparse experts save memory in vision models?" in told["summary"]
    assert "- `done`" not in told["summary"].partition("## What goals set for themselves")[0]
    assert "## Goals that ask nearly the same" in told["summary"]
    assert len(lab.hub.asked) == asked


def test_report_whose_landing_page_says_nothing(lab: Lab) -> None:
    """Where the front matter does not name the goal, the newest record does."""
    lab.land(approved(lab.ask()))
    lab.push({"site/reports/sparse-experts/index.md": "My own landing page.\n"})

    assert lab.plan() == []


def test_damaged_record_stops_its_goal_alone(lab: Lab) -> None:
    """A published record that somebody broke is told of, and nothing is written over it."""
    goal = lab.ask()
    lab.land(approved(goal))
    lab.push({"site/reports/sparse-experts/v1/record.json": "{"})
    changed = lab.ask(question="How efficient are sparse experts on short texts?")

    code, told = lab.land(approved(changed))

    assert (code, told["published"]) == (0, "false")
    assert "record.json" in lab.hub.open_issues()[0]["body"]
    assert not [name for name in lab.files() if "/v2/" in name]
