"""Paper -> does it bear on the question? With a language model, from title, abstract and headings, before anything is paid for its text.

The same answer says what the question asks for: the kind of the answer, and its facets. A paper is left out only where the
model says "no"; whatever it does not answer for is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sovereign.language.lexical import content_stems
from sovereign.language.tokens import batches
from sovereign.model import Document, Gap, GapKind, Goal, Role
from sovereign.ports import ChatModel, Prompt, Reply, Tell, tell_nobody
from sovereign.prompting import fence, labels, load
from sovereign.text import fold

MAX_FACETS = 6
MAX_FACET_WORDS = 12
ABSTRACT_CHARS = 900
HEADINGS = 8
EACH_TOKENS = 40
"""What one paper's answer takes at most."""
PAPERS_PER_PROMPT = 20


@dataclass(frozen=True, slots=True)
class Sought:
    """What a question asks for, as a model reads it.

    Attributes:
        kind: The sort of answer, in a word or three; empty where nobody said.
        facets: The parts that an answer must speak to.
    """

    kind: str = ""
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorted:
    """Which papers do not bear on the question, and what it asks for.

    Attributes:
        aside: Ids of the papers that the model says do not bear on it.
    """

    aside: frozenset[str] = frozenset()
    sought: Sought = field(default_factory=Sought)
    gaps: tuple[Gap, ...] = ()


def sort(goal: Goal, documents: Sequence[Document], sought: Sought, chat: ChatModel, *, tell: Tell = tell_nobody) -> Sorted:
    """Give the papers that do not bear on the question; no usable answer leaves none aside.

    Args:
        sought: What a plan found that the question asks for; what it lacks is asked for here.

    Raises:
        ModelError: The model is unusable.
    """
    if not documents:
        return Sorted(sought=sought)
    parts = portions(documents, load("bearing").room(chat.context_tokens, _answer(PAPERS_PER_PROMPT)))
    answers = chat.answer([write(goal, part, sought) for part in parts], tell=tell) if parts else ()
    aside: dict[str, str] = {}
    gaps: list[Gap] = []
    for part, answer in zip(parts, answers, strict=True):
        if isinstance(answer, Gap):
            gaps.append(Gap("bearing", goal.slug, f"which papers bear on the question: {answer.why}", answer.kind))
            continue
        aside |= {document.paper: document.title for document in read(answer, part)}
        sought = Sought(sought.kind or str(answer.data["kind"]), sought.facets or facets(goal, answer.data["facets"]))
    if len(aside) == len(documents):
        why = "the model says that no paper bears on the question; all were read all the same"
        return Sorted(sought=sought, gaps=(*gaps, Gap("bearing", goal.slug, why, GapKind.REJECTED)))
    told = [Gap("bearing", paper, f"the model was not shown its text: “{title}” does not bear on the question", GapKind.LIMIT)
            for paper, title in aside.items()]  # fmt: skip
    return Sorted(frozenset(aside), sought, (*gaps, *told))


def portions(documents: Sequence[Document], room: int) -> tuple[tuple[Document, ...], ...]:
    """Give the papers in runs that fit a prompt; one that does not fit by itself is in none."""
    runs = batches([" ".join(text for _, text in _told("A1", document)) for document in documents], max(0, room - 300), each=40)
    whole = [documents[start:end] for start, end in runs]
    return tuple(tuple(run[at : at + PAPERS_PER_PROMPT]) for run in whole for at in range(0, len(run), PAPERS_PER_PROMPT))


def write(goal: Goal, part: Sequence[Document], sought: Sought) -> Prompt:
    """Give the papers' titles, abstracts and headings to the model."""
    names = labels("A", len(part))
    question = [("question", goal.question), *(("facet", facet) for facet in sought.facets)]
    values = {
        "question": fence("question", question),
        "papers": fence("papers", [line for name, document in zip(names, part, strict=True) for line in _told(name, document)]),
    }
    return load("bearing").prompt(values, enums={"papers": names}, max_tokens=_answer(len(part)))


def read(reply: Reply, part: Sequence[Document]) -> tuple[Document, ...]:
    """Give the papers that the model says do not bear on the question; what it says twice and differently, it did not say."""
    by_label = dict(zip(labels("A", len(part)), part, strict=True))
    said: dict[str, set[str]] = {}
    for item in reply.data["papers"]:
        said.setdefault(item["paper"], set()).add(item["bears"])
    return tuple(by_label[name] for name, words in said.items() if words == {"no"} and name in by_label)


def facets(goal: Goal, named: Sequence[str]) -> tuple[str, ...]:
    """Give the facets that are parts of this question: short, each once, each with a word of the question or of its keywords."""
    asked = set(content_stems(" ".join((goal.question, *goal.keywords))))
    plain = dict.fromkeys(fold(name).rstrip(".") for name in named)
    return tuple(name for name in plain if name and len(name.split()) <= MAX_FACET_WORDS and set(content_stems(name)) & asked)[:MAX_FACETS]


def _answer(papers: int) -> int:
    return 400 + EACH_TOKENS * papers


def _told(label: str, document: Document) -> list[tuple[str, str]]:
    """Give title, abstract (else the beginning) and headings; words that address the reader are left out with their part."""
    abstract = next((document.text[s.start : s.end] for s in document.sections if s.role is Role.ABSTRACT), "")
    words = fold(abstract or document.text[:ABSTRACT_CHARS])[:ABSTRACT_CHARS]
    headings = "; ".join(dict.fromkeys(fold(s.heading) for s in document.sections[:HEADINGS] if s.heading and s.role is not Role.ABSTRACT))
    lines = [(f"{label} title", document.title), (f"{label} abstract", words), (f"{label} headings", headings)]
    return [
        (name, text) for name, text in lines if text and not any(fold(sign.words) in fold(text) for sign in document.signs if sign.words)
    ]
