"""The desk's words for people: every grade, rule, role, score and decision in plain English, said once for every place that shows them.

A term of the program never stands alone where a person reads: the plain words come first, the term second, and the glossary
page, which is made of these tables, says what it means.
"""

from __future__ import annotations

from dataclasses import dataclass

from sovereign.model import Action, AnswerKind, Ask, Decision, Evidence, Grade, JudgeRole, Outcome, Report, Ruling, SignKind, Verdict
from sovereign.text import counted


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the program: its sign where it has one, how it is said, and what it means in a sentence or two."""

    name: str
    means: str
    sign: str = ""


GRADES = {
    Grade.CORROBORATED: Term("corroborated", "A passage of another paper says the same.", "✓"),
    Grade.VERIFIED: Term(
        "verified",
        "A second passage bears it out: another part of the same paper, not the quote itself. A claim in a model's words may be borne out "
        "by its quote.",
        "✓",
    ),
    Grade.CONFIRMED: Term(
        "confirmed by the language model", "A language model says that its own passage bears it out, where the verifier did not.", "◇"
    ),
    Grade.QUOTED: Term("quoted", "The words stand in the paper exactly so; no second passage that was read confirms them.", "“”"),
    Grade.DISPUTED: Term("disputed", "Another paper says otherwise; both are shown.", "≠"),
    Grade.UNCONFIRMED: Term("unconfirmed", "It is said in other words than the paper's, and nothing has borne that wording out.", "?"),
    Grade.REFUTED: Term("refuted", "Its own paper, or more papers than agree, say otherwise.", "✗"),
    Grade.UNCHECKED: Term("unchecked", "Nothing could check it.", "–"),
}
_BY_VERDICT = {Verdict.SUPPORTED: Grade.VERIFIED, Verdict.REFUTED: Grade.REFUTED, Verdict.INSUFFICIENT: Grade.UNCONFIRMED}

ANSWERS = {
    AnswerKind.YES: "Yes",
    AnswerKind.NO: "No",
    AnswerKind.MIXED: "The papers disagree",
    AnswerKind.AMOUNT: "An amount",
    AnswerKind.EFFECT: "An effect",
    AnswerKind.LIST: "A list",
    AnswerKind.CAUSE: "A cause",
    AnswerKind.HOW: "A way",
    AnswerKind.NOT_ANSWERED: "Not answered",
}

ROLES = {
    JudgeRole.SKEPTIC: "What is wrong or overclaimed? (SKEPTIC)",
    JudgeRole.VALIDATOR: "Do the words of the papers bear each claim? (VALIDATOR)",
    JudgeRole.SYNTHESIZER: "Is the question answered? (SYNTHESIZER)",
}
DECIDED = {Action.AUTO_APPROVE: "published by the rules", Action.ESCALATE_TO_OWNER: "left to its owner"}
WHO = {
    JudgeRole.SKEPTIC: "the reviewer who doubts (SKEPTIC)",
    JudgeRole.VALIDATOR: "the reviewer of the words (VALIDATOR)",
    JudgeRole.SYNTHESIZER: "the reviewer of the answer (SYNTHESIZER)",
}
RECOMMENDATIONS = {"approve": "publish", "revise": "revise first", "reject": "do not publish", "–": "–"}
ASKS = {
    Ask.DROP: "take it out",
    Ask.REWORD: "word it anew",
    Ask.REEVIDENCE: "look for more evidence",
    Ask.VERDICT: "check its verdict again",
    Ask.SENTENCE: "write the sentence anew",
    Ask.NOTE: "tell the reader",
}

SIGNS = {
    SignKind.INSTRUCTION: "an order to whoever reads it",
    SignKind.DOUBTFUL: "what may be an order to whoever reads it, or none (it was not shown to a model and became no claim)",
    SignKind.HIDDEN: "hidden text",
    SignKind.INVISIBLE: "invisible characters",
    SignKind.LOOKALIKE: "look-alike letters",
    SignKind.FAKE_REFERENCES: "a list of references that is none",
}

# Why the owner is asked, by the rule that did not hold: a clause that can follow "Waiting for its owner:".
WAITS = {
    "tribunal-approves": "the three reviewers would not publish it",
    "three-roles-answered": "not all three reviewers answered",
    "no-role-rejects": "one of the three reviewers is against publishing it",
    "roles-agree": "the three reviewers are far apart",
    "objections-are-met": "a reviewer still holds that its words or verdicts are wrong",
    "no-refuted-claim": "a finding is refuted by what the papers say",
    "no-unchecked-claim": "nothing could check one of the findings",
    "no-contradiction": "another paper says otherwise about a finding",
    "enough-claims": "there are too few findings",
    "enough-verified": "too few findings are confirmed by a second passage, and they come from too few independent papers",
    "question-is-answered": "the question is not answered, or only in part",
    "no-withdrawn-paper": "a paper that it uses was withdrawn or retracted",
    "no-suspicious-text": "a paper hides text or speaks to the reviewer",
    "search-was-complete": "a search failed, so papers may be missing",
    "verifier-is-calibrated": "no checker with a measured error rate took part",
    "rubric-may-approve": "no language model checked this, only fixed rules did",
    "papers-are-real": "its papers are invented examples",
}
HOLDS = {
    "tribunal-approves": "the three reviewers would publish it",
    "three-roles-answered": "all three reviewers answered",
    "no-role-rejects": "no reviewer is against publishing it",
    "roles-agree": "the three reviewers lie close together",
    "objections-are-met": "no reviewer holds that its words or verdicts are wrong",
    "no-refuted-claim": "no finding is refuted",
    "no-unchecked-claim": "every finding was checked",
    "no-contradiction": "no other paper speaks against a finding",
    "enough-claims": "there are enough findings",
    "enough-verified": "enough findings are confirmed by a second passage, or come from independent papers",
    "question-is-answered": "the question is answered",
    "no-withdrawn-paper": "no paper was withdrawn or retracted",
    "no-suspicious-text": "no paper hides text or speaks to the reviewer",
    "search-was-complete": "every search was answered",
    "verifier-is-calibrated": "the checker's error rate was measured",
    "rubric-may-approve": "a language model took part, or the goal allows fixed rules to approve",
    "papers-are-real": "the papers are real",
}
# Where the plain words say all that the rule saw.
_SAYS_ALL = frozenset({"papers-are-real"})
# What an owner wants to hear first: what the report is, then who checked it, then the rest in the policy's order.
_FIRST = ("no-suspicious-text", "no-withdrawn-paper", "question-is-answered", "no-refuted-claim", "no-contradiction", "rubric-may-approve")

TERMS = (
    Term("answer", "One or two sentences made of what the papers say, and nothing else. Where they do not answer, it says so."),
    Term("finding", "A claim that the answer or the Findings of a report rest on."),
    Term("claim", "A statement that a paper makes, with the exact words it rests on and their place in the paper's text."),
    Term("facet", "A part of the question that an answer must speak to: its subjects, conditions, comparisons and measures."),
    Term(
        "confidence",
        "How sure the checker is, 0 to 1. Only where the checker decided: a claim that is merely quoted has none.",
    ),
    Term("check", "The program that weighs a claim against passages. How often it errs stands on the method page."),
    Term("veto", "Numbers, units, names or direction that differ between a claim and its quote. Nothing overrules it."),
    Term(
        "tribunal",
        "Three reviewers that read the same draft unseen by each other; each gives a score from 0 to 10 and objections.",
    ),
    Term(
        "published rubric",
        "The fixed rules by which the reviewers score where no language model took part. They read no meaning.",
    ),
    Term("spread", "How many points lie between the highest and the lowest of the reviewers' scores."),
    Term("revision", "After low scores the objections are acted upon, touched claims are checked again, and the reviewers score again."),
    Term("policy", "The table of rules that must all hold before a report is published without its owner."),
    Term("draft", "A report that nobody has approved. Its owner approves it by merging its pull request."),
    Term("gap", "Something that could not be done; every one is shown under Uncertainties."),
    Term(
        "allow_rubric_approval",
        "A goal's setting: whether a report may be published that no language model judged, only fixed rules.",
    ),
    Term("offset", "The place of a quote in the text that was read, in characters; the text's SHA-256 says which text."),
)


def judge(name: str) -> str:
    """Give who judged in plain words, and the name second where it needs them."""
    return f"fixed rules ({name})" if name.startswith("published rubric") else name


def grade(evidence: Evidence) -> Grade:
    """Give a claim's grade; of a record from before there were grades, the one that its verdict stands for."""
    return graded(evidence.verdict, evidence.grade)


def graded(verdict: Verdict, found: Grade) -> Grade:
    """Give the grade, or where none was given the one that the verdict stands for."""
    return _BY_VERDICT.get(verdict, Grade.UNCHECKED) if found is Grade.UNCHECKED else found


def mark(found: Grade) -> str:
    """Give a grade as it is shown: "verified ✓", "quoted"."""
    term = GRADES[found]
    return f"{term.name} {term.sign}" if term.sign == "✓" else term.name


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the owner is asked: in plain words, then what was seen, then the rule's name."""

    plain: str
    seen: str
    rule: str


def reasons(decision: Decision) -> tuple[Reason, ...]:
    """Give why the owner is asked, what matters most first; nothing for a report that the rules let through."""
    if decision.action is Action.AUTO_APPROVE:
        return ()
    failed = [ruling for ruling in decision.rulings if not ruling.passed]
    failed.sort(key=lambda ruling: _FIRST.index(ruling.rule) if ruling.rule in _FIRST else len(_FIRST))
    return tuple(Reason(plain(ruling), "" if ruling.rule in _SAYS_ALL else ruling.detail, ruling.rule) for ruling in failed)


def plain(ruling: Ruling) -> str:
    """Give a ruling as a clause in plain words; of a rule that has none here, its own name."""
    said = (HOLDS if ruling.passed else WAITS).get(ruling.rule)
    return said or f"{'the rule' if ruling.passed else 'a rule did not hold:'} {ruling.rule.replace('-', ' ').replace('_', ' ')}"


def waits(report: Report, *, most: int = 2) -> str:
    """Give in one sentence why a report waits for its owner, or that every rule held."""
    found = reasons(report.decision)
    if report.decision.action is Action.AUTO_APPROVE:
        return "Every rule of this desk held."
    if not found:
        return "It waits for its owner: no rule was applied."
    told = [reason.plain for reason in found[:most]]
    more = len(found) - len(told)
    rest = f", and {more} more reason{'s' if more > 1 else ''}" if more else ""
    return f"It waits for its owner: {'; '.join(told)}{rest}."


def left(report: Report) -> str:
    """Give the same as what holds for good: a page and a PDF stay as they are when their owner has approved them."""
    return waits(report).replace("It waits for its owner", "The rules left it to its owner", 1)


def judged(report: Report) -> str:
    """Give the reviewers' score and what follows as one sentence, so that a score never seems to contradict the decision."""
    last = report.tribunal.last
    score = "gave no score" if last.consensus is None else f"gave {last.consensus:.1f} of 10"
    asked = f"{report.goal.policy.min_score:.1f} is asked"
    is_approved = report.tribunal.outcome is Outcome.APPROVE
    if report.decision.action is Action.AUTO_APPROVE:
        return f"Three reviewers {score} ({asked}), and every rule held."
    if is_approved:
        return f"Three reviewers {score} ({asked}), which would be enough; other rules ask for its owner."
    if last.consensus is None or last.consensus < report.goal.policy.min_score:
        return f"Three reviewers {score} ({asked}), and would not publish it."
    if not report.draft.answer.is_sure:
        return f"Three reviewers {score} ({asked}), but nothing is published by itself where the papers do not surely answer the question."
    return f"Three reviewers {score} ({asked}), but one of them is against publishing it, or gave no answer."


def counts_in_words(report: Report) -> str:
    """Say what the numbers line says, without a term of the program."""
    claims = report.draft.claims
    papers = len({claim.paper for claim in claims})
    whence = "it" if report.retrieved == 1 else f"{papers} of them"
    found = f"{counted(report.retrieved, 'paper was', 'papers were') if report.retrieved else 'No paper was'} found"
    found += f", and {counted(len(claims), 'claim')} drawn from {whence}" if claims else ""
    who = "a second passage" if not report.draft.answer.by_model else "the checker"
    borne = f"; {who} bears out {report.verified or 'none'} of the claims" if claims else ""
    rounds = report.tribunal.revision_rounds
    revised = f" The draft was revised {'once' if rounds == 1 else f'{rounds} times'}." if rounds else ""
    return f"{found}{borne}.{revised} {judged(report)}"


def taken_out(why: str) -> str:
    """Say why a claim was taken out: the objection in its words, then whose it was."""
    role, _, reason = why.partition(": ")
    return f"{reason} ({role})" if role in set(JudgeRole) and reason else why
