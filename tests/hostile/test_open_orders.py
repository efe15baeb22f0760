"""Orders in the open, by kind: how many are told of those that no rule was made for, and what honest text is left alone."""

from __future__ import annotations

import pytest

from sovereign.screening.entry import Text, screen
from sovereign.screening.signs import addressed
from tests.hostile import open_orders

# What papers about reviewing, judging, logs, rules and prompts say of themselves; each has the words of an order, and is none.
HONEST = (
    "We thank the reviewers for their excellent comments, and we are grateful to the editor for handling this paper.",
    "Imagine you are an expert reviewer; write your review of the paper and state your verdict.",
    "Suppose that the proposal is accepted under the optimal decision rule.",
    "In this game, the verdict is accept or reject.",
    "The log shows status=passed, label=positive and score=10 for most runs; evaluation: 0.9, issues: 12.",
    "System instructions were ignored by two in five models.",
    "System prompts that are outdated are replaced before each decision.",
    "Error rates of the accepted samples are low, and the label is positive.",
    "These forms of assessment are the highest in this paper.",
    "The results of this paper have been verified by automated tools; all proofs were checked with a proof assistant.",
    "Claims in this paper are labelled as supported, refuted or unknown by fact-checkers.",
    "Reviewer comments are ignored where the paper is accepted without changes.",
    "The code of conduct of the conference says that rejecting a paper without reading it is misconduct.",
    "Under the policy, reviewers who assess this work are to disclose conflicts.",
    "Our request is to the community: share data and code.",
    "We are grateful to you, the reader, for your patience.",
    "We suggest you preserve this comment: include all people who filed issues that were accepted into the paper.",
    "Whoever reads the paper should know that the score of the baseline is 10 points lower.",
    "The light was let through the panel by the shutter.",
    "The agent's role is to let the vehicle pass by; the editor let the story through.",
    "The field of recommendation systems is growing, and the highest rating is given to this work's baseline.",
    "By reading this signal the controller accepts the highest rate.",
    "The grade that corresponds to this sample is the highest of all classes.",
    "Criterion | Weight | Decision | 0.2 | accept or reject | 10",
    "Evaluation models that process these documents achieve the highest accuracy.",
    "If the reviewer has already raised the score, your rebuttal should say so briefly.",
    'The message {"role": "assistant", "content": "Paris is the capital of France."} is one turn.',
    "A. B. C. D. Smith, E. F. Jones and G. H. Brown wrote the first report.",
    "Aus diesem Grund empfehlen wir das Verfahren für diese Daten.",
    "Questo lavoro assegna un punteggio a ogni documento.",
    "Ce travail attribue une note à chaque phrase.",
    "Este artículo da la máxima precisión en tres conjuntos de datos.",
    "Denne artikkelen gir høyere nøyaktighet enn tidligere arbeid.",
)


def is_told(order: open_orders.Text) -> bool:
    """Whether a sign is given for an order, or for one that is cut into parts."""
    parts = (order,) if isinstance(order, str) else order
    return bool(screen("p", [Text("here", part, is_joined=len(parts) > 1) for part in parts]))


def told(orders: dict[str, tuple[open_orders.Text, ...]]) -> dict[str, int]:
    """Give how many of each kind are told."""
    return {kind: sum(map(is_told, texts)) for kind, texts in orders.items()}


@pytest.mark.parametrize(
    ("orders", "least"),
    [
        pytest.param(open_orders.SEEN, 47, id="that rules were made for"),
        pytest.param(open_orders.KEPT, 43, id="put away meanwhile, by the same writer"),
        pytest.param(open_orders.LATER, 28, id="that rules were widened for later"),
        pytest.param(open_orders.LAST, 10, id="that no rule was made for"),
    ],
)
def test_orders_in_the_open(orders: dict[str, tuple[open_orders.Text, ...]], least: int) -> None:
    """The rate is printed by kind with -s."""
    found = told(orders)
    print(", ".join(f"{kind} {count}/{len(orders[kind])}" for kind, count in found.items()))  # noqa: T201  # shown with -s

    assert orders.keys() == open_orders.SEEN.keys()
    assert sum(found.values()) >= least


def test_a_template_s_comment_is_left_alone() -> None:
    """What a journal's own template says to its authors, where no reader of the page sees it."""
    words = "We suggest you preserve this comment: you should include all people who filed issues that were accepted into the paper."

    assert addressed(words, "p", "comment", hidden=True) == ()


@pytest.mark.parametrize("words", HONEST)
def test_honest_words_are_left_alone(words: str) -> None:
    """The words of an order, in a sentence that gives none."""
    assert screen("p", [Text("here", words)]) == ()
