"""What a goal file may hold: one table, read by the checker and by the JSON Schema alike."""

from __future__ import annotations

from sovereign.adapters.goal_file.kinds import Day, Group, Key, Many, Number, OneOf, Text, Truth
from sovereign.model import SLUG, Engine

SOURCES = ("arxiv", "openalex", "crossref", "folder")

# https://arxiv.org/category_taxonomy: an archive such as quant-ph, or one with a subject class such as cs.CV or physics.soc-ph.
_CATEGORY = Text(20, pattern=r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]{2}|\.[a-z]+(?:-[a-z]+)*)?", what="an arXiv category such as cs.CV")
# GitHub handles: letters, digits and single inner hyphens, 39 characters at most.
_HANDLE = Text(39, pattern=r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", what="a GitHub handle without @")
_TAG = Text(40, pattern=SLUG.pattern, what="a tag of small letters, digits and hyphens")
_MODEL = Text(60, pattern=r"[A-Za-z0-9][A-Za-z0-9._/:-]*", what="a model profile's name")

POLICY = Group(
    (
        Key("min_claims", Number(1, 100, is_whole=True), "Fewest claims in Findings for an automatic approval (3)."),
        Key(
            "min_verified",
            Number(0, 1),
            "Smallest share of the answer's findings that a second passage verifies, where they come from one paper alone (0.8).",
        ),
        Key("min_score", Number(0, 10), "Tribunal consensus under which a revision round starts (6.5)."),
        Key("max_revisions", Number(0, 5, is_whole=True), "Revision rounds at most (1)."),
        Key("max_spread", Number(0, 10), "Largest difference between two roles' scores that still counts as agreement (4)."),
        Key("allow_rubric_approval", Truth(), "Whether a tribunal without a language model may approve by itself (false)."),
    )
)

GOAL = Group(
    (
        Key(
            "question",
            Text(1000, min_chars=10, what="a question"),
            "What you want to know, as one full question. The only required key.",
            is_required=True,
        ),
        Key(
            "queries",
            Many(Text(300, min_chars=2, what="a search"), "a search", 10),
            "Searches to add to the planned ones, in arXiv's syntax or plain words.",
        ),
        Key(
            "keywords",
            Many(Text(100, min_chars=2, what="a phrase"), "a phrase", 30),
            "Phrases and abbreviations that matter; searches are planned around them.",
        ),
        Key("sources", Many(OneOf(SOURCES), " or ".join(SOURCES), len(SOURCES), min_items=1), "Where to search (arxiv)."),
        Key("categories", Many(_CATEGORY, _CATEGORY.what, 20), "arXiv categories to search within; none means all."),
        Key("since", Day(), "First day of publication that counts, inclusive."),
        Key("until", Day(), "Last day of publication that counts, inclusive."),
        Key("max_papers", Number(1, 100, is_whole=True), "How many papers are read at most (12)."),
        Key("engine", OneOf(tuple(Engine)), "local: published rules alone, no key. model: a language model beside them."),
        Key("model", _MODEL, "Name of a model profile; the desk's own where it is absent."),
        Key("policy", POLICY, "Thresholds that differ from the usual ones for this goal."),
        Key("reviewers", Many(_HANDLE, _HANDLE.what, 15), "GitHub handles who are asked to review what the policy does not trust."),
        Key("tags", Many(_TAG, _TAG.what, 20), "Words to group reports by on the site."),
    )
)
