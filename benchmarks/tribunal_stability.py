"""How far the tribunal's score and decision move when nothing that matters changes: `python -m benchmarks.tribunal_stability`.

The order of the claims is shuffled, the roles are worded otherwise, one role is hostile, bribed or broken. The judges are
scripted ones of known bias, noise and haste, who read the very prompts that a model is sent; and, with --weights, a small
real model (standins/llama.py), whose judgement is worthless and whose wavering is therefore a worst case.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from sovereign.adapters.openai.chat import OpenAIChat
from sovereign.adapters.openai.replies import Replies, key_of
from sovereign.adapters.settings import profiles
from sovereign.model import (
    Answer,
    AnswerKind,
    Case,
    CitedSentence,
    Claim,
    Cost,
    Draft,
    Evidence,
    Finding,
    Gap,
    GapKind,
    Goal,
    Hearing,
    JudgeRole,
    Outcome,
    Paper,
    Passage,
    Policy,
    Verdict,
    digest,
)
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import Sheet, load
from sovereign.steps import tribunal
from sovereign.steps.ask_tribunal import ModelBench
from standins import llama

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results-tribunal.json"
CLAIMS = 12
SHUFFLES = 60
QUALITIES = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Share of a draft's claims that are supported."""
GOOD = 0.65
"""A draft counts as fit from this share of supported claims on, which is where exact judges score min_score."""
POLICY = Policy()
ANSWERED = Answer(AnswerKind.YES, "Yes.")
"""What is judged here are judges: each case has an answer."""
WRONG = ("unfit_approved", "fit_refused")
WORDS = {
    "judges": "judges",
    "order": "largest move of the score when the claims are shuffled",
    "wording": "largest move when the roles are worded otherwise",
    "unfit_approved": "unfit drafts approved (share)",
    "fit_refused": "fit drafts not approved (share)",
}
BAD_ROLES: Mapping[str, float | None] = {"hostile (always 0)": 0.0, "bribed (always 10)": 10.0, "broken": None}


@dataclass
class ScriptedJudges:
    """Judges who score 10 times the supported share of the claims they are shown, and err in known ways.

    Attributes:
        bias: Added to every score.
        noise: Standard deviation of what is added by chance; the same prompt always gives the same chance.
        haste: How much more the first claims weigh than the last: 0 is not at all, 1 is e times.
        touchiness: Largest shift by the wording of the role.
        scores: Fixed scores of hostile or bribed roles; None breaks the role.
    """

    bias: float = 0.0
    noise: float = 0.0
    haste: float = 0.0
    touchiness: float = 0.0
    scores: Mapping[str, float | None] = field(default_factory=dict)
    name: str = "scripted judges"
    context_tokens: int = 100_000
    cost: Cost = field(default_factory=Cost)

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:  # noqa: ARG002  # the port's shape
        """Give a review a prompt."""
        return tuple(self._review(prompt) for prompt in prompts)

    def _review(self, prompt: Prompt) -> Reply | Gap:
        score = self.scores.get(prompt.name, self._honest(prompt))
        if score is None:
            return Gap("model", prompt.name, "none of the criteria are met", GapKind.REJECTED)
        score = min(10.0, max(0.0, score))
        said = "approve" if score >= POLICY.min_score else "revise" if score >= 3 else "reject"
        return Reply({"summary": "", "objections": [], "score": score, "recommendation": said}, self.name)

    def _honest(self, prompt: Prompt) -> float:
        verdicts = re.findall(r"^\[C\d+, paper [^,]*, (\w+)", prompt.user, re.MULTILINE)
        weights = [math.exp(-self.haste * at / max(1, len(verdicts) - 1)) for at in range(len(verdicts))]
        share = sum(w for w, v in zip(weights, verdicts, strict=True) if v == Verdict.SUPPORTED) / (sum(weights) or 1.0)
        role = prompt.user.rpartition("DATA ")[2].partition(">>>")[2]  # the role's own words stand behind the case
        chance = random.Random(digest(prompt.system, prompt.user, chars=16)).gauss(0.0, self.noise) if self.noise else 0.0
        mood = random.Random(digest(role, chars=16)).uniform(-self.touchiness, self.touchiness)
        return 10 * share + self.bias + chance + mood


PANELS: Mapping[str, ScriptedJudges] = {
    "exact": ScriptedJudges(),
    "lenient by 1.5": ScriptedJudges(bias=1.5),
    "severe by 1.5": ScriptedJudges(bias=-1.5),
    "noisy (sd 1)": ScriptedJudges(noise=1.0),
    "noisy (sd 2)": ScriptedJudges(noise=2.0),
    "hasty": ScriptedJudges(haste=1.0),
    "touchy (up to 1)": ScriptedJudges(touchiness=1.0),
    "lenient, noisy, hasty, touchy": ScriptedJudges(bias=1.0, noise=1.0, haste=0.5, touchiness=0.5),
}


def case_of(quality: float, *, count: int = CLAIMS) -> Case:
    """Give a case in which this share of the claims is supported, the others having a quote that says something else."""
    claims: list[Claim] = []
    evidence: list[Evidence] = []
    for at in range(count):
        is_good = at < round(quality * count)
        text = f"Coating number {at + 1} lengthens the floating time of a paper boat by {at + 3} minutes."
        quote = text if is_good else f"Coating number {at + 1} was tried on {at + 3} boats; no difference in floating time was seen."
        claim = Claim(text, Passage(f"file:{at % 4}", 0, len(quote), quote), "0" * 64)
        claims.append(claim)
        evidence.append(Evidence(claim.id, Verdict.SUPPORTED if is_good else Verdict.INSUFFICIENT, 0.93 if is_good else 0.21))
    random.Random(7).shuffle(order := list(range(count)))
    goal = Goal("paper-boats", "Which coatings lengthen the floating time of a paper boat, and by how many minutes?")
    papers = tuple(Paper(f"file:{n}", f"Coatings of paper boats, part {n + 1}") for n in range(4))
    return Case(goal, _draft([(claims[at], evidence[at]) for at in order]), 0, papers)


def _draft(pairs: Sequence[tuple[Claim, Evidence]]) -> Draft:
    sentences = tuple(CitedSentence(claim.text, (claim.id,)) for claim, _ in pairs)
    return Draft(sentences[:2], (Finding("Coatings", sentences),), tuple(c for c, _ in pairs), tuple(e for _, e in pairs))


def shuffled(case: Case, seed: int) -> Case:
    """Give the same case with its claims in another order."""
    pairs = list(zip(case.draft.claims, case.draft.evidence, strict=True))
    random.Random(seed).shuffle(pairs)
    return replace(case, draft=_draft(pairs))


def wordings() -> Iterator[Mapping[JudgeRole, Sheet]]:
    """Yield the roles' sheets in other words."""
    table = tomllib.loads((HERE / "tribunal_wordings.toml").read_text("utf-8"))
    for at in range(min(map(len, table.values()))):
        yield {role: _worded(load(role.lower()), table[role][at]) for role in JudgeRole}


def _worded(sheet: Sheet, first: str) -> Sheet:
    rest = sheet.user.rpartition("\n\n")[0]
    return replace(sheet, user=f"{rest}\n\n{first}")


def hear(case: Case, chat: ChatModel, wording: Mapping[JudgeRole, Sheet] | None = None) -> Hearing:
    """Give one hearing."""
    return tribunal.hear(case, ModelBench(chat, wording=wording))


def may_be_approved(hearing: Hearing) -> bool:
    """Whether the policy could approve: the tribunal does, and the roles agree."""
    return tribunal.outcome(hearing, POLICY, ANSWERED) is Outcome.APPROVE and (hearing.spread or 0.0) <= POLICY.max_spread


def moved(first: Hearing, others: Sequence[Hearing]) -> dict[str, Any]:
    """Give how far the others are from the first: mean and largest move of the consensus, and the share of other decisions."""
    heard = [other for other in others if other.consensus is not None]
    moves = [abs(other.consensus - first.consensus) for other in heard if other.consensus is not None and first.consensus is not None]
    flips = [may_be_approved(other) != may_be_approved(first) for other in others]
    return {
        "hearings": len(others),
        "mean_move": round(fmean(moves), 3) if moves else None,
        "largest_move": round(max(moves), 3) if moves else None,
        "deviation": round(pstdev([h.consensus for h in heard if h.consensus is not None]), 3) if heard else None,
        "other_decision": round(fmean(flips), 3) if flips else None,
        "abstentions": sum(review.is_abstention for other in others for review in other.reviews),
    }


def perturbed(case: Case, chat: ChatModel, shuffles: int, others: int = 9) -> dict[str, Any]:
    """Give the movement under each change that should not matter."""
    first = hear(case, chat)
    orders = [hear(shuffled(case, seed), chat) for seed in range(shuffles)]
    worded = [hear(case, chat, wording) for wording in islice(wordings(), others)]
    return {
        "score": first.consensus,
        "may_be_approved": may_be_approved(first),
        "order": moved(first, orders),
        "wording": moved(first, worded),
    }


def attacked(quality: float) -> dict[str, Any]:
    """Give what one role that is hostile, bribed or broken does to score and decision, over all three roles and noisy colleagues."""
    case = case_of(quality)
    honest = ScriptedJudges(noise=0.5)
    first = hear(case, honest)
    rows: dict[str, Any] = {"score": first.consensus, "may_be_approved": may_be_approved(first)}
    for name, score in BAD_ROLES.items():
        heard = [
            hear(shuffled(case, seed), replace(honest, scores={role.lower(): score})) for role in JudgeRole for seed in range(SHUFFLES // 6)
        ]
        rows[name] = moved(first, heard) | {"approved": round(fmean(map(may_be_approved, heard)), 3)}
    return rows


def approvals(judges: ScriptedJudges) -> dict[str, Any]:
    """Give how often unfit drafts are approved and fit ones are not: by three roles, and by the first role alone."""
    three: dict[bool, list[bool]] = {True: [], False: []}
    alone: dict[bool, list[bool]] = {True: [], False: []}
    for quality in (n / CLAIMS for n in range(CLAIMS + 1)):
        for seed in range(SHUFFLES // 4):
            heard = hear(shuffled(case_of(quality), seed), judges)
            three[quality >= GOOD].append(may_be_approved(heard))
            first = heard.reviews[0].score
            alone[quality >= GOOD].append(first is not None and first >= POLICY.min_score)
    return {
        name: {"unfit_approved": round(fmean(table[False]), 3), "fit_refused": round(1 - fmean(table[True]), 3)}
        for name, table in (("three roles", three), ("one role", alone))
    }


def scripted() -> dict[str, Any]:
    """Measure the scripted panels."""
    return {
        "panels": {
            name: {
                "by_quality": {str(quality): perturbed(case_of(quality), judges, SHUFFLES) for quality in QUALITIES},
                "decisions": approvals(judges),
            }
            for name, judges in PANELS.items()
        },
        "one_bad_role": {f"{n}/{CLAIMS}": attacked(n / CLAIMS) for n in range(CLAIMS + 1)},
    }


def real(shuffles: int, count: int, qualities: Sequence[float] = (0.0, 1.0), others: int = 9) -> dict[str, Any]:
    """Measure a small real model, whose answers are kept so that an interrupted measurement goes on; empty where it is not installed."""
    if not llama.python():
        return {}
    with llama.serve_weights() as url:
        profile = replace(profiles({})["llamacpp"], base_url=url, chat_model=llama.ALIAS, context_tokens=llama.CONTEXT_TOKENS)
        chat = Brief(OpenAIChat(profile), Replies(HERE.parent / ".sovereign" / "cache" / "tribunal"))
        rows = {str(quality): perturbed(case_of(quality, count=count), chat, shuffles, others) for quality in qualities}
        return {"model": llama.ALIAS, "claims": count, "by_quality": rows}


@dataclass
class Brief:
    """A model that is asked for short answers: this one would else ramble to the allowed length, at 8 tokens a second."""

    inner: ChatModel
    replies: Replies
    name: str = llama.ALIAS
    context_tokens: int = llama.CONTEXT_TOKENS
    cost: Cost = field(default_factory=Cost)

    def answer(self, prompts: Sequence[Prompt], *, tell: Tell = tell_nobody) -> tuple[Reply | Gap, ...]:
        """Answer each prompt within 300 tokens, its texts at most 100 characters long."""
        return tuple(self._one(replace(prompt, schema=_short(prompt.schema), max_tokens=300), tell) for prompt in prompts)

    def _one(self, prompt: Prompt, tell: Tell) -> Reply | Gap:
        key = key_of({"system": prompt.system, "user": prompt.user, "schema": prompt.schema})
        kept = self.replies.get(key) or {}
        if "data" in kept:
            return Reply(kept["data"], llama.ALIAS)
        if "gap" in kept:
            return Gap("model", prompt.name, kept["gap"], GapKind.REJECTED)
        answer = self.inner.answer([prompt], tell=tell)[0]
        self.replies.put(key, {"gap": answer.why} if isinstance(answer, Gap) else {"data": dict(answer.data)})
        return answer


def _short(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Give a schema with its texts and lists bounded."""
    bounds = {"maxLength": 100} if schema == {"type": "string"} else {"maxItems": 2} if schema.get("type") == "array" else {}
    return {key: _short(value) if isinstance(value, Mapping) else value for key, value in schema.items()} | bounds


def main() -> None:
    """Measure, keep the results beside this file, print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--weights", action="store_true", help="measure the small real model as well")
    options.add_argument("--shuffles", type=int, default=2, help="orders that the real model hears")
    options.add_argument("--claims", type=int, default=4, help="claims that the real model hears")
    given = options.parse_args()
    before = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    found: dict[str, Any] = {
        "min_score": POLICY.min_score,
        "max_spread": POLICY.max_spread,
        "scripted": scripted(),
        "real": real(given.shuffles, given.claims) if given.weights else before.get("real", {}),
    }
    keep(found)
    print_table(found["scripted"]["panels"])


def keep(found: dict[str, Any]) -> None:
    """Write the results, and beside them the flat tables that the method page shows."""
    found["tables"] = {"tribunal": _wavering(found), "tribunal_bad_role": _bad_roles(found["scripted"]["one_bad_role"])}
    RESULTS.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _wavering(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [
        {"judges": name, **_moves(panel["by_quality"]), **{key: panel["decisions"]["three roles"][key] for key in WRONG}}
        for name, panel in found["scripted"]["panels"].items()
    ]
    if found["real"]:
        real_ = found["real"]
        rows.append({"judges": f"{real_['model']} on {real_['claims']} claims", **_moves(real_["by_quality"]), **dict.fromkeys(WRONG)})
    return [{WORDS[key]: value for key, value in row.items()} for row in rows]


def _moves(by_quality: Mapping[str, Any]) -> dict[str, float | None]:
    changes = ("order", "wording")
    found = {change: [row[change].get("largest_move") for row in by_quality.values()] for change in changes}
    return {change: max((move for move in moves if move is not None), default=None) for change, moves in found.items()}


def _bad_roles(rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "supported claims": quality.replace("/", " of "),
            "score by three honest roles": row["score"],
            **{f"approved with one role {name}": row[name]["approved"] for name in BAD_ROLES},
        }
        for quality, row in sorted(rows.items(), key=lambda item: int(item[0].partition("/")[0]))
    ]


def print_table(panels: Mapping[str, Any]) -> None:
    """Print one line a panel: the largest moves over all qualities, and the decisions that were wrong."""
    for name, panel in panels.items():
        changes = ("order", "wording")
        order, wording = (max(row[change]["largest_move"] for row in panel["by_quality"].values()) for change in changes)
        wrong = panel["decisions"]["three roles"]
        shares = f"unfit approved {wrong['unfit_approved']:.3f}  fit refused {wrong['fit_refused']:.3f}"
        print(f"{name:32} order ≤ {order:4.2f}  wording ≤ {wording:4.2f}  {shares}")


if __name__ == "__main__":
    main()
