"""Passage -> Claim: sentences that state a finding about the question, through one gate: the quote must be found.

Extraction is by published features, each a number 0..1: what the sentence is for (its section and its wording, or a
trained classifier), how near it is to the question (words and vectors), and whether it stands by itself. A model's
claims (steps/ask_claims.py) pass the same gate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from sovereign.language.lexical import content_stems
from sovereign.language.quantities import disagree
from sovereign.language.wording import turned
from sovereign.model import BlockKind, Claim, Document, Goal, Passage, Role, SignKind
from sovereign.ports import Embedder, SentenceRoles, Vectors
from sovereign.text import fold, locate

MAX_CLAIMS = 24
MIN_WORDS, MAX_WORDS = 7, 60
MIN_RELEVANCE = 0.26
"""Under this a sentence is not about the question; read off real papers, where a cosine of 0.3 is near and 0.5 very near."""
SAME = 0.9
"""Share of the shorter sentence's stems in the longer one from which two sentences of one paper may say the same."""

_ROLE_WEIGHT = {
    Role.RESULTS: 1.0,
    Role.CONCLUSION: 1.0,
    Role.ABSTRACT: 0.95,
    Role.DISCUSSION: 0.85,
    Role.INTRODUCTION: 0.55,
    Role.OTHER: 0.6,
    Role.METHOD: 0.4,
    Role.APPENDIX: 0.4,
    Role.LIMITATIONS: 0.6,
    Role.BACKGROUND: 0.1,
    Role.RELATED: 0.0,
}

_DANGLING = re.compile(
    r"^(?:it|its|this|these|those|they|their|them|he|she|such|here|there|both|either|neither|one|another|others?|the (?:former"
    r"|latter|same|above|first|second|two|three)"
    r"|similarly|likewise|as such|as (?:shown|seen|mentioned|described|can be seen)|that|which|then|next|finally|for (?:example"
    r"|instance)|e\.g|i\.e|see|note|recall|let|where"
    r"|in (?:this|these|those|such) (?:case|cases|setting|settings|way|regime|regard|respect|section|figure|table|paper|work))\b",
    re.IGNORECASE,
)
_DANGLING_LATER = re.compile(
    r"^(?:[^,.;]{3,80}, (?:it|they|this|these|its|their|he|she)"
    r"|(?:despite|although|though|while|when|since|because|if|as) (?:it|they|this|these|its|their))\b",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^(?:however|moreover|furthermore|in addition|additionally|also|besides|therefore|thus|hence|consequently|as a result"
    r"|in contrast|by contrast|"
    r"on the other hand|conversely|nevertheless|nonetheless|instead|meanwhile|still|yet|and|but|or|so)\b"
    r"(?! (?:to|of|with|that|as|far)\b),?\s*",
    re.IGNORECASE,
)
_POINTS_AWAY = re.compile(
    r"\b(?:(?:sub)?section|sec\.|figure|figures|fig\.|figs\.|table|tables|tab\.|equation|eq\.|eqs\.|appendix|algorithm|theorem"
    r"|lemma|listing)\s*(?:\(?[\dA-Z]|~|\?)"
    r"|\b(?:refer to|from the (?:table|figure|plot|results above))\b"
    r"|\b(?:see|shown|listed|reported|described|summari[sz]ed|discussed) (?:below|above|in (?:the )?(?:table|figure|appendix|section))"
    r"|\b(?:above|below|aforementioned|respectively below|the (?:left|right|top|bottom) (?:panel|figure|plot))\b",
    re.IGNORECASE,
)
_PLAN = re.compile(
    r"\b(?:future work|forthcoming|we (?:\w+ly |also |further )?(?:plan|hope|thank|believe|encourage|expect|aim|intend|leave"
    r"|will|would|propose to|investigate|study|explore|consider|ask|describe"
    r"|discuss|review|begin|start|first|now|next|then)\b"
    r"|remains? (?:an )?open|is left|could be (?:interesting|used)|it would be|let us|in this (?:paper|work|section|article))",
    re.IGNORECASE,
)
_FINDS = re.compile(
    r"\b(?:we (?:find|found|show|showed|observe|observed|demonstrate|demonstrated|conclude|report|see|confirm|achieve|obtain|reach)"
    r"|(?:results?|experiments?|analys[ei]s|findings?|evaluations?|ablations?|data|evidence) (?:\w+ ){0,3}(?:show|shows|showed"
    r"|demonstrate|demonstrates|indicate|indicates|suggest|suggests|reveal|reveals|confirm|confirms)"
    r"|outperform\w*|surpass\w*|exceed\w*|underperform\w*|achiev\w+|attain\w*|improv\w+|reduc\w+|increas\w+|decreas\w+"
    r"|degrad\w+|declin\w+|drops?|dropped|gains?|gained"
    r"|(?:better|worse|higher|lower|faster|slower|larger|smaller|fewer|more|less|greater|stronger|weaker) (?:\w+ ){0,4}than"
    r"|compared (?:to|with)|comparable (?:to|with)|on par with|state[- ]of[- ]the[- ]art"
    r"|significant(?:ly)?|consistent(?:ly)?|correlat\w+|effective(?:ly)?|robust|scales?|converges?|saves?|saved"
    r"|requires? (?:only )?(?:\d|fewer|less|more))\b",
    re.IGNORECASE,
)
_SETUP = re.compile(
    r"\b(?:we (?:also |further |then |only |\w+ly )?(?:set|use|used|keep|employ|adopt|train|trained|substitute|initiali[sz]e|scale"
    r"|perform|validate|evaluate|compute|apply|follow|choose|select"
    r"|replace|sample|collect|construct|build|define|denote|introduce|propose|present|implement|conduct|compare|measure"
    r"|report on|fine-tune|pre-?train|allocate|ensure|fix)"
    r"|consists? of|(?:is|are) (?:set|fixed|initiali[sz]ed|trained|denoted|defined|given|computed|composed|placed|taken|used"
    r"|employed|sampled|drawn) (?:to|by|as|on|with|from|in|for)?"
    r"|(?:was|were) (?:set|fixed|folded|placed|taken|used|sampled|drawn|collected|measured|counted|dipped|brushed|randomi[sz]ed))\b",
    re.IGNORECASE,
)
_SETUP_HEADING = re.compile(
    r"hyper-?\s?parameter|set-?ups?\b|settings?\b|implementation|infrastructure|training (?:data|details)|data ?sets?\b"
    r"|benchmarks?$|baselines?$|notation|preliminar",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*\s*(?:%|percent|×|x\b|points?|times|ms|s\b|GB|MB|FLOPs?|tokens?|BLEU|F1|accuracy|[KMB]\b)|\b\d+\.\d+\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|do|does|did|will|would|must|\w+(?:ed|es|s|ing))\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"(?:\b[A-Z][a-z]+ et al\.?,? (?:\(?\d{4}|\[)|\((?:[A-Z][\w-]+(?: et al\.)?,? \d{4}[a-z]?(?:; )?)+\)|\[\d+(?:, ?\d+)*\])"
)
_BROKEN = re.compile(r"[\ufffd\u25a0\u25a1]|\?\?|\\[a-z]+\{|\s[,.;]\s|\(\s*\)|\[\s*\]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence with its features, each 0..1."""

    passage: Passage
    finding: float
    relevance: float

    @property
    def score(self) -> float:
        """Product of the features: a sentence that is no finding, or not about the question, is no claim."""
        return self.finding * self.relevance


def stands_alone(text: str) -> bool:
    """Tell whether a sentence can be understood without its neighbours and states something."""
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS or not text.rstrip("”\"')]").endswith((".", "!")) or not text[:1].isalnum():
        return False
    bare = _CONNECTIVE.sub("", text)
    if _DANGLING.match(bare) or _DANGLING_LATER.match(bare) or _POINTS_AWAY.search(text) or _BROKEN.search(text) or not _VERB.search(text):
        return False
    letters = sum(c.isalpha() for c in text)
    return letters >= 0.6 * len(text.replace(" ", "")) and not _PLAN.search(text)


def finding_strength(passage: Passage) -> float:
    """Give how much a sentence reads like a finding of its own paper, 0..1, from its section and its wording."""
    text = passage.text
    finds = bool(_FINDS.search(text))
    cues = 0.35 + 0.4 * finds + 0.25 * bool(_NUMBER.search(text))
    if _SETUP.search(text) or _SETUP_HEADING.search(passage.section):
        cues *= 0.6 if finds else 0.3  # what was done is no finding, whatever numbers it holds
    if _OTHERS.search(text) and not re.search(r"\bour\b|\bwe\b", text, re.IGNORECASE):
        cues *= 0.4
    return cues * _ROLE_WEIGHT[passage.role]


def extract(
    goal: Goal,
    documents: Sequence[Document],
    passages: Mapping[str, Sequence[Passage]],
    *,
    embedder: Embedder,
    roles: SentenceRoles | None = None,
    limit: int = MAX_CLAIMS,
) -> tuple[Claim, ...]:
    """Give at most `limit` claims, best first, spread over the papers, near-duplicates of one paper merged.

    Args:
        passages: The sentences of each document, by paper id.
    """
    asked = embedder.embed([_topic(goal)], kind="query")[0]
    by_paper: dict[str, list[Candidate]] = {}
    for document in documents:
        sentences = [p for p in passages.get(document.paper, ()) if p.kind is BlockKind.PROSE]
        by_paper[document.paper] = _merged(_candidates(goal, sentences, asked, embedder, roles))
    chosen = _spread(by_paper, limit)
    sha256 = {document.paper: document.sha256 for document in documents}
    return tuple(_claim(item, sha256[item.passage.paper]) for item in chosen)


def _topic(goal: Goal) -> str:
    return fold(" ".join((goal.question, *goal.keywords)))


def _candidates(
    goal: Goal, sentences: Sequence[Passage], asked: Vectors, embedder: Embedder, roles: SentenceRoles | None
) -> list[Candidate]:
    kept = [passage for passage in sentences if stands_alone(fold(passage.text))]
    if not kept:
        return []
    near = np.clip(embedder.embed([fold(p.text) for p in kept], kind="passage") @ asked, 0.0, 1.0)
    strength = _strengths(kept, sentences, roles)
    found = []
    for passage, cosine, finding in zip(kept, near.tolist(), strength, strict=True):
        relevance = round(0.5 * min(1.0, cosine * 2.0) + 0.5 * _overlap(goal, passage.text), 4)
        if relevance >= MIN_RELEVANCE and finding >= 0.3:
            found.append(Candidate(passage, round(finding, 4), relevance))
    return sorted(found, key=lambda item: (-item.score, item.passage.start))


def _strengths(kept: Sequence[Passage], sentences: Sequence[Passage], roles: SentenceRoles | None) -> list[float]:
    """Give each sentence's strength as a finding (0..1), from its wording and, where one is given, a classifier."""
    worded = [finding_strength(passage) for passage in kept]
    if roles is None:
        return worded
    place = {passage.start: index / max(1, len(sentences) - 1) for index, passage in enumerate(sentences)}
    scored = roles.score([fold(p.text) for p in kept], [place[p.start] for p in kept])
    return [_with_role(worded_, passage.role, said) for worded_, passage, said in zip(worded, kept, scored, strict=True)]


def _with_role(worded: float, role: Role, said: Mapping[str, float]) -> float:
    """Join the wording's strength with the classifier's word; it was trained on abstracts, and there it knows background well."""
    strength = (worded + _ROLE_WEIGHT[role] * max(said["claim"], said["result"])) / 2
    return strength * (1 - 0.8 * said["background"]) if role in {Role.ABSTRACT, Role.INTRODUCTION} else strength


def _overlap(goal: Goal, text: str) -> float:
    """Share of the question's content words in the sentence, keywords whole; saturates at a third of the question."""
    asked, told = set(content_stems(goal.question)), set(content_stems(text))
    share = len(asked & told) / max(1, len(asked)) * 3
    phrases = [set(content_stems(keyword)) for keyword in goal.keywords]
    hits = sum(1 for phrase in phrases if phrase and phrase <= told)
    return min(1.0, share + 0.25 * hits)


@lru_cache(maxsize=8192)
def _stems(sentence: str) -> frozenset[str]:
    # Each sentence is held against many others; taking it apart each time was a third of a run over twelve papers.
    return frozenset(content_stems(sentence))


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Give the candidates without those that repeat a better one of the same paper."""
    kept: list[Candidate] = []
    for item in candidates:
        if not any(_repeats(item.passage.text, other.passage.text) for other in kept):
            kept.append(item)
    return kept


def _repeats(one: str, other: str) -> bool:
    """Tell whether two sentences say the same: most of the shorter one's words, no other number, and neither denies the other."""
    mine, theirs = _stems(one), _stems(other)
    if not mine or not theirs or len(mine & theirs) < SAME * min(len(mine), len(theirs)):
        return False
    return not disagree(one, other) and turned(one, other) is None


def _spread(by_paper: Mapping[str, Sequence[Candidate]], limit: int) -> list[Candidate]:
    """Give the best candidates, no paper with more than its share: half as many again as an even split, at least two."""
    with_claims = sum(1 for items in by_paper.values() if items)
    share = max(2, -(-limit * 3 // (2 * max(1, with_claims))))
    pool = [item for items in by_paper.values() for item in items[:share]]
    return sorted(pool, key=lambda item: (-item.score, item.passage.paper, item.passage.start))[:limit]


def _claim(item: Candidate, document_sha256: str) -> Claim:
    text = fold(_CONNECTIVE.sub("", fold(item.passage.text)))
    return Claim(text[:1].upper() + text[1:], item.passage, document_sha256, relevance=item.relevance)


def admit(claim: Claim, document: Document) -> Claim | None:
    """The gate: give the claim with its quote where string match finds it in the document, or None: then it is no claim."""
    span = locate(claim.quote.text, document.text, start=0)
    if claim.document_sha256 != document.sha256 or span is None:
        return None
    exact = document.text[claim.quote.start : claim.quote.end]
    if exact == claim.quote.text:
        return claim
    section = document.section_at(span[0])
    quote = replace(claim.quote, start=span[0], end=span[1], text=document.text[span[0] : span[1]])
    return replace(claim, quote=replace(quote, section=section.heading if section else ""))


def gate(claims: Sequence[Claim], documents: Mapping[str, Document], refuse: Callable[[Claim], None]) -> tuple[Claim, ...]:
    """Give the claims whose quotes stand in their documents and address no reviewer, each once; call `refuse` for every other one."""
    admitted: dict[str, Claim] = {}
    for claim in claims:
        document = documents.get(claim.paper)
        found = admit(claim, document) if document else None
        if found is None or (document and _is_order(found, document)):
            refuse(claim)
        else:
            admitted.setdefault(found.id, found)
    return tuple(admitted.values())


def _is_order(claim: Claim, document: Document) -> bool:
    """Whether a claim quotes, or is quoted in, words of its paper that give orders to whoever reads it."""
    quote = fold(claim.quote.text).casefold()
    orders = (fold(sign.words).casefold() for sign in document.signs if sign.kind is SignKind.INSTRUCTION)
    return any(order in quote or quote in order for order in orders if order)
