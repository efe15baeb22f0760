"""Does a sentence stand by itself, and does it state what came out, or what was done, planned or found by others? Wording alone."""

from __future__ import annotations

import re

MIN_WORDS, MAX_WORDS = 6, 90
LETTERS = 0.55
"""Share of letters among a statement's signs from which it is words rather than figures; results of trials hold many figures."""
MOST_TIES = 3
"""How many connectives and pointers may stand one behind the other: "However, as shown in Figure 2, …"."""
_STOP = re.compile(r"[.!][”\"'’)\]]*(?:\s?\[[\d,;–\- ]+\])?$")
_START = re.compile(r"[“\"‘'(\[]?\w")

_DANGLING = re.compile(
    r"^(?:it|its|this|these|those|they|their|them|he|she|such|here|there|both|either|neither|one|another|others?|the (?:former"
    r"|latter|same|above|first|second|two|three)"
    r"|as such|that|which|see|let|where"
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
    r"|in contrast|by contrast|(?:in (?:conclusion|summary|short)|to (?:conclude|summari[sz]e)|overall|still|yet|so)(?=,)|"
    r"on the other hand|conversely|nevertheless|nonetheless|instead|meanwhile|and|but|or)\b"
    r"(?!-| (?:to|of|with|that|as|far)\b),?\s*",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(
    r"^(?:(?:that is(?: to say)?|namely|i\.e\.|for (?:example|instance)|e\.g\.|in particular|specifically|notably|importantly"
    r"|interestingly|surprisingly|remarkably|in fact|indeed|of note|as expected|as a consequence|similarly|likewise|finally"
    r"|(?:first|second|third|last)(?:ly)?|in other words|to our surprise|in brief|taken together|together|accordingly|next|then),"
    r"|(?:please )?(?:note|recall|observe) that|it(?: is|['’]s) (?:worth|important|interesting) (?:noting|to note|mentioning) that)\s+",
    re.IGNORECASE,
)
_FLOAT = r"(?:(?:supplement\w*|extended data|appendix|section|figures?|figs?|tables?|tab|equations?|eqs?|algorithm|theorem|lemma)\b\.?|§)"
_ASIDE = re.compile(
    r"\s?[(\[](?:(?:see|cf\.|as|e\.g\.,?|also|in|the|from|shown|listed|compare|refer to) )*+" + _FLOAT + r"[^()\[\]]{0,80}[)\]]",
    re.IGNORECASE,
)
"""A pointer in brackets: "(see Figure 2 for details)", "[Table 3]"."""
_LEADING_POINTER = re.compile(
    r"^(?:as|from|in|looking at|according to)(?: (?:we|can|be|is|are|also|clearly))*+(?: (?:shown|seen|see|illustrated|depicted|reported"
    r"|listed|described|discussed|demonstrated|observed|noted|mentioned|evident|summari[sz]ed|indicated))?"
    r"(?: (?:in|by|from|on|above|below|earlier|the))*+(?: " + _FLOAT + r" ?[\dA-Za-z.()-]{0,8})?,\s+(?=\w)",
    re.IGNORECASE,
)
_POINTS_AWAY = re.compile(
    r"^(?:the )?(?:left|right|top|bottom|upper|lower|following|above)?\s?" + _FLOAT + r"\s*\(?[\dA-Z~?]", re.IGNORECASE
)
"""A sentence about a figure or table itself: "Table 3 shows …"."""
_MARKER = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]\s+(?=[A-Z“\"])")
_FIRST_ITEM = re.compile(r"(?<!\w)[1a]\)")
_ITEM = re.compile(r"(?:^|[;:] |\band )(\d|[a-h])\)\s")
_PLAN = re.compile(
    r"\b(?:future work|forthcoming|we (?:\w+ly |also |further )?(?:plan|hope|thank|believe|encourage|expect|aim|intend|leave"
    r"|will|would|aspire|proceed|release|open-?source|propose to|investigate|study|explore|consider|ask|describe"
    r"|discuss|review|begin|start|first|now|next|then)\b"
    r"|remains? (?:an )?open|is left|could be (?:interesting|used)|it would be|let us|in this (?:paper|work|section|article)"
    r"|we (?:are|were) excited|plan to"
    r"|(?:code|data(?: ?sets?)?|models?|weights|checkpoints?)\b[^.]{0,60} (?:publicly|freely|openly) available)"
    r"|\bwe (?:also )?\(1\)"
    r"|^(?:claim|question|answer|prompt|input|output|table|caption|example|case|category|step|note)s?(?: \d+)?:",
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
    r"|significant(?:ly)?|consistent(?:ly)?|correlat\w+|effective(?:ly)?|robust|scales|converges?|saves?|saved"
    r"|requires? (?:only )?(?:\d|fewer|less|more)|yield(?:s|ed)|speed(?:s|ed)?[- ]?ups?|accelerat\w+)\b",
    re.IGNORECASE,
)
_SETUP = re.compile(
    r"\b(?:we (?:also |further |then |only |\w+ly )?(?:set|use|used|keep|employ|adopt|train|trained|substitute|initiali[sz]e|scale"
    r"|perform|validate|evaluate|compute|apply|follow|choose|select|convert|picked?|increased? the (?:maximum|number|size|length|batch)"
    r"|replace|sample|collect|construct|build|define|denote|introduce|propose|present|implement|conduct|compare|measure"
    r"|report (?:on|performance|results)|fine-tune|pre-?train|allocate|ensure|fix)"
    r"|consists? of|(?:has|have|had) been (?:converted|used|set|chosen|trained|evaluated|collected)"
    r"|(?:is|are) (?:set|fixed|initiali[sz]ed|trained|denoted|defined|given|computed|composed|placed|taken|used"
    r"|employed|sampled|drawn) (?:to|by|as|on|with|from|in|for)?"
    r"|(?:was|were) (?:set|fixed|folded|placed|taken|used|sampled|drawn|collected|measured|counted|dipped|brushed|randomi[sz]ed"
    r"|converted|performed|trained|evaluated|obtained (?:from|on|with)))\b",
    re.IGNORECASE,
)
_SETUP_HEADING = re.compile(
    r"hyper-?\s?parameter|set-?ups?\b|settings?\b|implementation|infrastructure|training (?:data|details)|data ?sets?\b"
    r"|benchmarks?$|baselines?$|notation|preliminar",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])\d++(?:[.,]\d++)*+\s*+(?:%|percent|×|x\b|points?|times|ms|s\b|GB|MB|FLOPs?|tokens?|BLEU|F1|accuracy|[KMB]\b)|\b\d++\.\d++\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|can|could|may|might|do|does|did|will|would|must|\w+(?:ed|es|s|ing))\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"(?:\b[A-Z][a-z]+ et al\.?,? (?:\(?\d{4}|\[)|\((?:[A-Z][\w-]+(?: et al\.)?,? \d{4}[a-z]?(?:; )?)+\)"
    r"|(?<!CI )(?<!CI, )(?<!CI: )(?<!interval )(?<!range )\[\d+(?:, ?\d+)*\])"  # "95% CI [20, 59]" is no citation
)
_BROKEN = re.compile(r"[\ufffd\u25a0\u25a1]|\?\?|\\[a-z]+\{|\s[,.;]\s|\(\s*\)|\[\s*\]")


def is_whole(text: str) -> bool:
    """Tell whether a text has the form of one whole statement: a beginning, a verb, a full stop, words for the most part, nothing lost."""
    words = text.split()
    if not MIN_WORDS <= len(words) <= MAX_WORDS or not _STOP.search(text) or not _START.match(text):
        return False
    if not _VERB.search(text) or _BROKEN.search(text) or _is_mid_list(text) or _POINTS_AWAY.match(bare(text)):
        return False
    return sum(c.isalpha() for c in text) >= LETTERS * len(text.replace(" ", ""))


def hangs(text: str) -> bool:
    """Tell whether a sentence begins with what only the sentence before it explains: "It …", "These results …", "When …, they …"."""
    plain = bare(text)
    return bool(_DANGLING.match(plain) or _DANGLING_LATER.match(plain))


def stands_alone(text: str) -> bool:
    """Tell whether a sentence can be understood without its neighbours and states something."""
    return is_whole(text) and not hangs(text) and not _PLAN.search(text)


def _is_mid_list(text: str) -> bool:
    """Whether the text holds a later item of a list whose first one stands elsewhere, as in "…; and 4) the cost"."""
    first = _ITEM.search(text)
    return first is not None and first[1] not in "1a" and not _FIRST_ITEM.search(text, 0, first.end())


def bare(text: str) -> str:
    """Give a sentence without the number of its list, the words that tie it to the one before, and pointers to figures and tables."""
    plain = _ASIDE.sub("", _MARKER.sub("", text))
    for _ in range(MOST_TIES):
        shorter = _LEADING_POINTER.sub("", _INTRODUCTION.sub("", _CONNECTIVE.sub("", plain)))
        if shorter == plain:
            break
        plain = shorter
    return plain


def outcome(text: str, heading: str = "") -> float:
    """Give how much a sentence reads like an outcome of its own paper, 0..1.

    Args:
        heading: Of the section that it stands in; under "Hyperparameters" hardly anything is found.
    """
    finds = bool(_FINDS.search(_SETUP.sub(" ", text)))  # "we increased the batch size" is what was done, not what came of it
    cues = 0.35 + 0.4 * finds + 0.25 * bool(_NUMBER.search(text))
    if _SETUP.search(text) or _SETUP_HEADING.search(heading):
        cues *= 0.6 if finds else 0.3  # what was done is no finding, whatever numbers it holds
    if _OTHERS.search(text) and not re.search(r"\bour\b|\bwe\b", text, re.IGNORECASE):
        cues *= 0.4
    return cues
