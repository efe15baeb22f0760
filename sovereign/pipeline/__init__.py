"""The order: research(goal, world) -> Report.

    Goal -plan-> Query* -gather-> Paper* -fuse, rank, screen-> chosen -read-> Document* -cut-> Passage* -draw-> Claim*
         -weigh-> Evidence* -compose-> Draft -judge (hear, revise, hear)-> Tribunal -decide-> Decision => Report

The world is asked through ports alone; reading overlaps with the waiting for the next full text. What could not be done is
a Gap. Each arrow is a method of Research (pipeline/run.py), which calls the step of its name in steps/; what two engines do differently
stands in pipeline/engines.py, the revision round in pipeline/revision.py.
"""

from __future__ import annotations

from functools import partial

from sovereign.model import Goal, Report
from sovereign.pipeline.revision import FURTHER_PAPERS, revise
from sovereign.pipeline.run import Research
from sovereign.ports import Tell, World, tell_nobody
from sovereign.steps import tribunal


def research(goal: Goal, world: World, tell: Tell = tell_nobody) -> Report:
    """Give the report on one goal; deterministic for the same world.

    Raises:
        SourceError: No paper source could be used at all.
    """
    run = Research(goal, world, tell)
    queries = run.plan()
    papers = run.find(queries)
    run.read(papers)
    claims = run.draw()
    evidence = run.weigh(claims)
    draft = run.compose(claims, evidence)
    draft, heard = tribunal.judge(draft, run.hear, partial(revise, run), goal.policy)
    return run.report(queries, draft, heard)


def fetch(goal: Goal, world: World, tell: Tell = tell_nobody) -> None:
    """Search and read as `research` does, and the papers that a revision may read besides: what was kept on the way answers a replay.

    Raises:
        SourceError: No paper source could be used at all.
    """
    run = Research(goal, world, tell)
    papers = run.find(run.plan())
    run.read((*papers, *run.spare[:FURTHER_PAPERS]))
